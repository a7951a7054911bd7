import { clusterNames } from '../model/cluster-name.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { TaggedResource } from '../model/handover.ts';
import { type ObjectName, sameName } from '../model/kubernetes.ts';
import { madeNameStart } from '../model/made-name.ts';
import { valueOf } from '../model/problem.ts';
import { ownerInTags } from './owner-tags.ts';

/** By what it is told that a controller made something for a Service on either side of a handover. */
export interface Makers {
  /** What their controllers call the clusters. */
  readonly clusterNames: readonly string[];
  /** The Service of each side. */
  readonly services: readonly ObjectName[];
  /** Names that a Service gives its load balancer by an annotation. */
  readonly givenNames: readonly string[];
}

const nameAnnotation = 'service.beta.kubernetes.io/aws-load-balancer-name';

/** What the clusters of a handover, as read, are told by. */
export const makersOf = (
  clusters: readonly ClusterView[],
  services: readonly ObjectName[],
): Makers => ({
  clusterNames: [...new Set(clusters.flatMap(clusterNames))],
  services,
  givenNames: clusters
    .flatMap((cluster) => Object.values(cluster.services))
    .flatMap((service) => valueOf(service)?.annotations[nameAnnotation] ?? []),
});

/** Whether a controller may have given this name to what it made for one of the Services. */
export const mayBeMade = ({ services, givenNames }: Makers, name: string): boolean =>
  givenNames.includes(name) || services.some((service) => name.startsWith(madeNameStart(service)));

/** Whether it has such a name, or tags that name one of the Services in one of the clusters. */
export function isOfMakers(makers: Makers, { name, tags }: TaggedResource): boolean {
  const owner = ownerInTags(tags);
  return (
    mayBeMade(makers, name) ||
    (owner?.clusterName !== undefined &&
      makers.clusterNames.includes(owner.clusterName) &&
      makers.services.some((service) => sameName(service, owner.name)))
  );
}
