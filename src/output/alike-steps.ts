import { grouped } from '../core/model/grouped.ts';
import type { Goal } from '../core/plan/goal.ts';
import type { Plan, Step, WriteStep } from '../core/plan/plan.ts';

/** A step of one cluster, or the same step of several. */
export interface Alike {
  readonly first: Step;
  readonly steps: readonly Step[];
}

/** How many clusters may make the same step before it is told once for all of them. */
const MOST_ALONE = 3;

/** The goal without its cluster, for a step that many clusters make. */
const anywhere = (goal: Goal): Goal =>
  'cluster' in goal && goal.cluster !== undefined ? { ...goal, cluster: 'that cluster' } : goal;

/** What a handover does in AWS it does in no cluster. */
const isOfNoCluster = (
  step: WriteStep,
): step is Extract<
  WriteStep,
  { kind: 'write-tags' | 'create-placeholder' | 'delete-target-group' }
> => ['write-tags', 'create-placeholder', 'delete-target-group'].includes(step.kind);

/** The step as it would be for any cluster. */
export const inAnyCluster = (step: Step, cluster: string): Step =>
  step.kind === 'wait'
    ? { ...step, cluster, goals: step.goals.map(anywhere) }
    : isOfNoCluster(step)
      ? step
      : { ...step, cluster };

/**
 * The steps of a plan to be read: what several clusters do side by side is one, where `keyOf` gives the
 * same. Others are one by one, in their order.
 */
export function alikeSteps(
  { steps, sideBySide = [] }: Plan,
  keyOf: (step: Step) => string,
): readonly Alike[] {
  const alone = (step: Step): Alike => ({ first: step, steps: [step] });
  if (sideBySide.length <= MOST_ALONE) return steps.map(alone);
  const isApart = ({ cluster }: Step): boolean => sideBySide.includes(cluster ?? '');
  const groups = grouped(
    steps.map((step, n) => ({ step, key: isApart(step) ? keyOf(step) : String(n) })),
    ({ key }) => key,
  );
  return [...groups.values()].flatMap((group) => {
    const same = group.map(({ step }) => step);
    const [first] = same;
    return first ? [{ first, steps: same }] : [];
  });
}
