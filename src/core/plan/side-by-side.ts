import { eachOnce } from '../model/problem-key.ts';
import type { Problem } from '../model/problem.ts';
import type { Goal } from './goal.ts';
import type { LeftOut, Plan, Step } from './plan.ts';
import { refused } from './refused.ts';
import { toldBy } from './told.ts';

/** What one of several clusters is to do. */
export interface Part {
  readonly cluster: string;
  readonly plan: Plan;
}

const keyOf = (goal: Goal): string => JSON.stringify(goal);

/** Goals that several clusters share are one goal. */
const goalsOnce = (goals: readonly Goal[]): readonly Goal[] => [
  ...new Map(goals.map((goal) => [keyOf(goal), goal])).values(),
];

/** What was not checked, told of its cluster. */
const skipIn =
  (cluster: string) =>
  (skip: Problem): Problem =>
    skip.about?.cluster === undefined
      ? { ...skip, message: `${cluster}: ${skip.message}`, about: { ...skip.about, cluster } }
      : skip;

/** Steps and waits of one cluster, told apart from those of the others. */
const stepsOf = ({ cluster, plan }: Part): readonly Step[] =>
  plan.steps.map((step) => (step.kind === 'wait' ? { ...step, cluster } : step));

/**
 * One plan of several clusters' plans. A cluster whose plan is refused is left out, and the others
 * go on. The whole is refused where every cluster is. One cluster's plan alone stays what it is.
 */
export function sideBySide(parts: readonly Part[]): Plan {
  const [only] = parts;
  if (only && parts.length === 1) return only.plan;
  const going = parts.filter(({ plan }) => plan.blockers.length === 0);
  const out = parts.filter(({ plan }) => plan.blockers.length > 0);
  const skips = eachOnce(parts.flatMap(({ cluster, plan }) => plan.skips.map(skipIn(cluster))));
  if (going.length === 0) {
    return refused(eachOnce(out.flatMap(({ plan }) => plan.blockers)), skips);
  }
  const capacity = going.flatMap(({ plan }) => plan.capacity ?? []);
  return {
    steps: going.flatMap(stepsOf),
    documents: going.flatMap(({ plan }) => plan.documents),
    rehearsals: going.flatMap(({ plan }) => plan.rehearsals),
    goals: goalsOnce(going.flatMap(({ plan }) => plan.goals)),
    blockers: [],
    ...toldBy(going.map(({ plan }) => plan)),
    // Those of clusters that are left out, too.
    skips,
    sideBySide: going.map(({ cluster }) => cluster),
    ...(out.length > 0
      ? { leftOut: out.map(({ cluster, plan }) => ({ cluster, problems: plan.blockers })) }
      : {}),
    ...(capacity.length > 0 ? { capacity } : {}),
  };
}

/** The plan without the steps, rehearsals and goals of these clusters. */
const without = (plan: Plan, gone: readonly string[]): Plan => ({
  ...plan,
  steps: plan.steps.filter(({ cluster }) => !gone.includes(cluster ?? '')),
  rehearsals: plan.rehearsals.filter(
    (one) => !gone.includes(one.kind === 'step' ? one.step.cluster : one.cluster),
  ),
  goals: goalsWithout(plan.goals, gone),
  sideBySide: (plan.sideBySide ?? []).filter((cluster) => !gone.includes(cluster)),
});

/** Goals but for those of these clusters. */
export const goalsWithout = (goals: readonly Goal[], gone: readonly string[]): readonly Goal[] =>
  goals.filter((goal) => !('cluster' in goal && gone.includes(goal.cluster ?? '')));

/**
 * A plan after its rehearsals were judged: clusters whose rehearsals were refused are left out, and
 * the others go on. What is not about one of them refuses the whole plan.
 */
export function withoutRefused(plan: Plan, judged: Plan): Plan {
  const { sideBySide: contexts, leftOut = [] } = plan;
  if (!contexts || judged.blockers.length === 0) return judged;
  const by = (cluster: string): LeftOut => ({
    cluster,
    problems: judged.blockers.filter(({ about }) => about?.cluster === cluster),
  });
  const out = contexts.map(by).filter(({ problems }) => problems.length > 0);
  const told = out.flatMap(({ problems }) => problems);
  if (told.length < judged.blockers.length || out.length === contexts.length) {
    const earlier = leftOut.flatMap(({ problems }) => problems);
    return refused(eachOnce([...earlier, ...judged.blockers]), plan.skips);
  }
  const names = out.map(({ cluster }) => cluster);
  return { ...without(plan, names), leftOut: [...leftOut, ...out] };
}

/** Steps that are made one after another, or by several clusters side by side. */
export type Stretch =
  | { readonly kind: 'in-order'; readonly steps: readonly Step[] }
  | { readonly kind: 'side-by-side'; readonly lanes: readonly (readonly Step[])[] };

/** The steps of a plan in the order in which they are made: a lane for each cluster that does not wait for the others. */
export function stretchesOf({ steps, sideBySide: contexts = [] }: Plan): readonly Stretch[] {
  const stretches: Step[][] = [];
  const isApart = ({ cluster }: Step): boolean => contexts.includes(cluster ?? '');
  for (const step of steps) {
    const last = stretches.at(-1);
    if (last?.[0] && isApart(last[0]) === isApart(step)) last.push(step);
    else stretches.push([step]);
  }
  return stretches.map((stretch): Stretch => {
    if (!stretch[0] || !isApart(stretch[0])) return { kind: 'in-order', steps: stretch };
    const lanes = contexts.map((context) => stretch.filter(({ cluster }) => cluster === context));
    return { kind: 'side-by-side', lanes: lanes.filter((lane) => lane.length > 0) };
  });
}
