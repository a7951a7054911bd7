import type { ClusterView } from '../model/cluster-view.ts';
import { releasedClass } from '../model/handover.ts';
import { type ObjectName, sameName, serviceOf } from '../model/kubernetes.ts';
import { valueOf } from '../model/problem.ts';
import { bindingsRead, joinedBindings } from './enrollment.ts';
import { serviceRead } from './member.ts';

/** The Service as it is called in the cluster that owns the load balancer, and in the others. */
interface Names {
  readonly service: ObjectName;
  readonly localService: ObjectName;
}

const arnsOf = (cluster: ClusterView | undefined, service: ObjectName): readonly string[] =>
  (cluster ? bindingsRead(cluster) : [])
    .filter((binding) => sameName(serviceOf(binding), service))
    .map(({ targetGroupArn }) => targetGroupArn);

/** Whether it is known that the cluster has no Service of that name. */
export function isMissing(cluster: ClusterView, name: ObjectName): boolean {
  const read = serviceRead(cluster, name);
  return read.ok && read.value === undefined;
}

/**
 * Whether the cluster is a member by its local name, on a load balancer that its own Service of the other
 * name does not have: that one is another application's, and is not meant.
 */
export function isMemberElsewhere(cluster: ClusterView, { service, localService }: Names): boolean {
  const own = arnsOf(cluster, service);
  return (
    !sameName(service, localService) &&
    joinedBindings(cluster, localService).some(
      ({ targetGroupArn }) => !own.includes(targetGroupArn),
    )
  );
}

/**
 * Which Service a cluster leaves with that does not own the load balancer (any more): a former owner has it
 * by the name of before, any other one by the local name. The class that the handover left on it tells; else
 * what it shares with `fresh`, the cluster that stays; then what is bound at all; and where nothing is, because
 * it has left, which of them is there.
 */
export function nameOfLeaving(
  leaving: ClusterView,
  fresh: ClusterView | undefined,
  { service, localService }: Names,
): ObjectName {
  const read = serviceRead(leaving, service);
  // A second Service beside it is a member of its own, and stays.
  if (valueOf(read)?.loadBalancerClass === releasedClass) return service;
  const shared = arnsOf(fresh, localService);
  if (arnsOf(leaving, service).some((arn) => shared.includes(arn))) return service;
  if (arnsOf(leaving, localService).length > 0) return localService;
  return isMissing(leaving, service) || !isMissing(leaving, localService) ? localService : service;
}
