import { isNamed, joinedBindings, ownBindings } from '../observed/enrollment.ts';
import { nameText, sameName, serviceOf } from '../model/kubernetes.ts';
import type { LeaveIntent } from '../model/intent.ts';
import type { Binding, ObjectName, Service } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { leavePort, type LeavePort } from './leave-port.ts';
import type { LeftoverRecord } from './port-sets.ts';
import { serviceRead, unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { isGroupGone } from '../observed/stale-bindings.ts';
import { eachOnce } from '../model/problem-key.ts';
import type { Problem } from '../model/problem.ts';

/** Everything that is looked at when a cluster leaves. */
export interface LeaveCase {
  readonly observed: Observed;
  readonly intent: LeaveIntent;
  readonly leaving: ClusterView;
  readonly localService: Service | undefined;
  readonly ports: readonly LeavePort[];
  readonly leftovers: readonly LeftoverRecord[];
}

/** The bindings that the leave deletes. */
export const goingBindings = ({ ports }: LeaveCase): readonly Binding[] =>
  ports.flatMap(({ members }) => members.map(({ binding }) => binding));

const bindingsIn = (cluster: ClusterView): readonly Binding[] =>
  cluster.bindings.ok ? cluster.bindings.value : [];

/** Bindings of a Service, made by a controller or not; and those that joined it to a load balancer. */
const bindingsFor = (cluster: ClusterView, service: ObjectName): readonly Binding[] =>
  bindingsIn(cluster).filter((binding) => sameName(serviceOf(binding), service));
const joinedFor = (cluster: ClusterView, service: ObjectName): readonly Binding[] =>
  bindingsFor(cluster, service).filter(({ stack }) => stack === undefined);

/** The target groups that an enrolled cluster names: its own, or those that its Service has joined. */
function arnsNamedBy(cluster: ClusterView, service: ObjectName): readonly string[] {
  const own = ownBindings(cluster, service);
  const all = own.length > 0 ? own : joinedBindings(cluster, service);
  return [...new Set(all.map(({ targetGroupArn }) => targetGroupArn))];
}

/**
 * The target groups to leave: those named, else the primary's (and what the Service is bound to of
 * groups that AWS does not have any more), else those to which bindings of the local Service belong. Bindings that a controller made for that Service are its own load
 * balancer's; they are only taken where there is no other, so that the refusal can name them.
 */
export function arnsToLeave(observed: Observed, intent: LeaveIntent): readonly string[] {
  const { context, localService, primary, service, targetGroups } = intent;
  if (targetGroups.length > 0) return [...new Set(targetGroups)];
  const isMeant = (arn: string): boolean => isNamed(observed, arn);
  const named = observed.clusters.find((cluster) => cluster.context === (primary ?? context));
  if (!named) return [];
  if (primary !== undefined) {
    const own = arnsNamedBy(named, service).filter(isMeant);
    if (own.length === 0) return [];
    const leaving = observed.clusters.find((cluster) => cluster.context === context);
    // A primary that changed its type of targets has other groups by now, and the old ones are gone.
    const gone = (leaving ? joinedFor(leaving, localService) : [])
      .map(({ targetGroupArn }) => targetGroupArn)
      .filter((arn) => isGroupGone(observed, arn));
    return [...new Set([...own, ...gone])];
  }
  const local = bindingsFor(named, localService);
  const joined = joinedFor(named, localService);
  const found = (joined.length > 0 ? joined : local)
    .map(({ targetGroupArn }) => targetGroupArn)
    .filter(isMeant);
  // Of a load balancer that was named, all target groups are left where no binding is left.
  return [...new Set(found.length > 0 ? found : (observed.named ?? []))];
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
    const port = leavePort(arn, { ...subject, leftovers });
    if ('arn' in port) ports.push(port);
    else unread.push(...port);
  }
  if (unread.length > 0) return eachOnce(unread);
  return { ...subject, ports, leftovers };
}
