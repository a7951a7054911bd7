import type { ClusterView } from '../model/cluster-view.ts';
import type { ObjectName, OwnerKind } from '../model/kubernetes.ts';
import { stackText } from '../model/owner-words.ts';
import type { Problem } from '../model/problem.ts';
import { type SharedGroups, sharedGroups } from './enrollment.ts';
import { readingOf } from './member.ts';
import type { Observed } from './observed.ts';
import { claimsOf } from './owner-claims.ts';
import { type Dispute, disputeOf, isConfirmed, namedInTags } from './owner-dispute.ts';
import { clusterTagged } from './owner-tags.ts';

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
  | { readonly kind: 'unread'; readonly problem: Problem }
  /** What clusters claim and what the tags say contradict each other. */
  | { readonly kind: 'disputed'; readonly dispute: Dispute };

/** An owner that is known. */
export type Owning = Extract<Owner, { readonly name: ObjectName }>;

/** Whether it is known which object owns the load balancer. */
export const isOwned = (owner: Owner): owner is Owning => 'name' in owner;

/** A set of target groups of one load balancer that Services of clusters share. */
export interface Enrollment extends SharedGroups {
  readonly owner: Owner;
}

/** Why the tags do not tell whether another cluster owns it: one of them could not be read. */
function unreadTags({ loadBalancer, targetGroups }: Observed, arns: readonly string[]) {
  const groups = arns.map((arn) => {
    const group = readingOf(targetGroups, arn, `Target group ${arn}`);
    return group.ok ? group.value.tags : group;
  });
  const balancer = loadBalancer.ok ? loadBalancer.value.tags : undefined;
  return [...groups, balancer].flatMap((tags) => (!tags || tags.ok ? [] : tags.problem))[0];
}

/**
 * Who owns these target groups: the claim that the tags confirm, as far as these were read; without a
 * claim in sight, what the tags name.
 */
export function ownerOf(observed: Observed, { arns }: SharedGroups): Owner {
  const claims = claimsOf(observed, arns);
  const dispute = disputeOf(observed, arns, claims);
  if (dispute) return { kind: 'disputed', dispute };
  const tagged = namedInTags(observed, arns);
  const claim = claims.find((one) => tagged && isConfirmed(one, tagged)) ?? claims[0];
  if (claim) {
    const { kind, name, cluster } = claim;
    return { kind, name, cluster };
  }
  if (tagged) {
    const cluster = clusterTagged(observed, tagged);
    return { ...tagged, ...(cluster ? { cluster } : {}) };
  }
  const problem = unreadTags(observed, arns);
  return problem ? { kind: 'unread', problem } : { kind: 'none' };
}

/** The enrollment that was observed, with its owner; undefined: no listed cluster has a binding of it. */
export function enrollmentOf(observed: Observed): Enrollment | undefined {
  const groups = sharedGroups(observed);
  return groups && { ...groups, owner: ownerOf(observed, groups) };
}

/** The cluster whose Service owns the load balancer, where it was listed. */
export const primaryIn = ({ owner }: Pick<Enrollment, 'owner'>): ClusterView | undefined =>
  owner.kind === 'service' ? owner.cluster : undefined;

/** What a cluster is to an enrollment. `member`: who owns the load balancer is disputed, or could not be read. */
export type Role = 'primary' | 'secondary' | 'peer' | 'member';

/** The role of a cluster: it owns, another cluster owns, or none does. */
export function roleOf({ owner }: Pick<Enrollment, 'owner'>, cluster: ClusterView): Role {
  if (owner.kind === 'none') return 'peer';
  if (owner.kind === 'unread' || owner.kind === 'disputed') return 'member';
  return owner.cluster?.context === cluster.context ? 'primary' : 'secondary';
}

/** The owner as it is called in messages: `Service default/web of pri-eks-clu1`. */
export function ownedBy(owner: Owning): string {
  const { kind, name, cluster, clusterName } = owner;
  const where =
    cluster?.context ?? (clusterName === undefined ? undefined : `cluster ${clusterName}`);
  return `${stackText({ kind, ...name })}${where === undefined ? '' : ` of ${where}`}`;
}

/**
 * The observation as a question about the Service that owns the load balancer: after a handover this may be
 * one of another name than the Service that was asked about.
 */
export function askedOfOwner(observed: Observed): Observed {
  const owner = enrollmentOf(observed)?.owner;
  if (owner?.kind !== 'service') return observed;
  const primary = owner.cluster?.context;
  return { ...observed, service: owner.name, ...(primary === undefined ? {} : { primary }) };
}
