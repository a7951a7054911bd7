import type { ClusterView } from '../model/cluster-view.ts';
import { type Binding, nameText, sameName, type Service } from '../model/kubernetes.ts';
import { known, valueOf } from '../model/problem.ts';
import { clusterOf } from '../observed/enrollment.ts';
import { isRegistered, memberOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import type { Goal } from '../plan/goal.ts';
import type { WriteStep } from '../plan/plan.ts';
import { targetKey } from '../model/target-key.ts';

/** A step of `enable`, or its goal for a binding whose controller has not acted yet. */
type Sharing =
  | Extract<WriteStep, { kind: 'annotate-service' | 'set-flag' }>
  | Extract<Goal, { kind: 'binding-multi-cluster' }>;

/** Whether it makes the controller share this binding. */
const shares = (step: Sharing, binding: Binding): boolean =>
  step.kind === 'annotate-service'
    ? binding.stack?.kind === 'service' && sameName(binding.stack, step.service)
    : sameName(step.binding, binding);

/** The cluster with its own targets of this binding in its record, as its controller writes it. */
function shared(observed: Observed, cluster: ClusterView, binding: Binding): ClusterView {
  const { eligible, registered } = memberOf(observed, cluster, binding);
  if (!eligible.ok || !registered.ok) return cluster;
  const own = new Set(eligible.value.map(({ target }) => targetKey(target)));
  const targets = registered.value
    .filter(isRegistered)
    .map(({ target }) => target)
    .filter((target) => own.has(targetKey(target)));
  const bindings = (valueOf(cluster.bindings) ?? []).map((one) =>
    one === binding ? { ...one, multiCluster: true } : one,
  );
  return {
    ...cluster,
    bindings: known(bindings),
    tracked: { ...cluster.tracked, [nameText(binding)]: known({ kind: 'set', targets }) },
  };
}

function annotated(cluster: ClusterView, step: Sharing): ClusterView {
  const service: Service | undefined = valueOf(cluster.service);
  if (step.kind !== 'annotate-service' || !service || !sameName(service, step.service)) {
    return cluster;
  }
  const after = known({ ...service, annotations: { ...service.annotations, ...step.after } });
  return {
    ...cluster,
    service: after,
    services: { ...cluster.services, [nameText(service)]: after },
  };
}

/**
 * The observation as it will be when these steps of `enable` have taken effect, or its goals are reached: the bindings are
 * multi-cluster, and each tracks its own registered targets. Only for a plan that waits for that
 * and plans again before it goes on.
 */
export function assumingShared(observed: Observed, steps: readonly Sharing[]): Observed {
  return steps.reduce<Observed>((world, step) => {
    const cluster = clusterOf(world, step.cluster);
    if (!cluster) return world;
    const bindings = (valueOf(cluster.bindings) ?? []).filter((binding) => shares(step, binding));
    const after = bindings.reduce(
      (view, binding) => shared(world, view, binding),
      annotated(cluster, step),
    );
    return { ...world, clusters: world.clusters.map((one) => (one === cluster ? after : one)) };
  }, observed);
}
