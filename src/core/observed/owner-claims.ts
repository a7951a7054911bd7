import { managerOf } from '../model/annotations.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { type Flavour, type ObjectName, type OwnerKind, sameName } from '../model/kubernetes.ts';
import { known, valueOf } from '../model/problem.ts';
import { bindingsOf } from './enrollment.ts';
import { serviceRead } from './member.ts';
import type { Observed } from './observed.ts';
import { showsAddress } from './owner-tags.ts';
import { sameness } from './same-cluster.ts';

/** An object of a listed cluster whose controller treats the load balancer as made for it. */
export interface OwnerClaim {
  readonly kind: OwnerKind;
  readonly name: ObjectName;
  readonly cluster: ClusterView;
  readonly flavour: Flavour;
}

/** What the labels of bindings say on these target groups. */
const labelled = (cluster: ClusterView, arns: readonly string[]): readonly OwnerClaim[] =>
  arns
    .flatMap((arn) => bindingsOf(cluster, arn))
    .flatMap(({ stack, flavour }): readonly OwnerClaim[] =>
      stack
        ? [
            {
              kind: stack.kind,
              name: { namespace: stack.namespace, name: stack.name },
              cluster,
              flavour,
            },
          ]
        : [],
    );

/**
 * Services that a controller manages, and that have the address of the load balancer in their status.
 * A controller looks after a Service only while that has its finalizer
 * (`controllers/service/service_controller.go`).
 */
function managed(observed: Observed, cluster: ClusterView): readonly OwnerClaim[] {
  const services = [cluster.service, ...Object.values(cluster.services)].flatMap(
    (reading) => valueOf(reading) ?? [],
  );
  return services.flatMap((service): readonly OwnerClaim[] => {
    const flavour = managerOf(service);
    if (flavour === undefined || !showsAddress(observed, service)) return [];
    const { namespace, name } = service;
    return [{ kind: 'service', name: { namespace, name }, cluster, flavour }];
  });
}

/** Who claims the load balancer of these target groups, each object once, in the order of the clusters. */
export function claimsOf(observed: Observed, arns: readonly string[]): readonly OwnerClaim[] {
  const all = observed.clusters.flatMap((cluster) => [
    ...labelled(cluster, arns),
    ...managed(observed, cluster),
  ]);
  return all.filter(
    (one, index) =>
      all.findIndex(
        (other) =>
          (other.cluster === one.cluster || sameness(other.cluster, one.cluster) === 'same') &&
          other.kind === one.kind &&
          sameName(other.name, one.name),
      ) === index,
  );
}

/** Whether it is known of a Service that no controller manages it: it is not there, or without finalizer. */
export function isKnownUnmanaged(cluster: ClusterView, name: ObjectName): boolean {
  const service = serviceRead(cluster, name);
  return service.ok && (service.value === undefined || managerOf(service.value) === undefined);
}

/**
 * The cluster, without what labels say of Services that their controller has released. The labels stay
 * on a binding when its Service loses the finalizer and another cluster takes the load balancer over: no
 * controller acts on them any more (`controllers/service/eventhandlers/service_events.go` does not even
 * queue such a Service). So the binding is an ordinary one. Where the Service is not there or could
 * not be read, the labels count.
 */
export function withoutReleased(cluster: ClusterView): ClusterView {
  if (!cluster.bindings.ok) return cluster;
  return {
    ...cluster,
    bindings: known(
      cluster.bindings.value.map((binding) => {
        const { stack, ...rest } = binding;
        if (stack?.kind !== 'service') return binding;
        const service = serviceRead(cluster, stack);
        const released = service.ok && service.value && managerOf(service.value) === undefined;
        return released ? rest : binding;
      }),
    ),
  };
}
