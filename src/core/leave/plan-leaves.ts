import type { LeaveIntent } from '../model/intent.ts';
import { ProblemError } from '../model/problem.ts';
import { targetKey } from '../model/target-key.ts';
import type { Observed } from '../observed/observed.ts';
import { partFor, partOf } from '../observed/part-of.ts';
import { undistinguished } from '../observed/same-cluster.ts';
import type { Plan } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import { type Part, sideBySide } from '../plan/side-by-side.ts';
import { planLeave, savedByRefusing } from './plan-leave.ts';

/** A cluster of which nothing tells the target groups any more stops only its own leave. */
function planOf(observed: Observed, intent: LeaveIntent): Plan {
  try {
    return planLeave(observed, intent);
  } catch (error) {
    if (error instanceof ProblemError) return refused([error.problem]);
    throw error;
  }
}

/**
 * The plans of clusters that are known to be different ones: one that may be the same as a cluster
 * before it stays out of it, as does one of which something is unread.
 */
function apart(
  observed: Observed,
  intents: readonly LeaveIntent[],
  plans: readonly Plan[],
): readonly Plan[] {
  const before: string[] = [];
  return plans.map((plan, index) => {
    const context = intents[index]?.context ?? '';
    if (plan.blockers.some(({ unread }) => unread)) return plan;
    const mixed = undistinguished(partOf(observed, [...before, context]).clusters);
    if (mixed.length > 0) return refused(mixed);
    before.push(context);
    return plan;
  });
}

/** Keys of the targets that leave with each plan, by target group. */
function goingWith(plans: readonly Plan[]): Readonly<Record<string, readonly string[]>> {
  const keys: Record<string, string[]> = {};
  for (const { targetGroupArn, leaving } of plans.flatMap(({ capacity = [] }) => capacity)) {
    (keys[targetGroupArn] ??= []).push(...leaving.map(targetKey));
  }
  return keys;
}

/**
 * Decides how several clusters leave, one plan for all: each as `planLeave` decides, and as if the
 * others had left, so that the floor holds when all of them are gone. `acceptRemoving` is the number
 * of targets that all their refusals save together. A cluster that cannot leave is left out of the
 * plan. Raises `target-groups-unnamed` (exit 2) where one cluster alone is named.
 */
export function planLeaves(observed: Observed, intents: readonly LeaveIntent[]): Plan {
  const [only] = intents;
  if (only && intents.length === 1) return planLeave(observed, only);
  const named = intents.map(({ context }) => context);
  const twins = undistinguished(partOf(observed, named).clusters).filter(({ unread }) => !unread);
  if (twins.length > 0) return refused(twins);
  const alone = apart(
    observed,
    intents,
    intents.map((intent) => planOf(partFor(observed, intent), intent)),
  );
  const together = intents.map((intent, index): LeaveIntent => ({
    ...intent,
    beside: goingWith(alone.filter((_, other) => other !== index)),
  }));
  const saved = together.map((intent, index) =>
    alone[index]?.capacity ? savedByRefusing(partFor(observed, intent), intent) : 0,
  );
  const total = saved.reduce((sum, n) => sum + n, 0);
  const parts = together.map((intent, index): Part => {
    const { acceptRemoving, ...asked } = intent;
    const own = saved[index] ?? 0;
    const accepts = acceptRemoving === total && own > 0 ? { acceptRemoving: own } : {};
    const unknown = alone[index]?.blockers.some(({ unread }) => unread) ? alone[index] : undefined;
    if (unknown) return { cluster: intent.context, plan: unknown };
    return {
      cluster: intent.context,
      plan: planOf(partFor(observed, intent), { ...asked, ...accepts }),
    };
  });
  return sideBySide(parts);
}
