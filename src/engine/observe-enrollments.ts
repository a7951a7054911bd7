import { readAccount } from '../aws/identity.ts';
import { type BalancerDescription, describeLoadBalancers } from '../aws/load-balancers.ts';
import { readTargetGroups } from '../aws/target-groups.ts';
import { parseArn } from '../core/model/arn.ts';
import type { ClusterView } from '../core/model/cluster-view.ts';
import type { VerifyIntent } from '../core/model/intent.ts';
import type { Reading } from '../core/model/problem.ts';
import { withGroupsGone } from '../core/observed/stale-bindings.ts';
import {
  enrollmentsIn,
  type Filter,
  type FoundEnrollment,
  groupsToRead,
} from '../core/list/enrollments.ts';
import type { Judged } from '../core/list/listed-enrollment.ts';
import { unknown } from '../core/model/problem.ts';
import { enrollmentOf, type Owner } from '../core/observed/owner.ts';
import { judge } from './judge.ts';
import { lookFirst, viewOf } from './observe-cluster.ts';
import type { Wants } from './wants.ts';
import { reading, sharedReads } from './shared-reads.ts';
import { stopIfInterrupted, type World } from './world.ts';

type Verdicts = Pick<Judged, 'verdict'> & { readonly owner?: Owner };

/** All enrollments of the clusters, each with the verdict that `verify` would give. */
export interface SeenEnrollments {
  readonly at: string;
  /** As first read: bindings and what the clusters are. */
  readonly clusters: readonly ClusterView[];
  readonly judged: readonly Judged[];
}

/**
 * Reads and judges every enrollment of these clusters. One read a level for all of them: bindings, then target
 * groups, then load balancers; then what only a verdict needs, for all enrollments side by side, each
 * request once. Raises Interrupted.
 */
export async function observeEnrollments(plain: World, filter: Filter): Promise<SeenEnrollments> {
  const world = { ...plain, kube: plain.kube.map(reading) };
  world.emit({ kind: 'reading', text: world.kube.map(({ context }) => context).join(', ') });
  const clusters = await Promise.all(
    world.kube.map(async (kube) => {
      const namespace = filter.namespace ?? kube.namespace;
      return viewOf(await lookFirst(kube, [], { namespaces: [namespace] }), {
        namespace,
        name: '',
      });
    }),
  );
  stopIfInterrupted(world);
  const at = new Date(world.now()).toISOString();
  const { read, groups } = await readGroups(world, at, clusters, filter);
  stopIfInterrupted(world);
  const found = enrollmentsIn(at, clusters, groups, filter);
  const balancers = [...new Set(found.flatMap(({ balancer }) => balancer ?? []))];
  const described = await describeLoadBalancers(world.aws, balancers);
  stopIfInterrupted(world);
  const shared = { ...world, shared: sharedReads(read, described) };
  const judged = await Promise.all(
    found.map(async (one) => seen(one, clusters, groups, described, await judgedBy(shared, one))),
  );
  return { at, clusters, judged };
}

/** The target groups as read, and with those told that do not exist. */
async function readGroups(
  world: World,
  at: string,
  clusters: readonly ClusterView[],
  filter: Filter,
): Promise<{ readonly read: Judged['groups']; readonly groups: Judged['groups'] }> {
  const { owned, unowned } = groupsToRead(clusters, filter);
  if (owned.length + unowned.length > 0)
    world.emit({ kind: 'reading', text: 'targets and their health' });
  const [made, others] = await Promise.all([
    readTargetGroups(world.aws, owned, { tags: true }),
    readTargetGroups(world.aws, unowned, { tags: true }),
  ]);
  const targetGroups = { ...made, ...others };
  const missing = Object.entries(targetGroups).find(
    ([, group]) => !group.ok && group.problem.code === 'aws-not-found',
  );
  const region = parseArn(missing?.[0] ?? '')?.region;
  if (region === undefined) return { read: targetGroups, groups: targetGroups };
  // A target group is gone only if AWS was asked in its account.
  const account = await readAccount(world.aws, region);
  const service = { namespace: '', name: '' };
  const loadBalancer = unknown({ code: 'aws-not-found', message: 'It was not read.' });
  const observed = {
    at,
    service,
    clusters,
    targetGroups,
    loadBalancer,
    addressEvidence: {},
    account,
  };
  return { read: targetGroups, groups: withGroupsGone(observed).targetGroups };
}

/** The verdict, and the owner as its observation shows it: only that one has the tags of the load balancer. */
async function judgedBy(world: World, found: FoundEnrollment): Promise<Verdicts> {
  if (found.exclusive) return {};
  const { service, localService, named, contexts } = found;
  const intent: VerifyIntent = {
    service,
    minHealthy: 1,
    knownTargets: [],
    allowUnprotected: false,
    acceptUnread: false,
    rollout: false,
    waited: false,
  };
  const kube = world.kube.filter(({ context }) => contexts.includes(context));
  const place = { service, localService, ...(named ? { named } : {}) };
  const wants: Wants = { ...place, evidence: 'doubtful', follow: true, bound: true };
  const { observed, verdict } = await judge({ ...world, kube }, wants, intent, undefined);
  const owner = enrollmentOf(observed)?.owner;
  return { verdict, ...(owner ? { owner } : {}) };
}

const seen = (
  found: FoundEnrollment,
  clusters: readonly ClusterView[],
  groups: Judged['groups'],
  described: ReadonlyMap<string, Reading<BalancerDescription>>,
  { verdict, owner }: Verdicts,
): Judged => ({
  found: owner ? { ...found, owner } : found,
  clusters: clusters.filter(({ context }) => found.contexts.includes(context)),
  groups,
  balancer: found.balancer === undefined ? undefined : described.get(found.balancer),
  verdict,
});
