import type { TargetGroup } from '../model/aws.ts';
import { eligibleTargets } from '../observed/eligibility.ts';
import { nameText } from '../model/kubernetes.ts';
import type { ObjectName, Service } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { LeaveIntent } from '../model/intent.ts';
import {
  isRegistered,
  memberOf,
  readingOf,
  registeredIn,
  unreadOf,
  type Member,
} from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { type SharedTarget, sharedTargets, splitBindings } from './sibling-bindings.ts';
import { isGroupGone } from '../observed/stale-bindings.ts';
import { collidingBindings } from '../observed/tracking-collision.ts';
import { known, type Problem, type Reading } from '../model/problem.ts';
import type { RegisteredTarget, Target } from '../model/target.ts';
import { portReference } from '../model/service-ports.ts';
import { targetKey } from '../model/target-key.ts';

/** A ConfigMap of tracked targets whose binding is gone. */
export interface LeftoverRecord extends ObjectName {
  readonly targets: readonly Target[];
}

/** What was read of one target group that a cluster leaves. */
export interface PortSets {
  readonly arn: string;
  /** Undefined: AWS has no such target group any more. */
  readonly group: TargetGroup | undefined;
  /** Bindings of the cluster on it that go, also those that nlbmc did not make. */
  readonly members: readonly Member[];
  /** Bindings of the cluster on it that stay: the primary's own, where another one beside it goes. */
  readonly staying: readonly Member[];
  /** What the controller recorded as its own, and what a ConfigMap without its binding lists. */
  readonly tracked: readonly Target[];
  /** Endpoints that the controller registers, tracked or not. */
  readonly eligible: readonly Target[];
  /** What AWS has, draining targets with it. */
  readonly registered: readonly RegisteredTarget[];
  /** What AWS has and does not drain, of every cluster. */
  readonly standing: readonly Target[];
  /** The cluster's targets among these. */
  readonly own: readonly Target[];
  /** Those of them that a binding which stays has, too. */
  readonly shared: readonly SharedTarget[];
}

/** Where the sets are read from. */
export interface SetFacts {
  readonly intent: Pick<LeaveIntent, 'localService'>;
  readonly observed: Observed;
  readonly leaving: ClusterView;
  readonly localService: Service | undefined;
  readonly leftovers: readonly LeftoverRecord[];
}

/** Targets of any port of a Service: where no binding tells which port the target group is for. */
function targetsOfService(
  cluster: ClusterView,
  service: Service | undefined,
  targetType: string,
): Reading<readonly Target[]> {
  if (!service) return known([]);
  // Without a node port none of its endpoints can be an instance target: no node need be known.
  if (targetType === 'instance' && service.ports.every(({ nodePort }) => nodePort === undefined)) {
    return known([]);
  }
  const key = nameText(service);
  const endpoints = readingOf(cluster.endpoints, key, `Endpoints of Service ${key}`);
  if (!endpoints.ok) return endpoints;
  const all: Target[] = [];
  for (const port of service.ports) {
    const found = eligibleTargets({
      binding: {
        targetType: targetType === 'instance' ? 'instance' : 'ip',
        servicePort: portReference(service, port),
      },
      service,
      endpoints: endpoints.value,
      ...(cluster.nodes ? { nodes: cluster.nodes } : {}),
    });
    if (!found.ok) return found;
    all.push(...found.value.map(({ target }) => target));
  }
  return known(all);
}

/** A group that AWS does not know in its own account is gone, and nothing is registered in it. */
const groupRead = (observed: Observed, arn: string): Reading<TargetGroup | undefined> =>
  isGroupGone(observed, arn)
    ? known(undefined)
    : readingOf(observed.targetGroups, arn, `Target group ${arn}`);

const unique = (targets: readonly Target[]): readonly Target[] => [
  ...new Map(targets.map((target) => [targetKey(target), target])).values(),
];

/**
 * What a binding's own record lists; nothing where an old controller confuses it with the record of
 * another binding: its targets are its endpoints then.
 */
export const recordOf = (cluster: ClusterView, { binding, tracked }: Member): readonly Target[] =>
  tracked.ok && tracked.value.kind === 'set' && collidingBindings(cluster, binding).length === 0
    ? tracked.value.targets
    : [];

/** Gathers what was read of one target group, or what is needed and could not be read. */
export function portSets(
  arn: string,
  { observed, intent, leaving, localService, leftovers }: SetFacts,
): PortSets | readonly Problem[] {
  const group = groupRead(observed, arn);
  const split = splitBindings(leaving, arn, intent.localService);
  const members = split.going.map((binding) => memberOf(observed, leaving, binding));
  const staying = split.staying.map((binding) => memberOf(observed, leaving, binding));
  const type = (group.ok && group.value?.targetType) || 'ip';
  const ofService =
    members.length === 0 ? targetsOfService(leaving, localService, type) : known([]);
  const registered = group.ok && !group.value ? known([]) : registeredIn(observed, arn);
  const inCluster: readonly Reading<unknown>[] = [
    ...[...members, ...staying].flatMap(({ service, eligible, tracked }) => [
      service,
      eligible,
      tracked,
    ]),
    ofService,
  ];
  const unread = [...unreadOf(inCluster, leaving.context), ...unreadOf([group, registered])];
  if (unread.length > 0 || !group.ok || !registered.ok) return unread;

  const eligible = unique([
    ...members.flatMap((member) =>
      member.eligible.ok ? member.eligible.value.map(({ target }) => target) : [],
    ),
    ...(ofService.ok ? ofService.value : []),
  ]);
  const recorded = members.flatMap((member) => recordOf(leaving, member));
  const left = leftovers.flatMap(({ targets }) => targets);
  const standing = registered.value.filter(isRegistered).map(({ target }) => target);
  const there = new Set(standing.map(targetKey));
  const tracked = unique([...recorded, ...left.filter((target) => there.has(targetKey(target)))]);
  const mine = new Set([...tracked, ...eligible].map(targetKey));
  const own = standing.filter((target) => mine.has(targetKey(target)));
  return {
    arn,
    group: group.value,
    members,
    staying,
    tracked,
    eligible,
    registered: registered.value,
    standing,
    own,
    shared: sharedTargets(own, staying),
  };
}
