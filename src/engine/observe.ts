import { readAccountLimits } from '../aws/account-limits.ts';
import { readAccount } from '../aws/identity.ts';
import { readOwners } from '../aws/network.ts';
import { readOtherGroups, readTargetGroups } from '../aws/target-groups.ts';
import { readVpcs } from '../aws/vpcs.ts';
import { needsVpc } from '../core/join/derived-networking.ts';
import { parseArn } from '../core/model/arn.ts';
import type { TargetGroup } from '../core/model/aws.ts';
import { enrolledArns, owningService, primaryOf } from '../core/observed/enrollment.ts';
import { factsToRead } from '../core/observed/facts.ts';
import type { Observed } from '../core/observed/observed.ts';
import { idsInDoubt, unclaimedIds } from '../core/observed/ids-in-doubt.ts';
import { withoutReleased } from '../core/observed/owner-claims.ts';
import { withGroupsGone } from '../core/observed/stale-bindings.ts';
import type { Reading } from '../core/model/problem.ts';
import { insistOnRegion } from './echoes.ts';
import { observeHandover } from './observe-handover.ts';
import { observeLoadBalancer } from './observe-load-balancer.ts';
import { observePath } from './observe-path.ts';
import { observePlaces } from './observe-places.ts';
import { lookAtPods, lookCloser, lookFirst } from './observe-cluster.ts';
import {
  boundArns,
  bothServices,
  handedOver,
  namespacesOf,
  withoutOwner,
  withRoles,
} from './roles.ts';
import type { Wants } from './wants.ts';
import { clientOf, stopIfInterrupted, type World } from './world.ts';

/**
 * Reads the world, in levels of requests that go out together: bindings and Services; then what
 * they refer to, with AWS; then, rarely or on request, what only those answers name. Unknown
 * facts stay in it as problems. Raises Interrupted, and ProblemError `wrong-region`.
 */
export async function observe(world: World, asks: Wants, before?: Observed): Promise<Observed> {
  world.emit({ kind: 'reading', text: world.kube.map(({ context }) => context).join(', ') });
  const services = bothServices(asks);
  const looking = world.kube.map((kube) =>
    lookFirst(kube, services, {
      namespaces: namespacesOf(kube.context, asks),
      before: before?.clusters.find(({ context }) => context === kube.context),
    }),
  );
  world.aws.load();
  const looks = await Promise.all(looking);
  stopIfInterrupted(world);
  const wants = withoutOwner(looks, asks);
  const first = withRoles(looks, wants).map(withoutReleased);
  const asked = {
    clusters: first,
    service: wants.service,
    ...(wants.primary === undefined ? {} : { primary: wants.primary }),
    ...(wants.named === undefined ? {} : { named: wants.named }),
    ...(wants.recorded === undefined ? {} : { recorded: wants.recorded }),
  };
  const owner = wants.follow ? owningService(asked) : undefined;
  // A member of another cluster's Service is meant: that one names the target groups.
  if (owner)
    return observe(world, { ...wants, service: owner, localService: wants.service }, before);

  const enrolled = enrolledArns(asked);
  const bound = [
    ...enrolled,
    ...boundArns(first, wants),
    // What has another name in the cluster that owns the load balancer by now.
    ...(enrolled.length === 0 && wants.handover ? handedOver(first) : []),
  ];
  // A cluster that joins, or that has left, may have no binding on them. Where no cluster has one, it counts
  // whose they are.
  const isNamedRead =
    bound.length === 0 || (wants.joining ?? wants.leaving ?? wants.recorded) !== undefined;
  const arns = [
    ...new Set([
      ...bound,
      ...(wants.targetGroups ?? []),
      ...(isNamedRead ? (wants.named ?? []) : []),
      // What a run has looked at it goes on looking at: the binding that named it may be gone by now.
      ...Object.keys(before?.targetGroups ?? {}),
    ]),
  ];
  const facts = factsToRead(asked, {
    ...wants,
    arns,
    ...(before ? { before: before.clusters } : {}),
  });
  if (arns.length > 0) world.emit({ kind: 'reading', text: 'targets and their health' });
  const primary = primaryOf(first, wants.service, wants.primary);
  // Of a load balancer that no Service owns, join matches the listeners and may have to make the rules.
  const derives = wants.joining !== undefined && primary === undefined;
  // What a document says is compared with AWS.
  const compares = wants.recorded !== undefined;
  // An enrolled cluster that was named shows the rules by its own bindings.
  const makesRules = derives && wants.primary === undefined && !compares;
  // They tell who owns the load balancer; where no listed Service does, nothing else does.
  const hands = wants.handover !== undefined;
  const tags = wants.waiting !== true || primary === undefined || compares || hands;
  const readGroups = world.shared?.targetGroups ?? readTargetGroups;
  const groupsRead = readGroups(world.aws, arns, {
    tags,
    attributes:
      wants.listeners === true ||
      wants.traffic === true ||
      wants.attributes === true ||
      // Pods of the cluster that joins get what the attributes say, such as proxy protocol headers.
      wants.joining !== undefined,
  });
  const balancerRead = observeLoadBalancer(world, primary, arns, groupsRead, {
    listeners: Boolean(
      wants.listeners || wants.traffic || derives || compares || hands || judges(wants),
    ),
    securityGroups: wants.listeners === true || hands,
    tags,
    subnets: makesRules,
  });
  const [clusters, targetGroups, loadBalancer, handover] = await Promise.all([
    Promise.all(
      first.map(async (view) => {
        const own = facts.find(({ context }) => context === view.context);
        // Services that were not read before may have been released, too.
        return own
          ? withoutReleased(await lookCloser(clientOf(world, view.context), view, own, wants))
          : view;
      }),
    ),
    groupsRead,
    balancerRead,
    hands ? observeHandover(world, wants, first, balancerRead) : undefined,
  ]);
  stopIfInterrupted(world);

  const observed: Observed = {
    at: new Date(world.now()).toISOString(),
    ...asked,
    clusters,
    targetGroups,
    loadBalancer,
    addressEvidence: {},
    ...(handover ? { handover } : {}),
  };
  insistOnRegion(observed, wants.region);
  const region = parseArn(arns[0] ?? '')?.region;
  if (region === undefined) return observed;
  const ids = [
    ...new Set([
      ...(wants.evidence
        ? unclaimedIds(observed, {
            trackedToo: wants.repairing === true || wants.evidence === 'doubtful',
            // Whose a target was that leaves is worth a look where a person reads the rows.
            drainingToo: wants.bound === true,
          })
        : []),
      ...(wants.leaving ?? []).flatMap((context) => idsInDoubt(observed, context)),
    ]),
  ];
  const vpcIds = vpcsOf(targetGroups);
  const [seen, addressEvidence, vpcs, account, path, use, places] = await Promise.all([
    Promise.all(clusters.map((view) => lookAtPods(clientOf(world, view.context), view))),
    ids.length > 0 ? readOwners(world.aws, region, ids, vpcIds) : {},
    (wants.vpcs && ids.length > 0) || (makesRules && clientsAreInVpc(loadBalancer, targetGroups))
      ? readVpcs(world.aws, region, vpcIds)
      : undefined,
    refused(targetGroups) ? readAccount(world.aws, region) : undefined,
    observePath(world.aws, region, observed, wants, before?.path),
    wants.joining === undefined ? undefined : (before?.use ?? readUse(world.aws, observed)),
    observePlaces(world, region, observed, wants, before?.handover),
  ]);
  stopIfInterrupted(world);
  return withGroupsGone({
    ...observed,
    clusters: seen,
    addressEvidence,
    ...(vpcs ? { vpcs } : {}),
    ...(account ? { account } : {}),
    ...(path ? { path } : {}),
    ...(use ? { use } : {}),
    ...(handover ? { handover: { ...handover, ...places } } : {}),
  });
}

/** Whether a verdict is made of it: that a target group is in use does not tell at which port. */
const judges = ({ bound, repairing }: Wants): boolean => bound === true || repairing === true;

/** How full the load balancer is that a cluster joins; the others' numbers change little meanwhile. */
async function readUse(
  aws: World['aws'],
  { loadBalancer, targetGroups }: Observed,
): Promise<Observed['use']> {
  if (!loadBalancer.ok) return undefined;
  const { arn } = loadBalancer.value;
  const [limits, others] = await Promise.all([
    readAccountLimits(aws, parseArn(arn)?.region ?? ''),
    readOtherGroups(aws, arn, Object.keys(targetGroups)),
  ]);
  return { limits, others };
}

const vpcsOf = (groups: Readonly<Record<string, Reading<TargetGroup>>>): readonly string[] => [
  ...new Set(Object.values(groups).flatMap((group) => (group.ok ? (group.value.vpcId ?? []) : []))),
];

/** Whether the rules that are to be made name the addresses of the VPC. */
const clientsAreInVpc = (
  balancer: Observed['loadBalancer'],
  groups: Readonly<Record<string, Reading<TargetGroup>>>,
): boolean =>
  balancer.ok &&
  Object.values(groups).some((group) => group.ok && needsVpc(balancer.value, group.value));

/** In which account the credentials are matters only once AWS does not know or show an ARN. */
const refused = (groups: Readonly<Record<string, Reading<TargetGroup>>>): boolean =>
  Object.values(groups).some(
    (group) => !group.ok && ['aws-not-found', 'aws-denied'].includes(group.problem.code),
  );
