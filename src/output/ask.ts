import { advice } from '../core/model/hint.ts';
import { type Problem, ProblemError } from '../core/model/problem.ts';
import type { Io } from '../io.ts';
import { problemLines } from './problem-lines.ts';
import type { Style } from './style.ts';
import { printed } from './wrap.ts';

/** What the command line says about questions. */
export interface Answers {
  /** `--yes`: answers questions, but no caution marked grave. */
  readonly yes: boolean;
  /** `--accept CODE`: codes of cautions accepted by name. */
  readonly accept: readonly string[];
  /** False with `--no-input`: never ask. */
  readonly input: boolean;
  /** Ask even when there is no caution: what is about to be done takes something away. */
  readonly always: boolean;
}

/** Cautions that the command line has not answered yet. */
export const openCautions = (cautions: readonly Problem[], answers: Answers): readonly Problem[] =>
  cautions.filter(
    ({ code, grave }) => !answers.accept.includes(code) && !(answers.yes && grave !== true),
  );

/**
 * Asks a person about the cautions that are open; true when there are none (and the command does not
 * always ask), or the answer is yes. `told`: the cautions were just shown, with the plan.
 * Raises `not-a-terminal` (exit 2) where no person can be asked: a question that cannot be shown is
 * no yes. An input that ends is a no.
 */
export async function confirm(
  cautions: readonly Problem[],
  answers: Answers,
  io: Io,
  style: Style,
  told = false,
): Promise<boolean> {
  const open = openCautions(cautions, answers);
  if (open.length === 0 && (answers.yes || !answers.always)) return true;
  if (!answers.input || !io.stdin.isTTY || !io.stderr.isTTY)
    throw cannotAsk(open, answers.always && !answers.yes);
  const lines = told ? [] : open.flatMap((problem) => problemLines(problem, style, 'warn'));
  if (lines.length > 0) io.stderr.write(printed(lines, style.columns));
  const answer = await io.stdin.question('Continue? [y/N] ', io.signal).catch(() => {
    // Enter was not pressed: what comes next begins a line of its own.
    io.stderr.write('\n');
    return '';
  });
  return /^y(es)?$/i.test(answer.trim());
}

function cannotAsk(open: readonly Problem[], always: boolean): ProblemError {
  const grave = open.filter((problem) => problem.grave);
  const flags = [
    ...(open.length > grave.length || always ? ['--yes'] : []),
    ...grave.map(({ code }) => `--accept ${code}`),
  ];
  return new ProblemError({
    code: 'not-a-terminal',
    message: 'A question needs an answer, but there is no terminal. Nothing was written.',
    details: open.map((problem) => `${problem.code}: ${problem.message}`),
    hints: [
      advice(`Run it in a terminal, or answer with ${flags.join(' ')}.`),
      ...new Map(
        open.flatMap(({ hints = [] }) => hints.map((hint) => [JSON.stringify(hint), hint])),
      ).values(),
    ],
  });
}
