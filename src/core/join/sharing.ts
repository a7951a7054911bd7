import { check, type Check } from '../plan/check.ts';
import { shareByHandHint, type Hint } from '../model/hint.ts';
import { bindingsOf, isMadeFor } from '../observed/enrollment.ts';
import { nameText } from '../model/kubernetes.ts';
import type { Binding } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { JoinCase, JoinPort } from './join-case.ts';
import { eligibleKeys, isRegistered } from '../observed/member.ts';
import { accepting, enableHint, joinHint } from '../model/nlbmc-hints.ts';
import type { Problem } from '../model/problem.ts';
import { staleCure } from '../progress/stale-cure.ts';
import { targetKey, trackedKeys } from '../model/target-key.ts';
import { withdrawn } from './withdrawn.ts';
import { count } from '../model/words.ts';

/** Own registered endpoints of the primary that it does not track. */
function untracked({ primary }: JoinPort): readonly string[] | 'no-set' {
  const { eligible, registered, tracked } = primary;
  if (!eligible.ok || !registered.ok || !tracked.ok) return [];
  if (tracked.value.kind === 'missing') return 'no-set';
  const own = eligibleKeys(eligible.value);
  const recorded = trackedKeys(tracked.value);
  return registered.value
    .filter(isRegistered)
    .map(({ target }) => targetKey(target))
    .filter((key) => own.has(key) && !recorded.has(key));
}

/** How many own registered targets of the primary are not tracked, over all ports. */
const untrackedOf = (ports: readonly JoinPort[]): number =>
  ports.reduce((sum, port) => {
    const missing = untracked(port);
    return sum + (missing === 'no-set' ? 0 : missing.length);
  }, 0);

/** Shared, and tracked but for some: that set and the targets in AWS were not read at one moment. */
function isLagging(port: JoinPort): boolean {
  const missing = untracked(port);
  return port.primary.binding.multiCluster && missing !== 'no-set' && missing.length > 0;
}

const aboutBinding = (context: string, { namespace, name }: Binding) => ({
  cluster: context,
  binding: { namespace, name },
});

/** Ports whose primary does not seem to track all it registered, before that counts. */
export const laggingOf = ({ ports, intent }: JoinCase): readonly Problem[] =>
  intent.settled || intent.acceptLeaking === untrackedOf(ports)
    ? []
    : ports.filter(isLagging).map(({ primary }) => ({
        code: 'primary-not-enabled',
        message: `The controller of ${intent.primary} does not track yet all that it registered for ${nameText(primary.binding)}.`,
        about: aboutBinding(intent.primary, primary.binding),
      }));

/**
 * What to do about a primary that does not track all it registered. Sharing it harms no cluster that
 * joins: what is not tracked stays registered when its pod is gone, and a person may accept that.
 */
function trackingHints({ intent, ports }: JoinCase, port: JoinPort): readonly Hint[] {
  const missing = untracked(port);
  if (missing === 'no-set') return [enableHint(intent.service, intent.primary)];
  const leaking = untrackedOf(ports);
  return [
    ...(staleCure(port.primary, missing).hints ?? []),
    accepting(
      joinHint({ ...intent, acceptLeaking: leaking }),
      `${count(leaking, 'target')} of ${intent.primary} will stay registered when ${leaking === 1 ? 'its pod is' : 'their pods are'} gone`,
    ),
  ];
}

const enabled = check<JoinCase>('primary-not-enabled', 'blocker', (subject) => {
  const { ports, intent, service, secondary } = subject;
  const accepted = intent.acceptLeaking === untrackedOf(ports);
  // The bindings follow the Service: they lose a flag that the Service does not have.
  const lost = withdrawn(service, intent.primary);
  const exclusive = ports.some(({ primary }) => !primary.binding.multiCluster);
  if (lost && !exclusive) return lost;
  return ports.flatMap((port) => {
    const { primary, eligible } = port;
    const saves = eligible.ok ? eligible.value.length : 0;
    const missing = accepted && isLagging(port) ? [] : untracked(port);
    if (!intent.settled && isLagging(port)) return [];
    const why = !primary.binding.multiCluster
      ? `is exclusive: its controller would deregister ${saves === 0 ? 'every target' : `the ${count(saves, 'target')}`} of ${secondary.context}`
      : missing === 'no-set'
        ? 'is multi-cluster, and its controller has not recorded yet which targets are its own'
        : missing.length > 0
          ? `is multi-cluster, and ${count(missing.length, 'registered target')} of its own ${missing.length === 1 ? 'is' : 'are'} not tracked`
          : undefined;
    if (why === undefined) return [];
    return [
      {
        message: `${nameText(primary.binding)} in ${intent.primary} ${why}.`,
        about: aboutBinding(intent.primary, primary.binding),
        hints: primary.binding.multiCluster
          ? trackingHints(subject, port)
          : [enableHint(service, intent.primary)],
        ...(saves > 0 && !primary.binding.multiCluster ? { saves } : {}),
      },
    ];
  });
});

/** The way to set the flag of a binding in place; it is never deleted, since that deregisters all targets. */
function sharingHint(
  { intent, secondary }: JoinCase,
  port: JoinPort,
  cluster: ClusterView,
  binding: Binding,
): Hint {
  if (cluster === secondary && port.ours.includes(binding)) {
    return accepting(
      joinHint({ ...intent, adopt: true }),
      `nlbmc takes ${nameText(binding)} over and sets its flag`,
    );
  }
  return binding.stack
    ? enableHint(binding.stack, cluster.context)
    : shareByHandHint(cluster.context, binding);
}

const shared = check<JoinCase>('binding-exclusive', 'blocker', (subject) => {
  const { observed, ports, intent, service, secondary } = subject;
  return ports.flatMap((port) => {
    const { primary, ours } = port;
    const registered = primary.registered.ok
      ? primary.registered.value.filter(isRegistered).length
      : 0;
    return observed.clusters.flatMap((cluster) =>
      bindingsOf(cluster, primary.binding.targetGroupArn)
        .filter((binding) => !binding.multiCluster)
        // The Service's own bindings are judged by whether the primary is enabled.
        .filter((binding) => cluster !== primary.cluster || !isMadeFor(binding, service))
        .filter((binding) => !(cluster === secondary && ours.includes(binding) && intent.adopt))
        .map((binding) => ({
          message: `${nameText(binding)} in ${cluster.context} is exclusive on the target group of port ${primary.port}. Its controller deregisters the targets of every other cluster.`,
          about: aboutBinding(cluster.context, binding),
          hints: [sharingHint(subject, port, cluster, binding)],
          saves: registered,
        })),
    );
  });
});

/** Hazards H1 and H8: which controller would deregister which cluster's targets. */
export const sharingChecks: readonly Check<JoinCase>[] = [enabled, shared];
