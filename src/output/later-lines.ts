import type { Later, Plan, ToldStep } from '../core/plan/plan.ts';
import { count } from '../core/model/words.ts';
import { phaseLines } from './phase-lines.ts';
import { stepTitle } from './step-lines.ts';
import type { Style } from './style.ts';
import { indent } from './table.ts';

/** How many changes are told that are planned later. */
export const laterCount = ({ later = [] }: Plan): number =>
  later.filter(({ kind }) => kind !== 'wait').length;

/** The last step of the phases, after which comes what is planned later: a `replace` goes on with the leave. */
const endOfPhases = ({ steps, later = [] }: Plan): ToldStep | undefined =>
  later.length > 0 ? (steps.findLast((step) => 'phase' in step) ?? steps.at(-1)) : undefined;

/**
 * Below the last step of a handover: what comes when the steps have taken effect, in its order. It has no
 * numbers, because it is planned again then. Below other steps: nothing.
 */
export function laterLines(
  plan: Plan,
  after: ToldStep,
  style: Style,
  below: (step: Later) => string[],
): string[] {
  const { later = [] } = plan;
  const [first] = later;
  if (!first || after !== endOfPhases(plan)) return [];
  const changes = count(laterCount(plan), 'more change');
  return [
    ...phaseLines(first, after, style),
    style.paint('strong', `${changes}, planned again when the steps above have taken effect:`),
    ...later.flatMap((step) => [
      `+ ${style.paint('strong', stepTitle(step))}`,
      ...indent(below(step), 4),
    ]),
  ];
}
