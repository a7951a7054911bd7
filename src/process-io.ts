import { setMaxListeners } from 'node:events';
import { isatty } from 'node:tty';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Io, Output } from './io.ts';

/** Signals that end a command in order: Ctrl-C, a supervisor, the terminal that was closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The reader of a stream went away (a closed pipe, a closed terminal): its right, and no defect. */
const readerGone = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']);

/** The real world, and why the answer could not be written to stdout where it could not. */
export interface ProcessIo {
  readonly io: Io;
  /** Resolves once everything is written; gives the error of stdout, but for a reader that left. */
  readonly written: () => Promise<NodeJS.ErrnoException | undefined>;
}

/**
 * The streams of this process, its clock, and its signals as an AbortSignal. The first signal lets
 * the command end in order; a second one ends it as without a handler. A stream that cannot be
 * written to any more never ends a command: what was begun is finished.
 */
export function processIo(programName: string): ProcessIo {
  let failure: NodeJS.ErrnoException | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!readerGone.has(error.code ?? '')) failure ??= error;
  });
  // There is nowhere left to tell of it.
  process.stderr.on('error', () => undefined);
  const io: Io = {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: {
      // Asked of the descriptor: opening the stream takes a moment, and fails for some.
      isTTY: isatty(0),
      question,
      readAll,
    },
    env: process.env,
    now: () => Date.now(),
    random: () => Math.random(),
    sleep: async (ms, signal) => {
      await sleep(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
        if (!signal?.aborted) throw error;
      });
    },
    signal: interruptSignal(),
    programName,
  };
  return {
    io,
    written: async () => {
      await flushed(process.stdout);
      return failure;
    },
  };
}

/**
 * Listeners stay until the second signal: signal-exit, which ora uses for the cursor, ends the
 * process by itself where there is no other listener (its `index.js`).
 */
function interruptSignal(): AbortSignal {
  const interrupt = new AbortController();
  setMaxListeners(0, interrupt.signal);
  const onSignal = (name: NodeJS.Signals): void => {
    if (!interrupt.signal.aborted) return interrupt.abort(name);
    for (const each of signals) process.off(each, onSignal);
    process.kill(process.pid, name);
  };
  for (const name of signals) process.on(name, onSignal);
  return interrupt.signal;
}

/** Errors of a stream come after `write` has returned: an empty write is answered behind them. */
const flushed = (stream: Output & NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.write('', () => setImmediate(resolve));
  });

async function readAll(): Promise<string> {
  const { text } = await import('node:stream/consumers');
  return text(process.stdin);
}

async function question(prompt: string, signal?: AbortSignal): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // readline takes Ctrl-C for itself while it reads a terminal: hand it on to the process.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const ended = new Promise<never>((_, reject) => {
      lines.once('close', () => reject(new Error('the input ended')));
      // A terminal that was closed under it.
      process.stdin.once('error', reject);
    });
    return await Promise.race([lines.question(prompt, signal ? { signal } : {}), ended]);
  } finally {
    lines.close();
  }
}
