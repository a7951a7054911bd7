import { bindingFinalizer } from '../model/annotations.ts';
import { parseArn } from '../model/arn.ts';
import type { TargetGroup } from '../model/aws.ts';
import { capacityOf, type PortCapacity } from '../observed/capacity.ts';
import { eligibleTargets } from '../observed/eligibility.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { nameText } from '../model/kubernetes.ts';
import { contestedTargets, type ContestedTarget } from '../observed/contested-targets.ts';
import type { LeaveIntent } from '../model/intent.ts';
import type { Binding, ClusterView, ObjectName, Service } from '../model/kubernetes.ts';
import {
  isRegistered,
  memberOf,
  readingOf,
  registeredIn,
  unreadOf,
  type Member,
} from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { known, type Problem, type Reading } from '../model/problem.ts';
import type { RegisteredTarget, Target } from '../model/target.ts';
import { targetKey } from '../model/target-key.ts';

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
  /** Those that would be deregistered, and are another cluster's by now. */
  readonly contested: readonly ContestedTarget[];
  /** What stays when the own targets leave; undefined where the target group is gone. */
  readonly capacity: PortCapacity | undefined;
}

/** A ConfigMap of tracked targets whose binding is gone. */
export interface LeftoverRecord extends ObjectName {
  readonly targets: readonly Target[];
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

/** What a port is gathered from. */
export interface LeaveFacts {
  readonly observed: Observed;
  readonly intent: LeaveIntent;
  readonly leaving: ClusterView;
  readonly localService: Service | undefined;
  readonly leftovers: readonly LeftoverRecord[];
}

/** Gathers what is known of one target group, or what is needed and could not be read. */
export function leavePort(arn: string, facts: LeaveFacts): LeavePort | readonly Problem[] {
  const { observed, intent, leaving, localService } = facts;
  const group = groupRead(observed, arn);
  const members = bindingsOf(leaving, arn).map((binding) => memberOf(observed, leaving, binding));
  const type = (group.ok && group.value?.targetType) || 'ip';
  const ofService =
    members.length === 0 ? targetsOfService(leaving, localService, type) : known([]);
  const registered = group.ok && !group.value ? known([]) : registeredIn(observed, arn);
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
  const tracked = unique([...recorded, ...left.filter((target) => there.has(targetKey(target)))]);
  const mine = new Set([...tracked, ...eligible].map(targetKey));
  const own = standing.filter((target) => mine.has(targetKey(target)));
  const deleted = members.filter(({ binding }) => !binding.terminating);
  // Without a controller nlbmc takes out what is this cluster's, whatever the flag says.
  const exclusive =
    !intent.withoutController && deleted.some(({ binding }) => !binding.multiCluster);
  const byRecord = new Set(
    members
      .filter(({ binding }) => isHeld(binding))
      .flatMap(({ tracked: set }) =>
        set.ok && set.value.kind === 'set' ? set.value.targets.map(targetKey) : [],
      ),
  );
  // Without a controller it is nlbmc that deregisters what is recorded, whoever holds the binding.
  const dealtWith = intent.withoutController ? new Set(tracked.map(targetKey)) : byRecord;
  const others = exclusive ? standing.filter((target) => !mine.has(targetKey(target))) : [];
  const contested = contestedTargets(observed, leaving, {
    arn,
    // What nlbmc takes out itself need not be recorded: an endpoint may be at another's address, too.
    targets: intent.withoutController
      ? own
      : tracked.filter((target) => there.has(targetKey(target))),
    eligible,
  });
  // Without a controller what is another's stays, and serves on; what may be is refused.
  const foreign = new Set(
    contested.filter(({ unsure }) => !unsure).map(({ target }) => targetKey(target)),
  );
  const goes = intent.withoutController
    ? own.filter((target) => !foreign.has(targetKey(target)))
    : [...own, ...others];
  const capacity = group.value
    ? capacityOf(observed, {
        arn,
        port: members[0]?.port ?? null,
        leaving: new Set(goes.map(targetKey)),
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
    others,
    leaking:
      exclusive || members.length === 0
        ? []
        : own.filter((target) => {
            const key = targetKey(target);
            return !dealtWith.has(key) && !(intent.withoutController && foreign.has(key));
          }),
    contested,
    capacity: capacity?.value,
  };
}
