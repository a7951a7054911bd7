import { spawn } from 'node:child_process';

/** Time limit for one credential: a person may have to log in with a browser, a machine does not. */
export const patienceMs = { person: 300_000, machine: 60_000 } as const;

/** After this a person is told what is waited for. */
export const silentMs = 1_000;
/** Between asking a helper to end and ending it. */
const graceMs = 500;

export type HelperEnd =
  | {
      readonly kind: 'ended';
      readonly code: number | null;
      readonly stdout: string;
      readonly stderr: string;
    }
  | { readonly kind: 'not-started'; readonly cause: string }
  | { readonly kind: 'late'; readonly afterMs: number; readonly stderr: string }
  | { readonly kind: 'interrupted' };

/**
 * Runs a program that makes a credential, without a shell, and waits for it no longer than
 * `patienceMs`. It gets a process group of its own, so that what it has started ends with it; only
 * one that asks at the terminal stays in ours, or it could not read from it. Never rejects.
 */
export function runHelper(
  words: readonly string[],
  o: {
    readonly env: NodeJS.ProcessEnv;
    readonly interactive: boolean;
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number;
    /** Told once it takes longer than a moment. */
    readonly onWait?: (mostMs: number) => void;
  },
): Promise<HelperEnd> {
  const [program = '', ...args] = words;
  const mostMs = o.timeoutMs ?? (o.interactive ? patienceMs.person : patienceMs.machine);
  return new Promise((resolve) => {
    if (o.signal?.aborted) return resolve({ kind: 'interrupted' });
    let stdout = '';
    let stderr = '';
    // Where a person sits, questions and login addresses on stderr must be seen as they come.
    const child = spawn(program, args, {
      env: o.env,
      detached: !o.interactive,
      stdio: o.interactive ? ['inherit', 'pipe', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    const send = (signal: NodeJS.Signals): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(o.interactive ? child.pid : -child.pid, signal);
      } catch {
        // It has ended meanwhile.
      }
    };
    const end = (how: HelperEnd): void => {
      clearTimeout(late);
      clearTimeout(wait);
      o.signal?.removeEventListener('abort', onAbort);
      resolve(how);
    };
    let stopped: HelperEnd | undefined;
    const stop = (how: HelperEnd): void => {
      stopped = how;
      send('SIGTERM');
      setTimeout(() => {
        send('SIGKILL');
        // What it has started may hold the pipes open.
        child.stdout?.destroy();
        child.stderr?.destroy();
        child.unref();
        end(how);
      }, graceMs);
    };
    const onAbort = (): void => stop({ kind: 'interrupted' });
    const late = setTimeout(() => stop({ kind: 'late', afterMs: mostMs, stderr }), mostMs);
    const wait = setTimeout(() => o.onWait?.(mostMs), silentMs);
    o.signal?.addEventListener('abort', onAbort, { once: true });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      end({
        kind: 'not-started',
        cause: code === 'ENOENT' ? 'there is no such program in PATH' : message,
      });
    });
    child.on('close', (code) => {
      // What it has started may have closed its pipes, and live on.
      if (stopped) send('SIGKILL');
      end(stopped ?? { kind: 'ended', code, stdout, stderr });
    });
  });
}
