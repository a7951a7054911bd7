import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { inside } from './environment.ts';
import { SandboxUsageError } from './usage-error.ts';

/** What the command is given of the world outside. */
export interface Outside {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts with the name of the signal as its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a program (no shell) with the sandbox's environment and our own streams. Resolves to its
 * exit code, 128 + N after signal N. Signals that reach us are handed on, and its end awaited.
 * Raises SandboxUsageError when the program cannot be started.
 */
export function runInside(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  outside: Outside,
): Promise<number> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: inside(outside.env, env) });
    const handOn = (): void => {
      const name: NodeJS.Signals = outside.signal?.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
      // A terminal sends Ctrl-C to every process in front of it: the child has it already, and two
      // of them make many programs drop what they hold.
      if (name === 'SIGINT' && [0, 1, 2].some((stream) => isatty(stream))) return;
      child.kill(name);
    };
    outside.signal?.addEventListener('abort', handOn, { once: true });
    child.on('error', (error: NodeJS.ErrnoException) => {
      outside.signal?.removeEventListener('abort', handOn);
      const why =
        error.code === 'ENOENT' ? 'was not found' : `could not be started: ${error.message}`;
      reject(
        new SandboxUsageError(
          `The program ${program} ${why}.`,
          'What follows -- is run without a shell.',
        ),
      );
    });
    child.on('exit', (code, signal) => {
      outside.signal?.removeEventListener('abort', handOn);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}
