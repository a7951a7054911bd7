import { advice } from '../core/model/hint.ts';
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { ProblemError } from '../core/model/problem.ts';

/**
 * Runs a program (no shell) and resolves to its exit code, 128 + N after signal N. Both its outputs
 * go to our stderr, since stdout is kept for one document; it may ask the person, who still has
 * stdin. Signals that reach us are handed on, and its end awaited. Raises `usage` when it cannot be
 * started.
 */
export function runCommand(
  words: readonly string[],
  o: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly signal?: AbortSignal;
  },
): Promise<number> {
  const [program = '', ...args] = words;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: [0, 2, 2], env: o.env });
    const handOn = (): void => {
      const name = (o.signal?.reason ?? 'SIGINT') as NodeJS.Signals;
      // A terminal sends Ctrl-C to every process in front of it: the child has it already, and two
      // of them make many programs drop what they hold.
      if (name === 'SIGINT' && [0, 1, 2].some((stream) => isatty(stream))) return;
      child.kill(name);
    };
    const listening = new AbortController();
    o.signal?.addEventListener('abort', handOn, { once: true, signal: listening.signal });
    child.on('error', (error: NodeJS.ErrnoException) => {
      listening.abort();
      const why =
        error.code === 'ENOENT' ? 'was not found' : `could not be started: ${error.message}`;
      reject(
        new ProblemError({
          code: 'usage',
          message: `The program ${program} ${why}.`,
          hints: [advice('The words after --during are run without a shell.')],
        }),
      );
    });
    child.on('exit', (code, signal) => {
      listening.abort();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}
