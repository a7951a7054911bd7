import { ownBindings } from '../observed/enrollment.ts';
import { nameText, sameName } from '../model/kubernetes.ts';
import type { LeaveIntent } from '../model/intent.ts';
import type { Binding, ClusterView, ObjectName, Service } from '../model/kubernetes.ts';
import { leavePort, type LeavePort } from './leave-port.ts';
import type { LeftoverRecord } from './port-sets.ts';
import { readingOf, unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { eachOnce } from '../model/problem-key.ts';
import type { Problem, Reading } from '../model/problem.ts';

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
export function serviceRead(cluster: ClusterView, name: ObjectName): Reading<Service | undefined> {
  const key = nameText(name);
  return (
    cluster.services[key] ??
    (sameName(cluster.localService, name)
      ? cluster.service
      : readingOf<Service | undefined>({}, key, `Service ${key}`))
  );
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
