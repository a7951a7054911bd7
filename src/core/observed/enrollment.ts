import { serviceFinalizer } from '../model/annotations.ts';
import { type Binding, type ObjectName, sameName, type ServicePort } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Observed } from './observed.ts';
import { portOf } from '../model/service-ports.ts';

/**
 * Whether the controller made the binding for this Service. Both stack labels count and the
 * namespace: the walkthrough's hand-made binding carries a stack-name label, too. Bindings that a
 * weighted action made for another Service of the stack are not this Service's.
 */
export const isMadeFor = (binding: Binding, service: ObjectName): boolean =>
  binding.stack !== undefined &&
  sameName(binding.stack, service) &&
  binding.namespace === service.namespace &&
  binding.serviceName === service.name;

const bindingsRead = (cluster: ClusterView): readonly Binding[] =>
  cluster.bindings.ok ? cluster.bindings.value : [];

/** Bindings that a controller made for the Service, in the order of their Service port. */
export const ownBindings = (cluster: ClusterView, service: ObjectName): readonly Binding[] =>
  bindingsRead(cluster)
    .filter((binding) => isMadeFor(binding, service))
    .toSorted((a, b) => Number(a.servicePort) - Number(b.servicePort));

/** Bindings of a cluster on a target group, in any namespace and whatever their name. */
export const bindingsOf = (cluster: ClusterView, arn: string): readonly Binding[] =>
  bindingsRead(cluster).filter((binding) => binding.targetGroupArn === arn);

/**
 * The cluster whose controller made bindings for the Service. A Service of the same name may have
 * a load balancer of its own in a secondary: then the primary is the one whose target groups are
 * bound in other clusters, and among equals the first one listed. A primary that was `named` is
 * the only candidate: two clusters may each have joined the other. Undefined: none in sight.
 */
export function primaryOf(
  clusters: readonly ClusterView[],
  service: ObjectName,
  named?: string,
): ClusterView | undefined {
  const candidates = clusters
    .filter(({ context }) => named === undefined || context === named)
    .filter((cluster) => ownBindings(cluster, service).length > 0);
  const shared = candidates.find((candidate) =>
    ownBindings(candidate, service).some(({ targetGroupArn }) =>
      clusters.some((other) => other !== candidate && bindingsOf(other, targetGroupArn).length > 0),
    ),
  );
  return shared ?? candidates[0];
}

/**
 * The one cluster whose controller manages the Service and that has no binding of it: somebody
 * deleted them, or they are not made yet. Undefined where it is not one cluster alone.
 */
export function bareOwner(clusters: readonly ClusterView[]): ClusterView | undefined {
  const bare = clusters.filter(
    ({ service }) => service.ok && service.value?.finalizers.includes(serviceFinalizer),
  );
  return bare.length === 1 ? bare[0] : undefined;
}

/** Target groups of the Service, one for each port, in the order of the ports. */
export function enrolledArns(
  clusters: readonly ClusterView[],
  service: ObjectName,
  named?: string,
): readonly string[] {
  const primary = primaryOf(clusters, service, named);
  if (!primary) return [];
  return [...new Set(ownBindings(primary, service).map((binding) => binding.targetGroupArn))];
}

/**
 * Ports of the primary's Service without a binding of the controller's: it has not made one yet,
 * or somebody deleted it, which the controller notices only when the Service changes.
 */
export function unboundPorts(primary: ClusterView, service: ObjectName): readonly ServicePort[] {
  const found = primary.service.ok ? primary.service.value : undefined;
  if (!found) return [];
  const bound = new Set(
    ownBindings(primary, service).map(({ servicePort }) => portOf(found, servicePort)?.port),
  );
  return found.ports.filter(({ port }) => !bound.has(port));
}

/** The cluster of that context; undefined when it was not listed. */
export const clusterOf = (
  observed: Pick<Observed, 'clusters'>,
  context: string,
): ClusterView | undefined => observed.clusters.find((cluster) => cluster.context === context);
