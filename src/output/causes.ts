import type { Hint } from '../core/model/hint.ts';
import type { Problem } from '../core/model/problem.ts';
import { hintText } from './hint-text.ts';
import { hintLine, problemLines } from './problem-lines.ts';
import type { Style } from './style.ts';
import { indent } from './table.ts';

/** Findings with one code that one command repairs. */
interface Cause {
  readonly problems: readonly [Problem, ...Problem[]];
  readonly hints: readonly Hint[];
}

/** How many findings of one cause are listed without -v. */
const MOST_LISTED = 6;

const firstHint = ({ hints }: Pick<Cause, 'hints'>, style: Style): string =>
  hints[0] ? hintText(hints[0], style.run).text : '';

function causesOf(problems: readonly Problem[], style: Style): readonly Cause[] {
  const causes = new Map<string, Cause>();
  for (const problem of problems) {
    const hints = problem.hints ?? [];
    const key = `${problem.code} ${firstHint({ hints }, style)}`;
    const before = causes.get(key);
    causes.set(key, {
      problems: before ? [...before.problems, problem] : [problem],
      hints: before?.hints ?? hints,
    });
  }
  return [...causes.values()];
}

/** The next thing to type, and below it what may be typed or accepted instead. */
const hintLines = ({ hints }: Cause, style: Style): string[] =>
  hints
    .filter((hint, n) => n === 0 || style.screen?.verbose || hint.kind !== 'tool')
    .map((hint, n) => hintLine(hint, style, n === 0 ? 'next' : 'or'));

function findingLines(
  { problems }: Cause,
  style: Style,
  tone: 'bad' | 'warn',
  word: string,
): string[] {
  const [first] = problems;
  if (problems.length === 1) return problemLines({ ...first, hints: [] }, style, tone, word);
  const left = style.screen?.verbose ? 0 : problems.length - MOST_LISTED;
  return [
    `${style.paint(tone, `${style.glyph[tone]} ${word}`)} ${problems.length} findings ${style.paint('dim', `(${first.code})`)}`,
    ...indent(
      [
        ...problems.slice(0, left > 1 ? MOST_LISTED : undefined).map(({ message }) => message),
        ...(left > 1 ? [`and ${left} more: -v lists them`] : []),
        ...new Set(problems.flatMap(({ details = [] }) => details)),
      ],
      4,
    ),
  ];
}

/** What is wrong, by cause, and what to type at the very end where one command is all there is. */
export interface Told {
  readonly lines: readonly string[];
  readonly next: readonly string[];
}

/**
 * Problems grouped by cause: each with its count, and one thing to type. Where all have the same
 * first hint it comes last, below the verdict; else each is printed with its cause.
 */
export function causeLines(
  problems: readonly Problem[],
  style: Style,
  tone: 'bad' | 'warn',
  wordFor: (problem: Problem) => string,
): Told {
  const causes = causesOf(problems, style);
  const distinct = new Set(causes.map((cause) => firstHint(cause, style)).filter(Boolean));
  const told = new Set<string>();
  const lines = causes.flatMap((cause) => {
    const found = findingLines(cause, style, tone, wordFor(cause.problems[0]));
    const hint = firstHint(cause, style);
    if (distinct.size < 2 || hint === '' || told.has(hint)) return found;
    told.add(hint);
    return [...found, ...indent(hintLines(cause, style), 4)];
  });
  const only = distinct.size === 1 ? causes.find((cause) => firstHint(cause, style)) : undefined;
  return { lines, next: only ? hintLines(only, style) : [] };
}
