import { bindingFinalizer } from './annotations.ts';
import { parseArn } from './arn.ts';
import type { TargetGroup } from './aws.ts';
import { capacityOf, type PortCapacity } from './capacity.ts';
import { eligibleTargets } from './eligibility.ts';
import { bindingsOf, nameText, ownBindings, sameName } from './enrollment.ts';
import type { LeaveIntent } from './intent.ts';
import type { Binding, ClusterView, ObjectName, Service } from './kubernetes.ts';
import { isRegistered, memberOf, readingOf, registeredIn, unreadOf, type Member } from './member.ts';
import type { Observed } from './observed.ts';
import { known, type Problem, type Reading } from './problem.ts';
import type { RegisteredTarget, Target } from './target.ts';
import { foreignTargets, type ForeignTarget } from './foreign-targets.ts';
import { targetKey } from './target-key.ts';

/** One target group that a cluster leaves. */
export interface LeavePort {
  readonly arn: string;
  /** Port of the Service; null: no binding is left that tells. */
  readonly port: number | string | null;
  /** Undefined: AWS has no such target group any more. */
  readonly group: TargetGroup | undefined;
  /** Bindings of the cluster on it, whoever made them. */
  readonly members: readonly Member[];
  /** What the controller recorded as its own, and what a ConfigMap without its binding lists. */
  readonly tracked: readonly Target[];
  /** Endpoints that the controller registers, tracked or not. */
  readonly eligible: readonly Target[];
  /** What AWS has, draining targets with it. */
  readonly registered: readonly RegisteredTarget[];
  /** The cluster's targets that AWS has and does not drain. */
  readonly own: readonly Target[];
  /** Others' targets that a deletion takes, since a binding is exclusive. */
  readonly others: readonly Target[];
  /** Own targets that nobody would deregister. */
  readonly leaking: readonly Target[];
  /** Tracked ones that are another cluster's by now. */
  readonly contested: readonly ForeignTarget[];
  /** What stays when the own targets leave; undefined where the target group is gone. */
  readonly capacity: PortCapacity | undefined;
}

/** A ConfigMap of tracked targets whose binding is gone. */
export interface LeftoverRecord extends ObjectName {
  readonly targets: readonly Target[];
}

/** Everything that is looked at when a cluster leaves. */
export interface LeaveCase {
  readonly observed: Observed;
  readonly intent: LeaveIntent;
  readonly leaving: ClusterView;
  readonly localService: Service | undefined;
  readonly ports: readonly LeavePort[];
  readonly leftovers: readonly LeftoverRecord[];
}

const bindingsIn = (cluster: ClusterView): readonly Binding[] =>
  cluster.bindings.ok ? cluster.bindings.value : [];

/**
 * The target groups to leave: those named, else the primary's, else those to which bindings of the
 * local Service belong. Bindings that a controller made for that Service are its own load
 * balancer's; they are only taken where there is no other, so that the refusal can name them.
 */
export function arnsToLeave(observed: Observed, intent: LeaveIntent): readonly string[] {
  const { context, localService, primary, service, targetGroups } = intent;
  if (targetGroups.length > 0) return [...new Set(targetGroups)];
  const named = observed.clusters.find((cluster) => cluster.context === (primary ?? context));
  if (!named) return [];
  if (primary !== undefined) {
    return [...new Set(ownBindings(named, service).map(({ targetGroupArn }) => targetGroupArn))];
  }
  const local = bindingsIn(named).filter(
    ({ namespace, serviceName }) =>
      namespace === localService.namespace && serviceName === localService.name,
  );
  const joined = local.filter(({ stack }) => stack === undefined);
  return [
    ...new Set((joined.length > 0 ? joined : local).map(({ targetGroupArn }) => targetGroupArn)),
  ];
}

/** The local Service; the view's own one where that is it. */
export function serviceRead(
  cluster: ClusterView,
  name: ObjectName,
): Reading<Service | undefined> {
  const key = nameText(name);
  return (
    cluster.services[key] ??
    (sameName(cluster.localService, name)
      ? cluster.service
      : readingOf<Service | undefined>({}, key, `Service ${key}`))
  );
}

/** Targets of any port of a Service: where no binding tells which port the target group is for. */
function targetsOfService(
  cluster: ClusterView,
  service: Service | undefined,
  targetType: string,
): Reading<readonly Target[]> {
  if (!service) return known([]);
  const key = nameText(service);
  const endpoints = readingOf(cluster.endpoints, key, `Endpoints of Service ${key}`);
  if (!endpoints.ok) return endpoints;
  const all: Target[] = [];
  for (const { port } of service.ports) {
    const found = eligibleTargets({
      binding: { targetType: targetType === 'instance' ? 'instance' : 'ip', servicePort: port },
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
export function groupRead(observed: Observed, arn: string): Reading<TargetGroup | undefined> {
  const group = readingOf(observed.targetGroups, arn, `Target group ${arn}`);
  if (group.ok || group.problem.code !== 'aws-not-found') return group;
  const { account } = observed;
  return account?.ok && parseArn(arn)?.account === account.value ? known(undefined) : group;
}

const unique = (targets: readonly Target[]): readonly Target[] => [
  ...new Map(targets.map((target) => [targetKey(target), target])).values(),
];

/**
 * Whether the controller has taken a binding on: only then does it act on its deletion. What Auto
 * Mode calls its finalizer is not documented: any one counts there.
 */
export const isHeld = ({ finalizers, flavour }: Binding): boolean =>
  flavour === 'lbc' ? finalizers.includes(bindingFinalizer) : finalizers.length > 0;

interface PortFacts {
  readonly subject: Pick<LeaveCase, 'observed' | 'intent' | 'leaving' | 'localService'>;
  readonly leftovers: readonly LeftoverRecord[];
}

function portOf(arn: string, facts: PortFacts): LeavePort | readonly Problem[] {
  const { observed, leaving, localService } = facts.subject;
  const group = groupRead(observed, arn);
  const members = bindingsOf(leaving, arn).map((binding) => memberOf(observed, leaving, binding));
  const type = (group.ok && group.value?.targetType) || 'ip';
  const ofService =
    members.length === 0 ? targetsOfService(leaving, localService, type) : known([]);
  const registered =
    group.ok && !group.value ? known([]) : registeredIn(observed, arn);
  const inCluster: readonly Reading<unknown>[] = [
    ...members.flatMap(({ service, eligible, tracked }) => [service, eligible, tracked]),
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
  const recorded = members.flatMap(({ tracked }) =>
    tracked.ok && tracked.value.kind === 'set' ? tracked.value.targets : [],
  );
  const left = facts.leftovers.flatMap(({ targets }) => targets);
  const standing = registered.value.filter(isRegistered).map(({ target }) => target);
  const there = new Set(standing.map(targetKey));
  const tracked = unique([
    ...recorded,
    ...left.filter((target) => there.has(targetKey(target))),
  ]);
  const mine = new Set([...tracked, ...eligible].map(targetKey));
  const own = standing.filter((target) => mine.has(targetKey(target)));
  const deleted = members.filter(({ binding }) => !binding.terminating);
  const exclusive = deleted.some(({ binding }) => !binding.multiCluster);
  const byRecord = new Set(
    members
      .filter(({ binding }) => isHeld(binding))
      .flatMap(({ tracked: set }) =>
        set.ok && set.value.kind === 'set' ? set.value.targets.map(targetKey) : [],
      ),
  );
  // Without a controller it is nlbmc that deregisters what is recorded, whoever holds the binding.
  const dealtWith = facts.subject.intent.withoutController ? new Set(tracked.map(targetKey)) : byRecord;
  const capacity = group.value
    ? capacityOf(observed, {
        arn,
        port: members[0]?.port ?? null,
        leaving: new Set(own.map(targetKey)),
      })
    : undefined;
  if (capacity && !capacity.ok) return unreadOf([capacity]);
  return {
    arn,
    port: members[0]?.port ?? null,
    group: group.value,
    members,
    tracked,
    eligible,
    registered: registered.value,
    own,
    others: exclusive ? standing.filter((target) => !mine.has(targetKey(target))) : [],
    leaking:
      exclusive || members.length === 0
        ? []
        : own.filter((target) => !dealtWith.has(targetKey(target))),
    contested: foreignTargets(observed, leaving, {
      arn,
      targets: tracked.filter((target) => there.has(targetKey(target))),
      eligible,
    }),
    capacity: capacity?.value,
  };
}

/**
 * Gathers what a leave looks at; or the facts that are needed and could not be read. The bindings of
 * the cluster that leaves have been read.
 */
export function leaveCase(
  observed: Observed,
  intent: LeaveIntent,
  found: { readonly leaving: ClusterView; readonly arns: readonly string[] },
): LeaveCase | readonly Problem[] {
  const { leaving, arns } = found;
  const service = serviceRead(leaving, intent.localService);
  if (!service.ok) return unreadOf([service], leaving.context);
  const subject = { observed, intent, leaving, localService: service.value };
  const there = new Set(bindingsIn(leaving).map(nameText));
  const orphans = Object.entries(leaving.tracked).filter(([name]) => !there.has(name));
  const unreadOrphans = intent.withoutController
    ? unreadOf(
        orphans.map(([, reading]) => reading),
        leaving.context,
      )
    : [];
  const leftovers = orphans.flatMap(([key, reading]): readonly LeftoverRecord[] => {
    const [namespace = '', name = ''] = key.split('/');
    return reading.ok && reading.value.kind === 'set'
      ? [{ namespace, name, targets: reading.value.targets }]
      : [];
  });
  const ports: LeavePort[] = [];
  const unread: Problem[] = [...unreadOrphans];
  for (const arn of arns) {
    const port = portOf(arn, { subject, leftovers });
    if ('arn' in port) ports.push(port);
    else unread.push(...port);
  }
  if (unread.length > 0) {
    return [...new Map(unread.map((problem) => [problem.message, problem])).values()];
  }
  return { ...subject, ports, leftovers };
}
