/** Where a command's result (stdout) or progress (stderr) goes. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Where answers to questions come from. */
export interface Input {
  readonly isTTY?: boolean;
  /** Shows `prompt` on stderr and gives one line, without its end; rejects when the input ends. */
  question(prompt: string, signal?: AbortSignal): Promise<string>;
  /** Everything up to the end of the input, for a file named `-`. */
  readAll(): Promise<string>;
}

/**
 * Everything a run needs from the world it is started in, and the only seam for tests: streams,
 * environment and clock. `signal` aborts with the name of the signal as its reason.
 */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`, or as soon as `signal` aborts: the caller checks the signal. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** From 0 up to 1, for pauses that differ from run to run; tests leave it out. */
  random?(): number;
  readonly signal?: AbortSignal;
  /** How the person calls the program, for help and hints: `nlbmc` or `kubectl nlbmc`. */
  readonly programName?: string;
}
