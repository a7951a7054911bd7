import type { Problem } from '../core/model/problem.ts';
import type { Step } from '../core/plan/plan.ts';
import { stretchesOf } from '../core/plan/side-by-side.ts';
import type { Progress } from '../core/plan/goal.ts';
import { apply } from './apply.ts';
import type { Change } from './change.ts';
import type { Decision } from './decide.ts';
import { type Run, waitFor } from './run.ts';
import { stopIfInterrupted, type World } from './world.ts';

/**
 * Times of an API server have whole seconds: a process that starts in the second in which an object was
 * written cannot be told from one that was there before.
 */
const SECOND_MS = 1000;

/** Why steps ended before their last one: a write failed, or a wait did not come to its end. */
type Stop =
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'replan' }
  | { readonly kind: 'not-reached'; readonly progress: readonly Progress[] };

/**
 * Makes the steps in their order until one fails; each counts from the moment it was confirmed. A
 * wait between them that does not come to its end ends it: what comes after depends on it. `replan`: a
 * wait came to its end, and the steps after it have to be planned again. Clusters
 * side by side end each by itself: what failed is in `run.failed`. Raises Interrupted.
 */
export async function makeSteps(
  world: World,
  change: Change,
  run: Run,
  { plan, observed }: Decision,
): Promise<Problem | 'not-reached' | 'replan' | undefined> {
  run.failed = [];
  const apart = (plan.sideBySide?.length ?? 0) > 1;
  const make = (steps: readonly Step[]) => inOrder(world, change, run, { steps, observed, apart });
  for (const stretch of stretchesOf(plan)) {
    if (stretch.kind === 'in-order') {
      const stop = await make(stretch.steps);
      if (stop) return stop.kind === 'failed' ? stop.problem : stop.kind;
      continue;
    }
    // All come to their end before an interruption of one is told: the others may have written.
    const ends = await Promise.allSettled(stretch.lanes.map(make));
    for (const [index, end] of ends.entries()) {
      if (end.status === 'rejected') throw end.reason;
      const cluster = stretch.lanes[index]?.[0]?.cluster ?? '';
      if (end.value?.kind === 'failed') run.failed.push({ cluster, problem: end.value.problem });
      if (end.value?.kind === 'not-reached') {
        run.failed.push({ cluster, progress: end.value.progress });
      }
    }
  }
  return undefined;
}

async function inOrder(
  world: World,
  change: Change,
  run: Run,
  {
    steps,
    observed,
    apart,
  }: Pick<Decision, 'observed'> & { readonly steps: readonly Step[]; readonly apart: boolean },
): Promise<Stop | undefined> {
  for (const step of steps) {
    stopIfInterrupted(world);
    if (step.kind === 'wait') {
      const progress = await waitFor(world, change, run, { goals: step.goals, observed });
      if (progress.some(({ state }) => state !== 'done')) return { kind: 'not-reached', progress };
      if (step.replans) return { kind: 'replan' };
      continue;
    }
    if (step.kind === 'restart-controller') await world.sleep(SECOND_MS, world.signal);
    world.emit({ kind: 'writing', step });
    run.sending += 1;
    const result = await apply(world, step);
    if (!result.ok) {
      // Cut off by our own signal: whether it was made shows only when somebody looks.
      stopIfInterrupted(world);
      return { kind: 'failed', problem: result.problem };
    }
    run.sending -= 1;
    const at = new Date(world.now()).toISOString();
    run.writes.push({ step, at, undo: change.undo(step) });
    world.emit({ kind: 'wrote', step, ...(apart ? { apart } : {}) });
  }
  return undefined;
}
