import { managerOf } from '../model/annotations.ts';
import { flavours } from '../model/flavours.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { clusterNames } from '../model/cluster-name.ts';
import { type ObjectName, type OwnerKind, sameName } from '../model/kubernetes.ts';
import { stackText } from '../model/owner-words.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import { bindingsOf, type SharedGroups, sharedGroups } from './enrollment.ts';
import { readingOf } from './member.ts';
import type { Observed } from './observed.ts';

/**
 * Who owns the load balancer, its listeners and target groups: the object whose controller makes,
 * changes and deletes them. Read, never assumed.
 */
export type Owner =
  | {
      readonly kind: OwnerKind;
      readonly name: ObjectName;
      /** Where it is, if that cluster was listed. */
      readonly cluster?: ClusterView;
      /** What its controller calls that cluster, where only the tags in AWS tell of it. */
      readonly clusterName?: string;
    }
  /** No controller: Terraform, CloudFormation or a person made them. */
  | { readonly kind: 'none' }
  /** No listed cluster owns them, and the tags that would tell of another could not be read. */
  | { readonly kind: 'unread'; readonly problem: Problem };

/** A set of target groups of one load balancer that Services of clusters share. */
export interface Enrollment extends SharedGroups {
  readonly owner: Owner;
}

/** Tag with the cluster's name on all that a controller makes (`pkg/deploy/tracking/provider.go`). */
export const clusterTag = 'elbv2.k8s.aws/cluster';
const clusterTags = [clusterTag, 'eks:eks-cluster-name'];

/** The owner that tags of a load balancer or target group name; undefined: no controller made it. */
export function ownerInTags(
  tags: Readonly<Record<string, string>>,
): { kind: OwnerKind; name: ObjectName; clusterName?: string } | undefined {
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

/**
 * Whether the Service of that name has the address of the load balancer in its status: the controller
 * of the owner writes it there. EKS Auto Mode tells the name of its cluster nowhere in the cluster.
 */
function showsBalancer(
  { loadBalancer }: Observed,
  { service }: ClusterView,
  name: ObjectName,
): boolean {
  const found = valueOf(service);
  const address = valueOf(loadBalancer)?.dnsName.toLowerCase();
  if (!found || address === undefined || !sameName(found, name)) return false;
  return managerOf(found) === 'auto-mode' && found.hostname?.toLowerCase() === address;
}

/** Who owns these target groups: by the bindings in sight, else by the tags of the target groups. */
export function ownerOf(observed: Observed, { arns }: SharedGroups): Owner {
  for (const arn of arns) {
    for (const cluster of observed.clusters) {
      const made = bindingsOf(cluster, arn).find(({ stack }) => stack !== undefined)?.stack;
      if (made) {
        const { kind, namespace, name } = made;
        return { kind, name: { namespace, name }, cluster };
      }
    }
  }
  let unread: Problem | undefined;
  for (const arn of arns) {
    const group = readingOf(observed.targetGroups, arn, `Target group ${arn}`);
    const tags = group.ok ? group.value.tags : group;
    if (!tags?.ok) {
      unread ??= tags?.problem;
      continue;
    }
    const tagged = ownerInTags(tags.value);
    if (!tagged) continue;
    const cluster =
      observed.clusters.find(
        (one) => tagged.clusterName !== undefined && clusterNames(one).includes(tagged.clusterName),
      ) ?? observed.clusters.find((one) => showsBalancer(observed, one, tagged.name));
    return { ...tagged, ...(cluster ? { cluster } : {}) };
  }
  return unread ? { kind: 'unread', problem: unread } : { kind: 'none' };
}

/** The enrollment that was observed, with its owner; undefined: no listed cluster has a binding of it. */
export function enrollmentOf(observed: Observed): Enrollment | undefined {
  const groups = sharedGroups(observed);
  return groups && { ...groups, owner: ownerOf(observed, groups) };
}

/** The cluster whose Service owns the load balancer, where it was listed. */
export const primaryIn = ({ owner }: Pick<Enrollment, 'owner'>): ClusterView | undefined =>
  owner.kind === 'service' ? owner.cluster : undefined;

/** What a cluster is to an enrollment. `member`: who owns the load balancer could not be read. */
export type Role = 'primary' | 'secondary' | 'peer' | 'member';

/** The role of a cluster: it owns, another cluster owns, or none does. */
export function roleOf({ owner }: Pick<Enrollment, 'owner'>, cluster: ClusterView): Role {
  if (owner.kind === 'none') return 'peer';
  if (owner.kind === 'unread') return 'member';
  return owner.cluster === cluster ? 'primary' : 'secondary';
}

/** The owner as it is called in messages: `Service default/web of pri-eks-clu1`. */
export function ownedBy(owner: Exclude<Owner, { kind: 'unread' }>): string {
  if (owner.kind === 'none') return 'no cluster';
  const { kind, name, cluster, clusterName } = owner;
  const where =
    cluster?.context ?? (clusterName === undefined ? undefined : `cluster ${clusterName}`);
  return `${stackText({ kind, ...name })}${where === undefined ? '' : ` of ${where}`}`;
}
