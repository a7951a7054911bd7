import type { Event } from '../core/plan/event.ts';
import type { Problem } from '../core/model/problem.ts';
import type { WriteStep } from '../core/plan/plan.ts';
import type { Report } from '../core/plan/report.ts';
import { capacityLines } from './capacity-lines.ts';
import { causeLines } from './causes.ts';
import { headingLines } from './heading-lines.ts';
import { hintText } from './hint-text.ts';
import { inOneRun } from '../core/model/nlbmc-hints.ts';
import { hintLine, problemLines } from './problem-lines.ts';
import { toneOf, wordFor } from './report-words.ts';
import { shortProgress } from './short-goals.ts';
import { shortPlan, stepDone } from './short-steps.ts';
import type { Style } from './style.ts';
import { trafficLines } from './traffic-lines.ts';
import { shortVerdict } from './short-verdict.ts';
import { balancerLines } from './verdict-lines.ts';
import { visible } from './visible.ts';
import { unbroken, widthOf, wrapped } from './wrap.ts';

/** What the progress has shown already, on the same terminal. */
export type ToldEvents = ReadonlySet<Event['kind']>;

/** Widest that the exit code is put to the right of the verdict. */
const WIDEST = 80;

/** The verdict in words, and the exit code at the right of its first line. */
function resultLines({ result, message, exit }: Report, style: Style): string[] {
  const code = `exit ${exit}`;
  const width = Math.min(style.columns ?? WIDEST, WIDEST) - code.length - 2;
  const text = `${style.paint(toneOf(exit), result)}: ${message}`;
  const [first = '', ...more] = wrapped([text], width);
  const gap = ' '.repeat(Math.max(0, width - widthOf(first)) + 2);
  return [unbroken(`${first}${gap}${code}`), ...more];
}

/** The time of day of an instant, in UTC. */
export const timeOfDay = (at: string): string => `${at.slice(11, 19)}Z`;

/** A step that was made, with the time; with its cluster where several make the same step (`apart`). */
export function doneLine(step: WriteStep, at: string, style: Style, apart = false): string {
  const where = apart && step.cluster !== undefined ? ` in ${step.cluster}` : '';
  return `${style.paint('good', `${style.glyph.good} ${stepDone(step)}${where}`)}  ${style.paint('dim', timeOfDay(at))}`;
}

/**
 * The undo commands: equal ones once, those of several clusters as one where one run does them, and what
 * was done last is undone first.
 */
function undoLines({ writes }: Report, style: Style): string[] {
  const undo = new Map(
    writes.toReversed().map((write) => [hintText(write.undo, style.run).text, write.undo]),
  );
  return inOneRun([...undo.values()]).map((hint) => hintLine(hint, style, 'undo'));
}

function changeLines(report: Report, style: Style, told: ToldEvents): string[] {
  const { plan, writes, clusters, exit } = report;
  const heading = told.has('targets-of-write') ? [] : headingLines(clusters, style);
  const steps = plan && plan.steps.length > 0 && !told.has('planned') ? shortPlan(plan, style) : [];
  const apart = (plan?.sideBySide?.length ?? 0) > 1;
  const done = told.has('wrote')
    ? []
    : writes.map(({ step, at }) => doneLine(step, at, style, apart));
  return [
    ...heading,
    ...(exit === 5 && !told.has('planned') ? capacityLines(plan?.capacity ?? [], style) : []),
    ...(exit === 5 ? [] : steps),
    ...done,
    ...shortProgress(report.progress, style),
  ];
}

/**
 * The result for a terminal that showed the progress, too: only what is new, by cause, with the
 * verdict at the end and below it what to type.
 */
export function screenLines(raw: Report, style: Style, told: ToldEvents): string[] {
  const report = visible(raw);
  const { verdict, problems, traffic, next } = report;
  const word = (problem: Problem): string => wordFor(report, problem);
  const own = verdict ? shortVerdict(verdict, style) : causeLines(problems, style, 'bad', word);
  return [
    ...(verdict && !report.plan
      ? [...headingLines(report.clusters, style), ...balancerLines(verdict, style)]
      : changeLines(report, style, told)),
    ...own.lines,
    ...(traffic ? trafficLines(traffic, style).flat() : []),
    ...(told.has('planned')
      ? []
      : causeLines(report.cautions, style, 'warn', () => 'caution').lines),
    ...(report.notes ?? []).flatMap((problem) => problemLines(problem, style, 'dim', 'note')),
    ...report.skips.flatMap((problem) => problemLines(problem, style, 'dim')),
    ...resultLines(report, style),
    ...(own.next.length > 0 ? own.next : next === undefined ? [] : [hintLine(next, style)]),
    ...undoLines(report, style),
  ];
}
