import { check, type Check } from '../plan/check.ts';
import { shareByHandHint, type Hint } from '../model/hint.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { primaryIn } from '../observed/owner.ts';
import { nameText, sameName } from '../model/kubernetes.ts';
import type { Binding } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { JoinCase, JoinPort } from './join-port.ts';
import {
  eligibleKeys,
  isRegistered,
  type Member,
  registeredIn,
  registeredKeys,
} from '../observed/member.ts';
import { sharingHints } from '../checks/owner.ts';
import { accepting, joinHint } from '../model/nlbmc-hints.ts';
import type { Problem } from '../model/problem.ts';
import { clustersKnown } from '../observed/recorded.ts';
import { staleCure } from '../progress/stale-cure.ts';
import { trackedKeys } from '../model/target-key.ts';
import { withdrawn } from './withdrawn.ts';
import { count } from '../model/words.ts';

/** Own registered endpoints of the cluster that names the target group which it does not track. */
function untracked({ pattern }: JoinPort): readonly string[] | 'no-set' {
  if (!pattern) return [];
  const { eligible, registered, tracked } = pattern;
  if (!eligible.ok || !registered.ok || !tracked.ok) return [];
  if (tracked.value.kind === 'missing') return 'no-set';
  const own = eligibleKeys(eligible.value);
  const recorded = trackedKeys(tracked.value);
  return [...registeredKeys(registered.value)].filter((key) => own.has(key) && !recorded.has(key));
}

/** How many own registered targets of that cluster are not tracked, over all ports. */
const untrackedOf = (ports: readonly JoinPort[]): number =>
  ports.reduce((sum, port) => {
    const missing = untracked(port);
    return sum + (missing === 'no-set' ? 0 : missing.length);
  }, 0);

/** Shared, and tracked but for some: that set and the targets in AWS were not read at one moment. */
function isLagging(port: JoinPort): boolean {
  const missing = untracked(port);
  return port.pattern?.binding.multiCluster === true && missing !== 'no-set' && missing.length > 0;
}

const aboutBinding = (context: string, { namespace, name }: Binding) => ({
  cluster: context,
  binding: { namespace, name },
});

/** Ports whose cluster does not seem to track all it registered, before that counts. */
export const laggingOf = ({ ports, intent }: JoinCase): readonly Problem[] =>
  intent.settled || intent.acceptLeaking === untrackedOf(ports)
    ? []
    : ports
        .filter(isLagging)
        .flatMap(({ pattern }) => pattern ?? [])
        .map(({ cluster: { context }, binding }) => ({
          code: 'primary-not-enabled',
          message: `The controller of ${context} does not track yet all that it registered for ${nameText(binding)}.`,
          about: aboutBinding(context, binding),
        }));

/**
 * What to do about a cluster that does not track all it registered. Sharing it harms no cluster that
 * joins: what is not tracked stays registered when its pod is gone, and a person may accept that.
 */
function trackingHints(
  { intent, ports }: JoinCase,
  port: JoinPort,
  pattern: Member,
): readonly Hint[] {
  const { cluster, binding } = pattern;
  const missing = untracked(port);
  if (missing === 'no-set') return sharingHints(cluster.context, binding);
  const leaking = untrackedOf(ports);
  return [
    ...(staleCure(pattern, missing).hints ?? []),
    accepting(
      joinHint({ ...intent, acceptLeaking: leaking }),
      `${count(leaking, 'target')} of ${cluster.context} will stay registered when ${leaking === 1 ? 'its pod is' : 'their pods are'} gone`,
    ),
  ];
}

const enabled = check<JoinCase>('primary-not-enabled', 'blocker', (subject) => {
  const { ports, intent, enrolled, joining } = subject;
  const accepted = intent.acceptLeaking === untrackedOf(ports);
  const primary = enrolled && primaryIn(enrolled.enrollment);
  // The bindings follow the Service: they lose a flag that the Service does not have.
  const lost =
    enrolled && primary === enrolled.cluster
      ? withdrawn(enrolled.service, enrolled.cluster.context)
      : undefined;
  const exclusive = ports.some(({ pattern }) => pattern && !pattern.binding.multiCluster);
  if (lost && !exclusive) return lost;
  return ports.flatMap((port) => {
    const { pattern, eligible } = port;
    if (!pattern || isOurs(port, pattern.binding)) return [];
    const { binding, cluster } = pattern;
    const saves = eligible.ok ? eligible.value.length : 0;
    const missing = accepted && isLagging(port) ? [] : untracked(port);
    if (!intent.settled && isLagging(port)) return [];
    const why = !binding.multiCluster
      ? `is exclusive: its controller would deregister ${saves === 0 ? 'every target' : `the ${count(saves, 'target')}`} of ${joining.context}`
      : missing === 'no-set'
        ? 'is multi-cluster, and its controller has not recorded yet which targets are its own'
        : missing.length > 0
          ? `is multi-cluster, and ${count(missing.length, 'registered target')} of its own ${missing.length === 1 ? 'is' : 'are'} not tracked`
          : undefined;
    if (why === undefined) return [];
    return [
      {
        message: `${nameText(binding)} in ${cluster.context} ${why}.`,
        about: aboutBinding(cluster.context, binding),
        hints: binding.multiCluster
          ? trackingHints(subject, port, pattern)
          : sharingHints(cluster.context, binding),
        ...(saves > 0 && !binding.multiCluster ? { saves } : {}),
      },
    ];
  });
});

/** The one that names the target group. Views of a recorded cluster are equal by their names only. */
const isPattern = (
  pattern: Member | undefined,
  { context }: ClusterView,
  binding: Binding,
): boolean =>
  pattern !== undefined &&
  pattern.cluster.context === context &&
  sameName(pattern.binding, binding);

/** The binding that the join is about, which may be the only one in sight. */
const isOurs = ({ ours }: JoinPort, binding: Binding): boolean => ours.includes(binding);

/** The way to set the flag of a binding in place; it is never deleted, since that deregisters all targets. */
function cureOf(
  { intent, joining, enrolled }: JoinCase,
  port: JoinPort,
  cluster: ClusterView,
  binding: Binding,
): readonly Hint[] {
  if (cluster === joining && port.ours.includes(binding)) {
    return [
      accepting(
        joinHint({ ...intent, adopt: true }),
        `nlbmc takes ${nameText(binding)} over and sets its flag`,
      ),
    ];
  }
  const inPlace = !enrolled || enrolled.enrollment.owner.kind === 'none';
  return binding.stack || inPlace
    ? sharingHints(cluster.context, binding)
    : [shareByHandHint(cluster.context, binding)];
}

const shared = check<JoinCase>('binding-exclusive', 'blocker', (subject) => {
  const { observed, ports, intent, joining } = subject;
  return ports.flatMap((port) => {
    const { arn, pattern, ours } = port;
    const read = registeredIn(observed, arn);
    const registered = read.ok ? read.value.filter(isRegistered).length : 0;
    return clustersKnown(observed).flatMap((cluster) =>
      bindingsOf(cluster, arn)
        .filter((binding) => !binding.multiCluster)
        // The one that names the target group is judged by whether its cluster shares it.
        .filter((binding) => !isPattern(pattern, cluster, binding) || isOurs(port, binding))
        .filter((binding) => !(cluster === joining && ours.includes(binding) && intent.adopt))
        .map((binding) => ({
          message: `${nameText(binding)} in ${cluster.context} is exclusive on the target group of port ${port.port}. Its controller deregisters the targets of every other cluster.`,
          about: aboutBinding(cluster.context, binding),
          hints: cureOf(subject, port, cluster, binding),
          saves: registered,
        })),
    );
  });
});

/** Hazards H1 and H8: which controller would deregister which cluster's targets. */
export const sharingChecks: readonly Check<JoinCase>[] = [enabled, shared];
