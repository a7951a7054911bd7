import { advice } from '../core/model/hint.ts';
import { type Problem, valueOf } from '../core/model/problem.ts';
import { clusterOf } from '../core/observed/enrollment.ts';
import type { Observed } from '../core/observed/observed.ts';
import type { Plan } from '../core/plan/plan.ts';
import { readService } from '../kube/services.ts';
import type { Change } from './change.ts';
import { clientOf, stopIfInterrupted, type World } from './world.ts';

/**
 * Why the plan no longer fits: the Service that it depends on was replaced or changed since it was
 * read (`object-changed`), or cannot be read any more. `same`: it is as it was, or the plan depends on none.
 * Raises Interrupted.
 */
export async function recheck(
  world: World,
  change: Change,
  observed: Observed,
  plan: Plan,
): Promise<Problem | 'same'> {
  const [step] = plan.steps;
  // A write to that Service is refused by itself where the Service has changed.
  if (change.recheck === undefined || step?.kind === 'annotate-service') return 'same';
  const view = clusterOf(observed, change.recheck);
  const before = view && valueOf(view.service);
  if (!view || !before) return 'same';
  const now = await readService(clientOf(world, change.recheck), view.localService);
  stopIfInterrupted(world);
  if (!now.ok) return { about: { cluster: change.recheck }, ...now.problem, unread: true };
  if (now.value?.resourceVersion === before.resourceVersion) return 'same';
  return {
    code: 'object-changed',
    message: `Service ${before.namespace}/${before.name} in ${change.recheck} has changed since the plan was made.`,
    hints: [advice('Run the same command again.')],
    about: { cluster: change.recheck, service: view.localService },
  };
}
