import type { Listener, TargetGroup } from '../model/aws.ts';
import type { JoinPlace } from '../model/intent.ts';
import { sameName, type Service, serviceOf, type ServicePort } from '../model/kubernetes.ts';
import { portNumber, portOf } from '../model/service-ports.ts';
import { type Reading, valueOf } from '../model/problem.ts';
import { bindingsOf, isMadeFor, type SharedGroups } from '../observed/enrollment.ts';
import { memberOf, type Member } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';

/** A target group with the port of the local Service that is to be bound to it. */
export interface MatchedPort {
  readonly arn: string;
  /** As clients see it: the port of the listener, which is also the primary's Service port. */
  readonly port: number;
  /** Undefined: the local Service lacks it. */
  readonly localPort: ServicePort | undefined;
  /** The binding that names the target group, where a listed cluster has one. */
  readonly pattern: Member | undefined;
}

/** A port of the local Service that cannot be bound, with what stands in the way. */
export type UnmatchedPort =
  | { readonly kind: 'unserved'; readonly port: ServicePort }
  | { readonly kind: 'weighted'; readonly port: ServicePort; readonly listener: Listener };

export interface Matched {
  readonly ports: readonly MatchedPort[];
  readonly unmatched: readonly UnmatchedPort[];
}

/** Which protocols of a Service a listener takes: a TLS listener hands over plain TCP. */
export const carries = (listener: string, service: string): boolean =>
  listener === service ||
  (service === 'TCP' && ['TLS', 'TCP_UDP'].includes(listener)) ||
  (service === 'UDP' && listener === 'TCP_UDP');

/** A port of a Service that an option names, by number or name. */
const named = (service: Service, text: string): ServicePort | undefined => portOf(service, text);

/** Listeners of the load balancer, where they were read. */
export const listenersOf = ({ loadBalancer }: Observed): readonly Listener[] =>
  (loadBalancer.ok && loadBalancer.value.listeners && valueOf(loadBalancer.value.listeners)) || [];

/** Target groups that an enrolled cluster names: each needs a port of the local Service. */
function byBindings(
  observed: Observed,
  local: Service,
  { mapPorts = [] }: JoinPlace,
  { source, arns }: SharedGroups,
  service: Service,
): readonly MatchedPort[] {
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
    const mapped = mapPorts.find(({ listener }) => candidates.includes(listener));
    const localPort = mapped
      ? named(local, mapped.port)
      : candidates.map((port) => portOf(local, port)).find((found) => found !== undefined);
    return [{ arn, port: fronts[0] ?? own, localPort, pattern }];
  });
}

/** Ports of the local Service, each with the listener that it goes behind. */
function byListeners(observed: Observed, local: Service, place: JoinPlace): Matched {
  const { mapPorts = [], targetGroups = [], ports } = place;
  const wanted = ports ? ports.flatMap((text) => named(local, text) ?? []) : local.ports;
  const listeners = listenersOf(observed).filter(({ targetGroupArns }) =>
    targetGroupArns.some((arn) => observed.named?.includes(arn) ?? true),
  );
  const found = wanted.map((port): MatchedPort | UnmatchedPort => {
    const explicit = targetGroups.find(
      (group) =>
        (group.port !== undefined && named(local, group.port) === port) ||
        (group.port === undefined && targetGroups.length === 1 && wanted.length === 1),
    );
    const mapped = mapPorts.find((one) => named(local, one.port) === port);
    const number = mapped?.listener ?? port.port;
    const listener = listeners.find(
      (one) => one.port === number && carries(one.protocol, port.protocol),
    );
    const groups = (listener?.targetGroupArns ?? []).filter(
      (arn) => observed.named?.includes(arn) ?? true,
    );
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
  return {
    ports: found.flatMap((one) => ('arn' in one ? [one] : [])),
    unmatched: found.flatMap((one) => ('kind' in one ? [one] : [])),
  };
}

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
 * are mapped or left out.
 */
export function matchPorts(
  observed: Observed,
  local: Service,
  place: JoinPlace,
  enrolled: { readonly groups: SharedGroups; readonly service: Service } | undefined,
): Matched {
  if (!enrolled) return byListeners(observed, local, place);
  const { groups, service } = enrolled;
  return { ports: byBindings(observed, local, place, groups, service), unmatched: [] };
}

/** The protocol that a port of a Service needs for a target group. */
export const protocolFor = (group: Reading<TargetGroup>): 'TCP' | 'UDP' | undefined => {
  if (!group.ok) return undefined;
  if (['TCP', 'TLS'].includes(group.value.protocol)) return 'TCP';
  return group.value.protocol === 'UDP' ? 'UDP' : undefined;
};
