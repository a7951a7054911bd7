import { check, type Check } from '../plan/check.ts';
import { advice, type NlbmcHint } from '../model/hint.ts';
import { nameText, type ServicePort } from '../model/kubernetes.ts';
import { joinHint, showHint } from '../model/nlbmc-hints.ts';
import { carries } from '../model/protocols.ts';
import { portLabel, portsNamed } from '../model/service-ports.ts';
import { listed } from '../model/words.ts';
import { notChecked } from '../checks/evidence.ts';
import { namingOwner } from '../checks/owner.ts';
import { isOwned, ownedBy } from '../observed/owner.ts';
import { ownerSeenBy } from './owner-seen.ts';
import { handledTypes, strangeBalancer } from '../checks/groups.ts';
import { clearGroups } from './interface-groups.ts';
import { aboutLocal, type JoinCase, portOption } from './join-port.ts';
import { listenersOf } from './match-ports.ts';
import { unsharedChecks } from './unshared.ts';

/**
 * The same join with the one port mapped to the one listener that no port uses. Among several, which
 * may be those of other applications, nothing tells the right one.
 */
function mapping(subject: JoinCase, missing: readonly ServicePort[]): readonly NlbmcHint[] {
  const { ports, unmatched, intent, observed } = subject;
  const [port, ...more] = missing;
  if (!port || more.length > 0) return [];
  const free = listenersOf(observed).filter(
    (one) =>
      carries(one.protocol, port) &&
      ports.every(({ port: used }) => used !== one.port) &&
      unmatched.every((other) => other.kind !== 'weighted' || other.listener !== one),
  );
  if (free.length > 1) return [];
  const others = (intent.mapPorts ?? []).filter(
    (one) => !portsNamed(subject.localService, one.port).includes(port),
  );
  return free.map((one) =>
    joinHint({
      ...intent,
      mapPorts: [...others, { listener: one.port, port: portLabel(subject.localService, port) }],
    }),
  );
}

/** Each port needs a listener; which ones are left out, or go elsewhere, only a person knows. */
const served = check<JoinCase>('port-unserved', 'blocker', (subject) => {
  const { unmatched, ports, intent, localService, observed, enrolled } = subject;
  const missing = unmatched.flatMap((one) => (one.kind === 'unserved' ? [one.port] : []));
  if (missing.length === 0 && (ports.length > 0 || unmatched.length > 0 || enrolled)) {
    return undefined;
  }
  const listeners = listenersOf(observed)
    .map(({ port, protocol }) => `${port} (${protocol})`)
    .toSorted();
  const has = listeners.length === 0 ? 'no listener' : `listeners on ${listed(listeners)}`;
  const balancer = observed.loadBalancer.ok
    ? observed.loadBalancer.value.name
    : 'the load balancer';
  const others = ports.flatMap((port) => portOption(localService, port) ?? []);
  return {
    message:
      missing.length === 0
        ? `Service ${nameText(localService)} in ${subject.joining.context} has none of the ports that were named.`
        : `Load balancer ${balancer} has no listener for port ${listed(missing.map(({ port, protocol }) => `${port} (${protocol})`))} of Service ${nameText(localService)}; it has ${has}.`,
    about: aboutLocal(subject),
    hints: [
      ...mapping(subject, missing),
      ...(others.length > 0 && missing.length > 0 ? [joinHint({ ...intent, ports: others })] : []),
      advice(
        'Where a listener has another number than the port of the Service, use --map-port LISTENER=PORT.',
      ),
    ],
  };
});

/** Opening a target to every address is a person's decision. */
const namedRanges = check<JoinCase>('source-ranges-unnamed', 'blocker', (subject) => {
  const { ports, intent, observed } = subject;
  const open = ports.filter(({ derived }) => derived?.kind === 'unnamed');
  if (open.length === 0) return undefined;
  const which = open.map(
    ({ port, group }) => `${port}${group.ok ? ` (${group.value.protocol})` : ''}`,
  );
  const name = observed.loadBalancer.ok ? observed.loadBalancer.value.name : '';
  const { fromCidrs: named, ...without } = intent;
  return {
    message: `Load balancer ${name} has no security group, is internet-facing and keeps the address of the client on port ${listed(which)}. Which addresses may reach the targets is your decision: name them with --from-cidr${named?.length ? ', in the address family of the target group' : ''}.`,
    about: aboutLocal(subject),
    hints: [
      joinHint({ ...without, networking: false }),
      advice('With --no-networking, nlbmc opens no ports. Another tool must open them.'),
    ],
  };
});

/** The load balancer is another cluster's, and that one was not looked at: it may not share any more. */
const ownerSeen = check<JoinCase>('owner-unlisted', 'caution', (subject) => {
  const { intent } = subject;
  const owner = ownerSeenBy(subject);
  if (!isOwned(owner) || owner.cluster) return undefined;
  const { clusterName } = owner;
  return {
    message: `The load balancer is owned by ${ownedBy(owner)}, which was not listed. nlbmc cannot see whether that cluster still shares it: if it does not, its controller deregisters the targets of this join.`,
    about: { ...(clusterName === undefined ? {} : { clusterName }), service: owner.name },
    hints: [
      namingOwner(owner, (primary) =>
        joinHint({
          ...intent,
          service: owner.name,
          localService: intent.localService,
          primary,
        }),
      ),
    ],
    grave: true,
  };
});

/** AWS does not show whether a cluster shares: a document is what there is instead. */
const asRecorded = check<JoinCase>('sharing-recorded', 'caution', ({ observed }) =>
  notChecked(observed),
);

/** A load balancer that was named, or that a document tells of, is held to what nlbmc handles; that of a cluster was before. */
const knownBalancer = check<JoinCase>('type-unsupported', 'blocker', (subject) => {
  const strange = strangeBalancer(subject.observed);
  const judged = subject.enrolled !== undefined && subject.observed.recorded === undefined;
  if (judged || strange.length === 0) return undefined;
  return {
    message: `${handledTypes} Here, ${listed(strange)}.`,
    about: aboutLocal(subject),
    hints: [showHint(subject.intent, [subject.joining.context])],
  };
});

/** Whether the ports of the Service go where the person means them to go. */
export const groupMatchChecks: readonly Check<JoinCase>[] = [
  served,
  ...unsharedChecks,
  namedRanges,
  clearGroups,
  ownerSeen,
  asRecorded,
  knownBalancer,
];
