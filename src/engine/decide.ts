import { withUntested } from '../core/checks/auto-mode.ts';
import type { Observed } from '../core/observed/observed.ts';
import type { Problem } from '../core/model/problem.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Change } from './change.ts';
import { pauseBefore } from './pause.ts';
import { observe } from './observe.ts';
import { recheck } from './recheck.ts';
import { rehearse } from './rehearse.ts';
import { stopIfInterrupted, type World } from './world.ts';

/** A plan with the observation that it was made from. */
export interface Decision {
  readonly observed: Observed;
  readonly plan: Plan;
  /** Whether the Service that the plan depends on was as it was, when the plan was rehearsed. */
  readonly rechecked?: Problem | 'same';
}

/**
 * Observes, plans, and weighs what the servers would make of it. What time may cure (a rollout) is
 * waited out first, bounded, unless this is a dry run; what is then still there counts. Only reads
 * and dry runs are sent. Raises Interrupted.
 */
export async function decide(world: World, change: Change): Promise<Decision> {
  const before = await observe(world, change.wants);
  const decision = await weigh(world, change, before, false);
  const { plan } = decision;
  if (change.dryRun || plan.blockers.length > 0 || plan.settling.length === 0) return decision;
  const { observed, settled } = await settle(world, change, decision);
  return weigh(world, change, observed, settled);
}

/** Plans from an observation, and weighs what the servers would make of the plan. Raises Interrupted. */
export async function weigh(
  world: World,
  change: Change,
  observed: Observed,
  settled: boolean,
): Promise<Decision> {
  const plan = change.plan(observed, settled);
  const decided = (judged: Plan): Decision => ({ observed, plan: withUntested(observed, judged) });
  if (plan.blockers.length > 0 || plan.rehearsals.length === 0) return decided(plan);
  // Together: one after the other would be one more round trip before the first write.
  const [echoes, rechecked] = await Promise.all([
    rehearse(world, observed, plan.rehearsals),
    change.dryRun ? ('same' as const) : recheck(world, change, observed, plan),
  ]);
  return { ...decided(change.judge(plan, observed, echoes)), rechecked };
}

/** Waits until nothing is left to settle; `settled` is true when the time ran out before. */
async function settle(
  world: World,
  change: Change,
  first: Decision,
): Promise<{ readonly observed: Observed; readonly settled: boolean }> {
  const end = world.now() + change.settleMs;
  let { observed, plan } = first;
  for (let n = 1; plan.settling.length > 0 && plan.blockers.length === 0; n += 1) {
    const leftMs = end - world.now();
    if (leftMs <= 0) return { observed, settled: true };
    world.emit({ kind: 'settling', problems: plan.settling, leftMs });
    await world.sleep(pauseBefore(world, n, leftMs), world.signal);
    stopIfInterrupted(world);
    observed = await observe(world, change.wants, observed);
    plan = change.plan(observed, false);
  }
  return { observed, settled: false };
}
