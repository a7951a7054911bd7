import { parseArn } from '../model/arn.ts';
import type { TargetGroup } from '../model/aws.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import {
  type Binding,
  nameText,
  type ObjectName,
  sameName,
  serviceOf,
} from '../model/kubernetes.ts';
import { type Reading, unknown } from '../model/problem.ts';
import { bindingsOf, bindingsRead, sharedGroups } from '../observed/enrollment.ts';
import { grouped } from '../model/grouped.ts';
import type { Observed } from '../observed/observed.ts';
import { type Owner, ownerOf, primaryIn } from '../observed/owner.ts';

/** What is listed, of all that the clusters have. */
export interface Filter {
  /** Load balancers with a binding in this namespace; undefined: in any. */
  readonly namespace?: string | undefined;
  /** Target groups of this region; undefined: of any. */
  readonly region?: string | undefined;
}

type Groups = Readonly<Record<string, Reading<TargetGroup>>>;

/** Target groups that Services have in common, as found in bindings and in AWS. */
export interface FoundEnrollment {
  /** ARN of the load balancer; undefined: none forwards to them, or that is unknown. */
  readonly balancer?: string;
  /** ARNs of the target groups, in the order of the bindings. */
  readonly arns: readonly string[];
  readonly owner: Owner;
  /** How a person names it: the Service of the owner, or of the first binding. */
  readonly service: ObjectName;
  /** The Service in the other clusters. */
  readonly localService: ObjectName;
  /** The target groups, where the Service alone would mean others, too. */
  readonly named?: readonly string[];
  /** Its members, and listed clusters that may be members: their bindings could not be read. */
  readonly contexts: readonly string[];
  /** No binding shares a target group, and AWS has them all: no other cluster can take part. */
  readonly exclusive: boolean;
}

/** Sets of target groups: two are in one set where a Service of a cluster has bindings on both. */
function boundTogether(
  clusters: readonly ClusterView[],
  wanted: (arn: string) => boolean,
): readonly (readonly string[])[] {
  let sets: (readonly string[])[] = [];
  for (const cluster of clusters) {
    const byService = grouped(
      bindingsRead(cluster).filter(({ targetGroupArn }) => wanted(targetGroupArn)),
      (binding) => nameText(serviceOf(binding)),
    );
    for (const bindings of byService.values()) {
      const arns = bindings.map(({ targetGroupArn }) => targetGroupArn);
      const touched = sets.filter((set) => set.some((arn) => arns.includes(arn)));
      const rest = sets.filter((set) => !touched.includes(set));
      sets = [...rest, [...new Set([...touched.flat(), ...arns])]];
    }
  }
  return sets;
}

const isIn = (clusters: readonly ClusterView[], arns: readonly string[], { namespace }: Filter) =>
  namespace === undefined ||
  clusters.some((cluster) =>
    arns.some((arn) => bindingsOf(cluster, arn).some((one) => one.namespace === namespace)),
  );

/**
 * The target groups to read: those of bindings that the filter lets through, and those that their
 * Services are bound to besides. `unowned` have no binding that a controller made: their tags tell.
 */
export function groupsToRead(
  clusters: readonly ClusterView[],
  filter: Filter,
): { readonly owned: readonly string[]; readonly unowned: readonly string[] } {
  const inRegion = (arn: string): boolean =>
    arn !== '' && (filter.region === undefined || parseArn(arn)?.region === filter.region);
  const arns = boundTogether(clusters, inRegion)
    .filter((set) => isIn(clusters, set, filter))
    .flat();
  const isOwned = (arn: string): boolean =>
    clusters.some((cluster) => bindingsOf(cluster, arn).some(({ stack }) => stack !== undefined));
  return { owned: arns.filter(isOwned), unowned: arns.filter((arn) => !isOwned(arn)) };
}

const balancerOf = (groups: Groups, arn: string): string | undefined => {
  const group = groups[arn];
  return group?.ok ? group.value.loadBalancerArns[0] : undefined;
};

/** The target groups of a set by load balancer; what no load balancer is known of goes with the only one. */
function byBalancer(groups: Groups, arns: readonly string[]) {
  const known = [...new Set(arns.flatMap((arn) => balancerOf(groups, arn) ?? []))];
  const [only] = known;
  const of = (arn: string) => balancerOf(groups, arn) ?? (known.length === 1 ? only : undefined);
  return grouped(arns, of);
}

/**
 * The enrollments of these clusters, by load balancer: several applications on one load balancer are as
 * many enrollments. In the order of the load balancers' names, then of the Services'.
 */
export function enrollmentsIn(
  at: string,
  clusters: readonly ClusterView[],
  groups: Groups,
  filter: Filter,
): readonly FoundEnrollment[] {
  return boundTogether(clusters, (arn) => arn in groups)
    .flatMap((set) => [...byBalancer(groups, set)])
    .flatMap(([balancer, arns]) =>
      // Two Services may have had only a target group of another load balancer in common.
      boundTogether(clusters, (arn) => arns.includes(arn)).map((own) => ({ balancer, arns: own })),
    )
    .filter(({ arns }) => isIn(clusters, arns, filter))
    .map(({ balancer, arns }) => ({
      ...(balancer === undefined ? {} : { balancer }),
      ...described(at, clusters, groups, arns),
    }))
    .toSorted(
      (a, b) =>
        nameOf(a).localeCompare(nameOf(b)) ||
        nameText(a.service).localeCompare(nameText(b.service)),
    );
}

const nameOf = ({ balancer = '' }: FoundEnrollment): string => parseArn(balancer)?.name ?? balancer;

/** Whether a cluster that could not be read may be a member. One without the CRD has no bindings. */
const mayBeMember = ({ bindings }: ClusterView): boolean =>
  !bindings.ok && bindings.problem.code !== 'crd-missing';

function described(
  at: string,
  clusters: readonly ClusterView[],
  groups: Groups,
  arns: readonly string[],
): Omit<FoundEnrollment, 'balancer'> {
  const onThem = (cluster: ClusterView): readonly Binding[] =>
    arns.flatMap((arn) => bindingsOf(cluster, arn));
  const members = clusters.filter((cluster) => onThem(cluster).length > 0);
  const [source] = members;
  if (!source) throw new Error('an enrollment without a binding');
  const seen = observedFor(at, members, groups, arns);
  const owner = ownerOf(seen, { source, arns });
  const owning = primaryIn({ owner }) ?? source;
  const [first] = onThem(owning);
  const service = owner.kind === 'service' && owner.cluster ? owner.name : serviceOf(first!);
  const others = members
    .filter((cluster) => cluster !== owning)
    .flatMap((cluster) => onThem(cluster).map(serviceOf));
  const [other] = others;
  const localService = other && others.every((one) => sameName(one, other)) ? other : service;
  const listed = clusters.filter((one) => members.includes(one) || mayBeMember(one));
  const views = listed.map((one) => ({
    ...one,
    localService: one === owning ? service : localService,
  }));
  const meant = sharedGroups({ clusters: views, service })?.arns ?? [];
  const same = meant.length === arns.length && meant.every((arn) => arns.includes(arn));
  return {
    arns,
    owner,
    service,
    localService,
    ...(same ? {} : { named: arns }),
    contexts: listed.map(({ context }) => context),
    exclusive:
      members.every((cluster) => onThem(cluster).every(({ multiCluster }) => !multiCluster)) &&
      members.length === 1 &&
      members.length === listed.length &&
      arns.every((arn) => balancerOf(groups, arn) !== undefined),
  };
}

/** What was read of an enrollment before it is judged: its bindings and target groups. */
const observedFor = (
  at: string,
  clusters: readonly ClusterView[],
  groups: Groups,
  arns: readonly string[],
): Observed => ({
  at,
  service: { namespace: '', name: '' },
  clusters,
  targetGroups: Object.fromEntries(
    arns.flatMap((arn) => (groups[arn] ? [[arn, groups[arn]]] : [])),
  ),
  loadBalancer: unknown({ code: 'aws-not-found', message: 'The load balancer was not read.' }),
  addressEvidence: {},
});
