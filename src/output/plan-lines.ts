import { isWrite, type Plan } from '../core/plan/plan.ts';
import { capacityLines } from './capacity-lines.ts';
import { goalText } from './goal-text.ts';
import { laterCount, laterLines } from './later-lines.ts';
import { problemLines } from './problem-lines.ts';
import { phaseLines } from './phase-lines.ts';
import { stepDetails, stepLines } from './step-lines.ts';
import { rightLines } from './step-rights.ts';
import type { Style } from './style.ts';
import { indent } from './table.ts';

const counted = (n: number): string => (n === 1 ? '1 change' : `${n} changes`);

/** A plan for people, so that it can be read to an operator before anything is done. */
export function planLines(plan: Plan, style: Style): string[] {
  const steps = plan.steps.flatMap((step, index) => {
    const lead = `${index + 1}.`;
    return [
      ...phaseLines(step, plan.steps[index - 1], style),
      ...stepLines(step, style, lead),
      ...indent(rightLines(step, plan), lead.length + 1),
      ...laterLines(plan, step, style, (one) => [...stepDetails(one), ...rightLines(one, plan)]),
    ];
  });
  const writes = plan.steps.filter(isWrite).length;
  const later = laterCount(plan);
  const more = later > 0 ? `, ${later} more when these have taken effect` : '';
  // What a step before waits for already is not said twice.
  const said = new Set(
    plan.steps.flatMap((step) => (step.kind === 'wait' ? step.goals.map(goalText) : [])),
  );
  const waits = plan.goals
    .map(goalText)
    .filter((text) => !said.has(text))
    .map((text) => `${style.glyph.item} ${text}`);
  return [
    style.paint(
      'strong',
      writes === 0 ? 'Plan: nothing to change.' : `Plan: ${counted(writes)}${more}`,
    ),
    ...indent(steps),
    ...capacityLines(plan.capacity ?? [], style),
    ...(plan.settling.length > 0 ? ['First wait until this has settled (bounded):'] : []),
    ...indent(plan.settling.flatMap((problem) => problemLines(problem, style, 'warn', 'settling'))),
    ...(waits.length > 0 ? ['Then wait until'] : []),
    ...indent(waits),
    ...(plan.leftOut ?? []).flatMap(({ cluster, problems }) => [
      `${cluster} takes no part:`,
      ...indent(problems.flatMap((problem) => problemLines(problem, style, 'bad'))),
    ]),
    ...(plan.unmended ?? []).flatMap((problem) =>
      problemLines(problem, style, 'warn', 'not repaired'),
    ),
  ];
}
