import type { Report } from '../core/plan/report.ts';
import { capacityLines } from './capacity-lines.ts';
import { echoLines } from './echo-lines.ts';
import { progressLine } from './goal-text.ts';
import { planLines } from './plan-lines.ts';
import { hintLine, problemLines } from './problem-lines.ts';
import { stepDetails, stepTitle } from './step-lines.ts';
import { toneOf, wordFor } from './report-words.ts';
import type { Style } from './style.ts';
import { indent } from './table.ts';
import { trafficLines } from './traffic-lines.ts';
import { verdictLines } from './verdict-lines.ts';
import { visible } from './visible.ts';

/** The last line of every human answer: the verdict in words, and the exit code. */
export const resultLine = (report: Report, style: Style): string =>
  `Result: ${style.paint(toneOf(report.exit), report.result)}. ${report.message}  exit ${report.exit}`;

function writeLines(report: Report, style: Style): string[] {
  return report.writes.flatMap((write) => [
    `${style.paint('good', `${style.glyph.good} done`)} ${stepTitle(write.step)} at ${write.at}`,
    ...indent(stepDetails(write.step), 4),
    ...indent([hintLine(write.undo, style, 'undo')], 4),
  ]);
}

/** A report for people: what was acted on, what was done, how far it came, what is wrong, the end. */
export function reportLines(raw: Report, style: Style): string[] {
  const report = visible(raw);
  const blocks: string[][] = [];
  if (!report.verdict || report.plan) {
    if (report.clusters.length > 0) blocks.push(echoLines(report.clusters, style));
    const pending = report.plan && report.writes.length === 0 && report.plan.steps.length > 0;
    if (report.plan && pending) blocks.push(planLines(report.plan, style));
    else if (report.exit === 5) blocks.push(capacityLines(report.plan?.capacity ?? [], style));
    blocks.push(writeLines(report, style));
    blocks.push(report.progress.map((progress) => progressLine(progress, style)));
    if (!report.verdict) {
      blocks.push(
        report.problems.flatMap((problem) =>
          problemLines(problem, style, 'bad', wordFor(report, problem)),
        ),
      );
    }
  }
  if (report.verdict) blocks.push(...verdictLines(report.verdict, style));
  if (report.traffic) blocks.push(...trafficLines(report.traffic, style));
  blocks.push(report.cautions.flatMap((problem) => problemLines(problem, style, 'warn')));
  blocks.push(
    (report.notes ?? []).flatMap((problem) => problemLines(problem, style, 'dim', 'note')),
  );
  blocks.push(report.skips.flatMap((problem) => problemLines(problem, style, 'dim')));
  blocks.push([
    resultLine(report, style),
    ...(report.next === undefined ? [] : [hintLine(report.next, style)]),
  ]);
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, n) => (n > 0 ? ['', ...block] : block));
}
