import type { JoinIntent } from '../model/intent.ts';
import type { Templates } from '../model/templates.ts';
import { clusterOf } from '../observed/enrollment.ts';
import type { Observed } from '../observed/observed.ts';
import { partOf } from '../observed/part-of.ts';
import { undistinguished } from '../observed/same-cluster.ts';
import type { Plan } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import { type Part, sideBySide } from '../plan/side-by-side.ts';
import { withBindings } from './assumed.ts';
import { planJoin } from './plan-join.ts';

/**
 * Decides how several clusters join, one plan for all: each as `planJoin` decides, and beside the
 * clusters that were named before it, as if these had joined. A cluster that cannot join is left
 * out of the plan, and the others go on.
 */
export function planJoins(
  observed: Observed,
  intents: readonly JoinIntent[],
  templates: Templates,
): Plan {
  const parts: Part[] = [];
  let world = observed;
  for (const intent of intents) {
    const { context, primary } = intent;
    const before = parts.filter(({ plan }) => plan.blockers.length === 0);
    const seen = partOf(world, [
      ...(primary === undefined ? [] : [primary]),
      ...before.map(({ cluster }) => cluster),
      context,
    ]);
    const joining = seen.clusters.filter(
      (one) => one.context !== primary || one.context === context,
    );
    const mixed = undistinguished(joining);
    const plan = mixed.length > 0 ? refused(mixed) : planJoin(seen, intent, templates);
    parts.push({ cluster: context, plan });
    const cluster = clusterOf(world, context);
    if (cluster && plan.blockers.length === 0) {
      const after = withBindings(cluster, plan);
      world = { ...world, clusters: world.clusters.map((one) => (one === cluster ? after : one)) };
    }
  }
  return sideBySide(parts);
}
