import { run } from '../../src/main.ts';
import type { Io, Output } from '../../src/io.ts';
import { VirtualClock } from '../../src/sandbox/time/clock.ts';
import { inside } from '../../src/sandbox/environment.ts';
import { worldInProcess } from './in-process.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/server.ts';

/** What a run leaves behind. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Whether stdin and stderr are a terminal. */
  readonly terminal?: boolean;
  /** One terminal for what goes to stdout and stderr, instead of two streams that can be told apart. */
  readonly screen?: Output;
  /** Answers to questions, in their order; the input ends after them. */
  readonly answers?: readonly string[];
  /** Another build of the program than the one of these sources. */
  readonly program?: typeof run;
  /** What stdin holds, where a command reads all of it. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Called when a question is shown, before it is answered. */
  readonly onQuestion?: () => void;
  /** Called, and waited for, at each pause, before time moves on. */
  readonly onSleep?: (ms: number) => unknown;
  /** For texts that show a wait: it looks as often as for a person, and not only a few times. */
  readonly everyLook?: boolean;
  /** What Kubernetes tells ends a pause early; for a world in process with watches. */
  readonly watches?: boolean;
}

/**
 * How long the pauses of a wait last in the end, as on a machine that is busy or was asleep: those of `longMs`
 * and more, after the first `exact` of them. So a drain is five looks; a pause before a retry is shorter.
 */
const FEW_LOOKS = { longMs: 2_500, exact: 0, oversleptMs: 90_000 };
const EVERY_LOOK = { longMs: 3_000, exact: 16, oversleptMs: 45_000 };

/**
 * A practice world on loopback whose clock stands still until something here moves it. With `tls` its
 * API servers speak TLS: for programs that send no credentials without it, and for texts that show
 * addresses. This process asks without sockets.
 */
export async function startPractice({
  tls = false,
  ...o
}: Pick<SandboxOptions, 'clusters' | 'scenario'> & { readonly tls?: boolean } = {}): Promise<
  Sandbox & { readonly clock: VirtualClock }
> {
  const clock = new VirtualClock();
  const sandbox = await startSandbox({ ...o, clock, plainHttp: !tls });
  worldInProcess(sandbox);
  return { ...sandbox, clock };
}

/** A command line without `nlbmc`, as a person types it where nothing needs quoting. */
const words = (line: string | readonly string[]): readonly string[] =>
  typeof line === 'string' ? line.trim().split(/\s+/) : line;

/**
 * Runs nlbmc in this process against a practice world, on the world's own clock: a pause of the
 * program moves it. Requests go over HTTP; `sandbox.world.journal` has them all.
 */
export async function runNlbmc(
  sandbox: Sandbox,
  line: string | readonly string[],
  o: RunOptions = {},
): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const { clock } = sandbox.world;
  const answers = [...(o.answers ?? [])];
  const terminal = o.terminal ?? false;
  const { longMs, exact, oversleptMs } = o.everyLook ? EVERY_LOOK : FEW_LOOKS;
  let pauses = 0;
  const io: Io = {
    stdout: o.screen ?? { write: (text) => (stdout += text) },
    // A terminal that redraws nothing: what is asked stays readable.
    stderr: o.screen ?? { write: (text) => (stderr += text), isTTY: terminal },
    stdin: {
      isTTY: terminal,
      question: (prompt) => {
        stderr += prompt;
        o.onQuestion?.();
        const answer = answers.shift();
        return answer === undefined
          ? Promise.reject(new Error('the input ended'))
          : Promise.resolve(answer);
      },
      readAll: () => Promise.resolve(o.input ?? ''),
    },
    env: {
      ...inside(
        { HOME: sandbox.dir, LANG: 'C.UTF-8', TERM: o.screen ? 'xterm' : 'dumb' },
        sandbox.env,
      ),
      ...o.env,
    },
    now: () => clock.date().getTime(),
    sleep: async (ms, signal) => {
      await o.onSleep?.(ms);
      if (o.watches) return passing(clock, ms, signal);
      if (ms >= longMs) pauses += 1;
      const oversleeps = ms >= longMs && pauses > exact;
      if (!o.signal?.aborted) clock.advance(oversleeps ? oversleptMs : ms);
    },
    ...(o.signal ? { signal: o.signal } : {}),
  };
  const code = await (o.program ?? run)(words(line), io);
  return { code, stdout, stderr };
}

/** Time passes in small steps, with room for what is told meanwhile, until the signal aborts. */
async function passing(clock: VirtualClock, ms: number, signal?: AbortSignal): Promise<void> {
  const end = clock.date().getTime() + ms;
  for (;;) {
    for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const leftMs = end - clock.date().getTime();
    if (leftMs <= 0 || signal?.aborted) return;
    clock.advance(Math.min(50, leftMs));
  }
}

/** Requests over HTTP that could change something, since entry `from` of the journal. */
export const writesSince = (sandbox: Sandbox, from: number) =>
  sandbox.world.journal.entries
    .slice(from)
    .filter((entry) => entry.source === 'http' && entry.mutating && !entry.dryRun);
