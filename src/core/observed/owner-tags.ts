import { managerOf } from '../model/annotations.ts';
import { clusterNames } from '../model/cluster-name.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { flavours } from '../model/flavours.ts';
import { type ObjectName, type OwnerKind, sameName, type Service } from '../model/kubernetes.ts';
import { valueOf } from '../model/problem.ts';
import type { Observed } from './observed.ts';

/** Tag with the cluster's name on all that a controller makes (`pkg/deploy/tracking/provider.go`). */
export const clusterTag = 'elbv2.k8s.aws/cluster';
/** Tags with the object that it was made for, and what of it this is, on what is made for a Service (the same file). */
export const stackTag = 'service.k8s.aws/stack';
export const resourceTag = 'service.k8s.aws/resource';
const clusterTags = [clusterTag, 'eks:eks-cluster-name'];

/** An owner as tags name it. */
export interface TaggedOwner {
  readonly kind: OwnerKind;
  readonly name: ObjectName;
  /** What its controller calls its cluster; absent: no tag tells it. */
  readonly clusterName?: string;
}

/** The owner that tags of a load balancer or target group name; undefined: no controller made it. */
export function ownerInTags(tags: Readonly<Record<string, string>>): TaggedOwner | undefined {
  const clusterName = clusterTags.map((key) => tags[key]).find((value) => value !== undefined);
  const called = clusterName === undefined ? {} : { clusterName };
  for (const [prefix, kind] of Object.values(flavours).flatMap((one) => one.stackPrefixes)) {
    const stack = tags[`${prefix}stack`];
    if (stack === undefined) continue;
    // An Ingress group is a name alone, everything else `NAMESPACE/NAME`.
    const [namespace = '', name] = stack.split('/');
    return {
      kind,
      name: name === undefined ? { namespace: '', name: stack } : { namespace, name },
      ...called,
    };
  }
  return undefined;
}

/** Whether these are the tags by which the controller of that cluster finds what it made for the Service. */
export function isTaggedFor(
  tags: Readonly<Record<string, string>>,
  service: ObjectName,
  clusterName: string | undefined,
): boolean {
  const owner = ownerInTags(tags);
  return (
    owner?.kind === 'service' && sameName(owner.name, service) && tags[clusterTag] === clusterName
  );
}

/** Whether both are the same object of the same cluster. */
export const sameTagged = (a: TaggedOwner, b: TaggedOwner): boolean =>
  a.kind === b.kind && sameName(a.name, b.name) && a.clusterName === b.clusterName;

/** Whether the Service has the address of the load balancer in its status. Host names have no case. */
export const showsAddress = ({ loadBalancer }: Observed, { hostname }: Service): boolean =>
  hostname !== undefined && hostname.toLowerCase() === valueOf(loadBalancer)?.dnsName.toLowerCase();

/**
 * Whether the Service of that name has the address of the load balancer in its status: the controller
 * of the owner writes it there. EKS Auto Mode tells the name of its cluster nowhere in the cluster.
 */
function showsBalancer(observed: Observed, { service }: ClusterView, name: ObjectName): boolean {
  const found = valueOf(service);
  if (!found || !sameName(found, name)) return false;
  return managerOf(found) === 'auto-mode' && showsAddress(observed, found);
}

/** The listed cluster that the tags name; undefined: it was not listed, or its name could not be read. */
export const clusterTagged = (
  observed: Observed,
  { name, clusterName }: TaggedOwner,
): ClusterView | undefined =>
  observed.clusters.find(
    (one) => clusterName !== undefined && clusterNames(one).includes(clusterName),
  ) ?? observed.clusters.find((one) => showsBalancer(observed, one, name));
