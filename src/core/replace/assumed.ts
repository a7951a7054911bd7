import { nameText } from '../model/kubernetes.ts';
import { known } from '../model/problem.ts';
import { targetKey } from '../model/target-key.ts';
import type { Observed } from '../observed/observed.ts';
import { withTargets } from '../observed/with-targets.ts';
import type { Plan } from '../plan/plan.ts';

/** The observation as it will be when a cluster has left by this plan: its bindings and targets are gone. */
export function assumingLeft(observed: Observed, { steps, capacity = [] }: Plan): Observed {
  const gone = new Set(
    steps.flatMap((step) =>
      step.kind === 'delete-binding' ? [`${step.cluster} ${nameText(step.binding)}`] : [],
    ),
  );
  const clusters = observed.clusters.map((cluster) => {
    if (!cluster.bindings.ok) return cluster;
    const left = cluster.bindings.value.filter(
      (binding) => !gone.has(`${cluster.context} ${nameText(binding)}`),
    );
    return left.length === cluster.bindings.value.length
      ? cluster
      : { ...cluster, bindings: known(left) };
  });
  let { targetGroups } = observed;
  for (const { targetGroupArn, leaving } of capacity) {
    const keys = new Set(leaving.map(targetKey));
    targetGroups = withTargets(targetGroups, targetGroupArn, (there) =>
      there.filter(({ target }) => !keys.has(targetKey(target))),
    );
  }
  return { ...observed, clusters, targetGroups };
}
