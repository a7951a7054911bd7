import type {
  NetworkingPort,
  NetworkingRule,
  ServicePort,
  TargetType,
} from '../model/kubernetes.ts';
import type { TargetGroup } from '../model/aws.ts';
import { carriedBy } from '../model/protocols.ts';

export interface NetworkingFacts {
  /** The primary binding's rules. */
  readonly rules: readonly NetworkingRule[];
  readonly targetType: TargetType;
  readonly primaryPort: ServicePort;
  readonly localPort: ServicePort;
  readonly group: Pick<TargetGroup, 'protocol' | 'healthCheck'>;
}

/** The port that traffic arrives on behind a Service port: of the pod, or of the node. */
export const trafficPort = (
  port: ServicePort,
  targetType: TargetType,
): number | string | undefined => (targetType === 'ip' ? port.targetPort : port.nodePort);

/** The health check port of a target group where it is a number of its own. */
export const checkPort = ({ healthCheck }: Pick<TargetGroup, 'healthCheck'>): number | undefined =>
  /^\d+$/.test(healthCheck.port) ? Number(healthCheck.port) : undefined;

const portOn = (protocol: string, port: number | string | undefined): NetworkingPort => ({
  protocol,
  ...(port === undefined ? {} : { port }),
});

/**
 * What has to be open for traffic and for health checks at a port of pods or nodes. Traffic of TLS
 * is TCP; a check is always made over TCP, whatever the protocol of the traffic
 * (`pkg/service/model_build_target_group.go`, buildTargetGroupBindingNetworking).
 */
export const openPorts = (
  group: Pick<TargetGroup, 'protocol' | 'healthCheck'>,
  here: number | string | undefined,
): { readonly traffic: readonly NetworkingPort[]; readonly check: NetworkingPort } => ({
  traffic: carriedBy(group.protocol).map((protocol) => portOn(protocol, here)),
  check: portOn('TCP', checkPort(group) ?? here),
});

/** Each port once, whatever the type of its number. */
export const eachPortOnce = (ports: readonly NetworkingPort[]): readonly NetworkingPort[] => [
  ...new Map(ports.map((port) => [`${port.protocol ?? 'TCP'}/${port.port}`, port])).values(),
];

const isPort = (port: NetworkingPort, wanted: number | string | undefined): boolean =>
  wanted !== undefined && String(port.port) === String(wanted);

/**
 * The primary's networking for another cluster: the same peers rule by rule (an NLB without
 * security groups has one rule for traffic and another for health checks), and the ports of the
 * local Service. A rule without ports gets explicit ones: the controller makes no security group
 * rule at all of an empty list (`pkg/networking/networking_manager.go`). A health check port that is
 * a number belongs to the target group, so it is the same everywhere; where it is the primary's traffic
 * port, too, one entry there stands for both. Where the rules do not open the port that the
 * primary's Service has now, they are out of date: then every entry but the check's is its traffic.
 */
export function localNetworking(facts: NetworkingFacts): readonly NetworkingRule[] {
  const { group, rules } = facts;
  const there = trafficPort(facts.primaryPort, facts.targetType);
  const here = trafficPort(facts.localPort, facts.targetType);
  const { traffic, check } = openPorts(group, here);
  const own = checkPort(group);
  const carried: readonly string[] = carriedBy(group.protocol);
  const isCurrent = rules.some(({ ports }) => ports.some((port) => isPort(port, there)));
  const localOf = (port: NetworkingPort): readonly NetworkingPort[] => {
    const protocol = port.protocol ?? 'TCP';
    const isTraffic = isPort(port, there) || (!isCurrent && !isPort(port, own));
    if (!isTraffic) return [{ ...port }];
    if (own === undefined || protocol !== 'TCP') return [portOn(protocol, here)];
    return [
      ...(carried.includes('TCP') || !isPort(port, own) ? [portOn('TCP', here)] : []),
      ...(isPort(port, own) ? [check] : []),
    ];
  };
  return rules.map(({ from, ports }) => {
    const open = ports.length === 0 || ports.some(({ port }) => port === undefined);
    const local = open ? [...traffic, check] : ports.flatMap(localOf);
    return { from, ports: eachPortOnce(local) };
  });
}
