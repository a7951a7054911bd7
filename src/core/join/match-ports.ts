import type { Listener, TargetGroup } from '../model/aws.ts';
import type { JoinPlace } from '../model/intent.ts';
import { sameName, type Service, serviceOf, type ServicePort } from '../model/kubernetes.ts';
import { carries } from '../model/protocols.ts';
import { portNumber, portsNamed } from '../model/service-ports.ts';
import { valueOf } from '../model/problem.ts';
import { bindingsOf, isMadeFor, isNamed, type SharedGroups } from '../observed/enrollment.ts';
import { memberOf, type Member } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { unsharedReason } from './unshared-reason.ts';

/** A target group with the port of the local Service that is to be bound to it. */
export interface MatchedPort {
  readonly arn: string;
  /** As clients see it: the port of the listener, which is also the primary's Service port. */
  readonly port: number;
  /** Undefined: the local Service lacks it. Of the two ports of a TCP_UDP group the first one. */
  readonly localPort: ServicePort | undefined;
  /** The binding that names the target group, where a listed cluster has one. */
  readonly pattern: Member | undefined;
}

/** A port that is not bound, with what stands in the way. */
export type UnmatchedPort =
  | { readonly kind: 'unserved'; readonly port: ServicePort }
  | { readonly kind: 'weighted'; readonly port: ServicePort; readonly listener: Listener }
  /** nlbmc cannot share it, by its nature. */
  | { readonly kind: 'unshared'; readonly matched: MatchedPort; readonly group: TargetGroup };

export interface Matched {
  readonly ports: readonly MatchedPort[];
  readonly unmatched: readonly UnmatchedPort[];
  /** Target groups of the enrollment, those that are not bound included. */
  readonly count: number;
}

/** Listeners of the load balancer, where they were read. */
export const listenersOf = ({ loadBalancer }: Observed): readonly Listener[] =>
  (loadBalancer.ok && loadBalancer.value.listeners && valueOf(loadBalancer.value.listeners)) || [];

const groupOf = ({ targetGroups }: Observed, arn: string): TargetGroup | undefined => {
  const read = targetGroups[arn];
  return read && valueOf(read);
};

/** The protocol of a target group, from AWS or from the binding that names it. */
const protocolOf = (observed: Observed, arn: string, pattern?: Member): string | undefined =>
  groupOf(observed, arn)?.protocol ?? pattern?.binding.protocol;

/** Of the ports that an option or a number names, the one that the protocol fits, else any. */
const fitting = (
  ports: readonly ServicePort[],
  protocol: string | undefined,
): ServicePort | undefined =>
  ports.find((port) => protocol !== undefined && carries(protocol, port)) ?? ports[0];

/** Target groups that an enrolled cluster names: each needs a port of the local Service. */
function byBindings(
  observed: Observed,
  local: Service,
  { mapPorts = [], ports: chosen }: JoinPlace,
  { source, arns }: SharedGroups,
  service: Service,
): readonly MatchedPort[] {
  const wanted = chosen?.flatMap((text) => portsNamed(local, text));
  return arns.flatMap((arn): readonly MatchedPort[] => {
    const all = bindingsOf(source, arn);
    const binding = all.find((one) => isMadeFor(one, service)) ?? all[0];
    if (!binding) return [];
    const pattern = memberOf(observed, source, binding);
    const own = Number(portNumber(service, binding.servicePort));
    const fronts = isMadeFor(binding, service)
      ? [own]
      : listenersOf(observed)
          .filter(({ targetGroupArns }) => targetGroupArns.includes(arn))
          .map(({ port }) => port);
    const candidates = [...fronts, own];
    const protocol = protocolOf(observed, arn, pattern);
    const mapped = mapPorts.filter(({ listener }) => candidates.includes(listener));
    const meant = mapped.length > 0 ? mapped.map(({ port }) => port) : candidates.map(String);
    const named = meant.flatMap((port) => portsNamed(local, port));
    const localPort = fitting(named, protocol);
    // The person named the ports that join: a group of another one is not meant.
    if (wanted && (!localPort || !wanted.includes(localPort))) return [];
    return [{ arn, port: fronts[0] ?? own, localPort, pattern }];
  });
}

/** Ports of the local Service, each with the listener that it goes behind. */
function byListeners(observed: Observed, local: Service, place: JoinPlace): Omit<Matched, 'count'> {
  const { mapPorts = [], targetGroups = [], ports } = place;
  const wanted = ports ? ports.flatMap((text) => portsNamed(local, text)) : local.ports;
  const numbers = new Set(wanted.map(({ port }) => port));
  const listeners = listenersOf(observed).filter(({ targetGroupArns }) =>
    targetGroupArns.some((arn) => isNamed(observed, arn)),
  );
  const found = wanted.map((port): MatchedPort | UnmatchedPort => {
    const explicit = targetGroups.find((group) => {
      if (group.port === undefined && (targetGroups.length > 1 || numbers.size > 1)) return false;
      const meant = group.port === undefined ? wanted : portsNamed(local, group.port);
      const protocol = protocolOf(observed, group.arn);
      // Of two ports with one number the group's protocol chooses; TCP_UDP takes both.
      const fits = meant.length === 1 || protocol === undefined || carries(protocol, port);
      return meant.includes(port) && fits;
    });
    const mapped = mapPorts.filter((one) => portsNamed(local, one.port).includes(port));
    const fronts = mapped.length > 0 ? mapped.map(({ listener }) => listener) : [port.port];
    const listener = listeners.find(
      (one) => fronts.includes(one.port) && carries(one.protocol, port),
    );
    const groups = (listener?.targetGroupArns ?? []).filter((arn) => isNamed(observed, arn));
    const arn = explicit?.arn ?? (groups.length === 1 ? groups[0] : undefined);
    if (arn !== undefined) {
      const front = listeners.find(({ targetGroupArns }) => targetGroupArns.includes(arn));
      return {
        arn,
        port: listener?.port ?? front?.port ?? port.port,
        localPort: port,
        pattern: patternOf(observed, arn, local),
      };
    }
    return listener ? { kind: 'weighted', port, listener } : { kind: 'unserved', port };
  });
  const matched = found.flatMap((one) => ('arn' in one ? [one] : []));
  return {
    // Both ports of a TCP_UDP group are one binding.
    ports: matched.filter(
      (one, n) => !matched.slice(0, n).some((before) => isSamePort(before, one)),
    ),
    unmatched: found.flatMap((one) => ('kind' in one ? [one] : [])),
  };
}

const isSamePort = (a: MatchedPort, b: MatchedPort): boolean =>
  a.arn === b.arn && a.localPort?.port === b.localPort?.port;

/** The binding of another member on a target group, where one is in sight: how it opens its ports. */
function patternOf(observed: Observed, arn: string, local: Service): Member | undefined {
  for (const cluster of observed.clusters) {
    const binding = bindingsOf(cluster, arn).find((one) => !sameName(serviceOf(one), local));
    if (binding) return memberOf(observed, cluster, binding);
  }
  return undefined;
}

/**
 * Which port of the local Service goes to which target group. Where an enrolled cluster was named,
 * its bindings name the target groups, and each of these needs a port. Otherwise the listeners of
 * the load balancer do: each port of the Service needs a listener of the same number, unless ports
 * are mapped or left out. A port is its number and its protocol. Both ports of a TCP_UDP group are
 * matched as one. What cannot be shared by its nature is left over, and does not hold up the rest.
 */
export function matchPorts(
  observed: Observed,
  local: Service,
  place: JoinPlace,
  enrolled: { readonly groups: SharedGroups; readonly service: Service } | undefined,
): Matched {
  const { ports, unmatched } = enrolled
    ? {
        ports: byBindings(observed, local, place, enrolled.groups, enrolled.service),
        unmatched: [],
      }
    : byListeners(observed, local, place);
  const isShared = ({ arn, port }: MatchedPort): boolean => {
    const group = groupOf(observed, arn);
    return !group || unsharedReason(group, port) === undefined;
  };
  return {
    count: enrolled ? enrolled.groups.arns.length : ports.length,
    ports: ports.filter(isShared),
    unmatched: [
      ...unmatched,
      ...ports
        .filter((one) => !isShared(one))
        .map((matched) => ({
          kind: 'unshared' as const,
          matched,
          group: groupOf(observed, matched.arn)!,
        })),
    ],
  };
}
