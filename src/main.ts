import { advice } from './core/model/hint.ts';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CommanderError } from '@commander-js/extra-typings';
import { buildProgram } from './cli.ts';
import { commandNames, formatIn, usageProblem } from './cli/errors.ts';
import { wordsFor } from './cli/traffic-words.ts';
import { exitOfSignal } from './core/plan/exit.ts';
import { type ExitCode, type Problem, ProblemError } from './core/model/problem.ts';
import type { Io } from './io.ts';
import type { RunFlags } from './output/hint-text.ts';
import { processIo } from './process-io.ts';

/**
 * Runs one command line (without node and the script) and gives its exit code. The only top-level
 * catch: a ProblemError ends with its own code, a signal with 130, 143 or 129, all else is a defect.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const name = io.programName ?? 'nlbmc';
  let code: number | undefined;
  const program = buildProgram(
    io,
    versions(),
    (end) => {
      code = end;
    },
    argv[0],
  );
  let connection: RunFlags = { programName: name };
  program.hook('preAction', (_, action) => {
    connection = { ...(action.opts() as RunFlags), programName: name };
  });
  const fail = (problem: Problem, exit: ExitCode) =>
    tell(problem, exit, argv, io, connection, commandNames(program));
  try {
    await program.parseAsync([...wordsFor(argv)], { from: 'user' });
    return code ?? 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      const problem = usageProblem(error, argv, program);
      return problem ? fail(problem, 2) : 0;
    }
    if (io.signal?.aborted) {
      const message = `The command was stopped by ${String(io.signal.reason)}. Nothing was written.`;
      const hints = [advice('Run the same command again.')];
      return fail({ code: 'interrupted', message, hints }, exitOfSignal(io.signal));
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
    hints: [advice('Please report it with the lines above and the command you typed.')],
    details: stack.split('\n'),
  };
}

/** Prints why a command ended without a report of its own, in the format of the command line. */
async function tell(
  problem: Problem,
  exit: ExitCode,
  argv: readonly string[],
  io: Io,
  connection: RunFlags,
  commands: readonly string[],
): Promise<number> {
  const { tellFailure } = await import('./output/failure.ts');
  await tellFailure(problem, exit, {
    command: argv.find((word) => commands.includes(word)) ?? argv[0] ?? '',
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
  const { io, written } = processIo(programName);
  const argv = process.argv.slice(2);
  // Node also ends where nothing is left that could answer; that is no result, least of all a good one.
  process.exitCode = 1;
  let code: number | undefined;
  process.once('exit', () => {
    if (code === undefined)
      io.stderr.write('nlbmc ended without a result. This is a defect in nlbmc.\n');
  });
  code = await run(argv, io);
  const failure = await written();
  if (failure) io.stderr.write(`The answer could not be written to stdout: ${failure.message}.\n`);
  // A script that reads only the exit code would treat a lost result as a printed one.
  process.exitCode = failure && code === 0 ? 7 : code;
}

/** This file lies one level below package.json as a source and in the bundle, and must stay there. */
function versions(): { readonly nlbmc: string; readonly node: string } {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return { nlbmc: version, node: process.versions.node };
}
