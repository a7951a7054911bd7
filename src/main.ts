import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommanderError } from '@commander-js/extra-typings';
import { buildProgram } from './cli.ts';
import { formatIn, usageProblem } from './cli/errors.ts';
import { wordsFor } from './cli/traffic-words.ts';
import { type ExitCode, type Problem, ProblemError } from './core/model/problem.ts';
import type { Io } from './io.ts';
import type { RunFlags } from './output/hint-text.ts';

/**
 * Runs one command line (without node and the script) and gives its exit code. The only top-level
 * catch: a ProblemError ends with its own code, a signal with 130 or 143, all else is a defect.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const name = io.programName ?? 'nlbmc';
  let code: number | undefined;
  const program = buildProgram(io, readVersion(), (end) => {
    code = end;
  });
  let connection: RunFlags = { programName: name };
  program.hook('preAction', (_, action) => {
    connection = { ...(action.opts() as RunFlags), programName: name };
  });
  const fail = (problem: Problem, exit: ExitCode) => tell(problem, exit, argv, io, connection);
  try {
    await program.parseAsync([...wordsFor(argv)], { from: 'user' });
    return code ?? 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      const problem = usageProblem(error, argv, name);
      return problem ? fail(problem, 2) : 0;
    }
    if (io.signal?.aborted) {
      const exit = io.signal.reason === 'SIGTERM' ? 143 : 130;
      const message = 'Interrupted before anything was written.';
      return fail({ code: 'interrupted', message }, exit);
    }
    if (error instanceof ProblemError) return fail(error.problem, error.exit);
    return fail(defect(error), 1);
  }
}

function defect(error: unknown): Problem {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: 'defect',
    message: 'This is a defect in nlbmc, not in your clusters.',
    hint: 'Please report it with the lines above and the command you typed.',
    details: stack.split('\n'),
  };
}

/** Tells why a command ended without a report of its own, in the format that was asked for. */
async function tell(
  problem: Problem,
  exit: ExitCode,
  argv: readonly string[],
  io: Io,
  connection: RunFlags,
): Promise<number> {
  const { tellFailure } = await import('./output/failure.ts');
  await tellFailure(problem, exit, {
    command: argv[0] ?? '',
    format: formatIn(argv),
    io,
    run: connection,
  });
  return exit;
}

/** The entry of bin/nlbmc.js: the real streams, clock and signals. Node ends by itself afterwards. */
export async function main(): Promise<void> {
  const script = basename(process.argv[1] ?? '');
  // Installed as kubectl-nlbmc (krew does that), people call it `kubectl nlbmc`.
  const programName = script.startsWith('kubectl-') ? 'kubectl nlbmc' : 'nlbmc';
  process.exitCode = await run(process.argv.slice(2), processIo(programName));
}

/** This file lies one level below package.json as a source and in the bundle, and must stay there. */
function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/**
 * The real world: streams of this process, its clock, and its signals as an AbortSignal. The first
 * SIGINT or SIGTERM lets the command end in order; a second one ends it as if nobody listened.
 */
function processIo(programName: string): Io {
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => interrupt.abort(name));
  }
  // `nlbmc show … | head` closes our stdout early: that is the reader's right, and no defect.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: {
      // Asked for only where it matters: opening the stream takes a moment.
      get isTTY() {
        return process.stdin.isTTY;
      },
      question,
      readAll,
    },
    env: process.env,
    now: () => Date.now(),
    sleep: async (ms, signal) => {
      await sleep(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
        if (!signal?.aborted) throw error;
      });
    },
    signal: interrupt.signal,
    programName,
  };
}

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
    });
    return await Promise.race([lines.question(prompt, signal ? { signal } : {}), ended]);
  } finally {
    lines.close();
  }
}
