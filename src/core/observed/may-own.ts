import { handoverAnnotation, managerOf } from '../model/annotations.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { type ObjectName, sameName, serviceOf } from '../model/kubernetes.ts';
import type { Reading } from '../model/problem.ts';
import type { Service } from '../model/kubernetes.ts';
import { withoutReleased } from './owner-claims.ts';

/**
 * Whether a cluster may own the load balancer that these Services share, by its bindings and Services
 * alone: a controller made a binding on the target groups there, manages one of the Services, or a handover
 * has begun. What could not be read may be so. False: it is no owner, whatever the tags in AWS say, which
 * then contradict each other.
 */
export function mayOwn(
  cluster: ClusterView,
  clusters: readonly ClusterView[],
  services: readonly ObjectName[],
): boolean {
  const isMeant = (name: ObjectName): boolean => services.some((one) => sameName(one, name));
  const arns = new Set(
    clusters
      .flatMap(({ bindings }) => (bindings.ok ? bindings.value : []))
      .filter((binding) => isMeant(serviceOf(binding)))
      .map(({ targetGroupArn }) => targetGroupArn),
  );
  const { bindings } = withoutReleased(cluster);
  if (!bindings.ok) return true;
  const made = bindings.value.some(
    ({ targetGroupArn, stack }) => stack !== undefined && arns.has(targetGroupArn),
  );
  return made || Object.values(cluster.services).some(isOwners);
}

const isOwners = (read: Reading<Service | undefined>): boolean =>
  !read.ok ||
  (read.value !== undefined &&
    (managerOf(read.value) !== undefined || handoverAnnotation in read.value.annotations));
