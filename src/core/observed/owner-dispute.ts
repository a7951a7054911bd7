import { clusterNames } from '../model/cluster-name.ts';
import { sameName } from '../model/kubernetes.ts';
import { valueOf } from '../model/problem.ts';
import { bindingsOf } from './enrollment.ts';
import type { Observed } from './observed.ts';
import { isKnownUnmanaged, type OwnerClaim } from './owner-claims.ts';
import { clusterTagged, ownerInTags, sameTagged, type TaggedOwner } from './owner-tags.ts';

/**
 * Who owns a load balancer, where clusters and tags contradict each other. LBC finds its load balancer
 * and target groups by their tags (`pkg/deploy/elbv2/tagging_manager.go`); it acts for the Services that
 * have its finalizer. Listeners it finds by the ARN of the load balancer (`listener_synthesizer.go`), so
 * their tags decide nothing.
 */
export interface Dispute {
  readonly kind:
    | 'two-claims'
    /** A Service claims it, and the load balancer has no tags of an owner. */
    | 'claim-without-tags'
    /** A Service claims it, and the tags name another object or listed cluster. */
    | 'tags-of-another'
    /** The tags name a Service of a listed cluster that no controller manages. */
    | 'tags-without-claim'
    /** The tags of target groups name another owner than those of the load balancer. */
    | 'groups-of-another';
  readonly claims: readonly OwnerClaim[];
  /** What the tags of the load balancer name; undefined: nothing, or they could not be read. */
  readonly tagged: TaggedOwner | undefined;
  /** Target groups with other tags than the load balancer, and what these name. */
  readonly astray: readonly { readonly arn: string; readonly tagged: TaggedOwner | undefined }[];
}

/** Tags of a target group that were read; undefined: they were not. */
const groupTags = ({ targetGroups }: Observed, arn: string) => {
  const group = targetGroups[arn];
  return group?.ok && group.value.tags ? valueOf(group.value.tags) : undefined;
};

/** Target groups of this load balancer that its owner's controller does not find, or another one does. */
function astrayOf(
  observed: Observed,
  arns: readonly string[],
  balancer: TaggedOwner | undefined,
): Dispute['astray'] {
  if (!balancer) return [];
  return arns.flatMap((arn): Dispute['astray'] => {
    const tags = groupTags(observed, arn);
    if (!tags) return [];
    const tagged = ownerInTags(tags);
    if (tagged) return sameTagged(tagged, balancer) ? [] : [{ arn, tagged }];
    const made = observed.clusters.some((cluster) =>
      bindingsOf(cluster, arn).some(({ stack }) => stack !== undefined),
    );
    return made ? [{ arn, tagged }] : [];
  });
}

/** Whether the tags are known not to be those of the claim: what is not known contradicts nothing. */
function contradicts(observed: Observed, tagged: TaggedOwner, claim: OwnerClaim): boolean {
  const { clusterName } = tagged;
  const own = clusterName !== undefined && clusterNames(claim.cluster).includes(clusterName);
  // A cluster that is not listed, or whose controller does not tell its name, may be the one that is tagged.
  const cluster = own ? claim.cluster : clusterTagged(observed, tagged);
  if (!cluster) return false;
  return cluster !== claim.cluster || !isOf(tagged, claim);
}

/** Whether the tags name this very object, in the cluster of the claim. */
export const isConfirmed = (claim: OwnerClaim, tagged: TaggedOwner): boolean =>
  isOf(tagged, claim) &&
  tagged.clusterName !== undefined &&
  clusterNames(claim.cluster).includes(tagged.clusterName);

const isOf = (tagged: TaggedOwner, { kind, name }: OwnerClaim): boolean =>
  tagged.kind === kind && sameName(tagged.name, name);

/** Whether the controller of the claim finds nothing by such tags. EKS Auto Mode's are not documented. */
const isUntagged = (tagged: TaggedOwner | undefined, { flavour }: OwnerClaim): boolean =>
  flavour === 'lbc' && tagged?.clusterName === undefined;

/** The owner that the tags name: those of the load balancer, or else of the first target group that has some. */
export const namedInTags = (observed: Observed, arns: readonly string[]): TaggedOwner | undefined =>
  balancerTags(observed, ownerInTags) ??
  arns
    .map((arn) => groupTags(observed, arn))
    .map((tags) => tags && ownerInTags(tags))
    .find((tagged) => tagged !== undefined);

function balancerTags<T>(
  { loadBalancer }: Observed,
  take: (tags: Readonly<Record<string, string>>) => T,
): T | undefined {
  const tags = valueOf(loadBalancer)?.tags;
  return tags?.ok ? take(tags.value) : undefined;
}

/**
 * The contradiction about who owns the load balancer of these target groups; undefined: there is none in
 * what was read. Target groups of several load balancers have no owner in common, so they contradict nothing.
 */
export function disputeOf(
  observed: Observed,
  arns: readonly string[],
  claims: readonly OwnerClaim[],
): Dispute | undefined {
  const balancer = valueOf(observed.loadBalancer);
  if (!balancer || !arns.every((arn) => mayForward(observed, arn, balancer.arn))) return undefined;
  const tagged = balancerTags(observed, ownerInTags);
  const astray = astrayOf(observed, arns, tagged);
  const found = (kind: Dispute['kind']): Dispute => ({ kind, claims, tagged, astray });
  const [claim, ...others] = claims;
  if (others.length > 0) return found('two-claims');
  if (claim && balancer.tags?.ok && isUntagged(tagged, claim)) return found('claim-without-tags');
  if (claim && tagged && contradicts(observed, tagged, claim)) return found('tags-of-another');
  if (astray.length > 0) return found('groups-of-another');
  const named = namedInTags(observed, arns);
  if (claim || named?.kind !== 'service') return undefined;
  const cluster = clusterTagged(observed, named);
  return cluster && isKnownUnmanaged(cluster, named.name) ? found('tags-without-claim') : undefined;
}

/** Whether a target group belongs to this load balancer, or that could not be read. */
function mayForward({ targetGroups }: Observed, arn: string, balancer: string): boolean {
  const group = targetGroups[arn];
  if (!group?.ok) return true;
  const { loadBalancerArns } = group.value;
  return loadBalancerArns.length === 0 || loadBalancerArns.includes(balancer);
}
