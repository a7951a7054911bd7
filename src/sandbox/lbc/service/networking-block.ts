import { atLeast } from '../process/version.ts';
import type { Protocol, Scheme, SecurityGroupRef } from './model-terms.ts';

/** Who may reach the targets. */
export type Peer =
  | { readonly kind: 'group'; readonly group: SecurityGroupRef }
  | { readonly kind: 'cidr'; readonly cidr: string };

/** A port that targets let in; without a number every port. */
export interface NetworkingPort {
  readonly protocol: 'TCP' | 'UDP';
  readonly port?: number | string;
}

/** One rule of a binding's spec.networking.ingress. */
export interface NetworkingRule {
  readonly from: readonly Peer[];
  readonly ports: readonly NetworkingPort[];
}

/** What the rules of one target group follow from. */
export interface NetworkingFacts {
  /** The controller's. */
  readonly version: string;
  /** The target group's. */
  readonly protocol: Protocol;
  /** The target port (a number or a port's name), or the node port. */
  readonly port: number | string;
  readonly healthCheckPort: number | 'traffic-port';
  readonly peer?: SecurityGroupRef | undefined;
  /** The load balancer has no security groups at all. */
  readonly withoutGroups: boolean;
  /** `--disable-restricted-sg-rules`; it does not count for a load balancer without groups. */
  readonly anyPort: boolean;
  /** The manage-rules annotation; it counts only for a load balancer without groups. */
  readonly manages: boolean;
  /** As the controller sees it: for ip targets false unless an attribute says so, UDP or not. */
  readonly preservesClientIp: boolean;
  readonly scheme: Scheme;
  /** Of the family of the targets, as the two below. */
  readonly subnetCidrs: readonly string[];
  readonly everywhere: string;
  readonly sourceRanges: readonly string[];
  vpcCidrs(): readonly string[];
}

/**
 * A binding's spec.networking.ingress, absent where the rules on targets are left to the user
 * (pkg/service/model_build_target_group.go, buildTargetGroupBindingNetworking and …Legacy).
 */
export function buildNetworking(facts: NetworkingFacts): readonly NetworkingRule[] | undefined {
  if (facts.withoutGroups) return facts.manages ? withoutGroups(facts) : undefined;
  if (!facts.peer) return undefined;
  const from: Peer[] = [{ kind: 'group', group: facts.peer }];
  if (!facts.anyPort) return [{ from, ports: restrictedPorts(facts) }];
  const ports: NetworkingPort[] = [{ protocol: 'TCP' }];
  return [{ from, ports: speaksUdp(facts.protocol) ? [...ports, { protocol: 'UDP' }] : ports }];
}

const speaksUdp = (protocol: Protocol): boolean => protocol === 'UDP' || protocol === 'TCP_UDP';

const checksTraffic = ({ healthCheckPort, port }: NetworkingFacts): boolean =>
  healthCheckPort === 'traffic-port' || healthCheckPort === port;

/** Traffic, and the TCP port that health checks knock at: they are never UDP. */
function restrictedPorts(facts: NetworkingFacts): NetworkingPort[] {
  const { protocol, port, healthCheckPort } = facts;
  const ports: NetworkingPort[] = [];
  if (speaksUdp(protocol)) ports.push({ protocol: 'UDP', port });
  const needsTcp = protocol === 'TCP' || protocol === 'TCP_UDP' || mindsTls(facts);
  if (needsTcp || (protocol === 'UDP' && checksTraffic(facts))) {
    ports.push({ protocol: 'TCP', port });
  }
  if (!checksTraffic(facts)) ports.push({ protocol: 'TCP', port: healthCheckPort });
  return ports;
}

/** v2.13.0 and v2.13.1 forgot TLS groups, whose bindings then had no ports (issues 4181 and 4183). */
function mindsTls({ protocol, version }: NetworkingFacts): boolean {
  const forgets = atLeast(version, '2.13.0') && !atLeast(version, '2.13.2');
  return protocol === 'TLS' && !forgets;
}

/** Address blocks instead of groups; traffic that keeps the client's address needs the clients'. */
function withoutGroups(facts: NetworkingFacts): NetworkingRule[] {
  const { subnetCidrs, healthCheckPort, port } = facts;
  const { traffic, byDefault } = trafficSources(facts);
  const rules: NetworkingRule[] = [{ from: blocks(traffic), ports: trafficPorts(facts) }];
  // buildHealthCheckSourceCIDRs. It looks at the attribute alone, so that checks of a TCP_UDP group
  // of ip targets get no rule even where source ranges leave the load balancer's subnets out.
  const covered =
    !facts.preservesClientIp ||
    byDefault ||
    traffic.some((cidr) => cidr === '0.0.0.0/0' || cidr === '::/0');
  if (!(facts.protocol !== 'UDP' && checksTraffic(facts) && covered)) {
    const checked = healthCheckPort === 'traffic-port' ? port : healthCheckPort;
    rules.push({ from: blocks(subnetCidrs), ports: [{ protocol: 'TCP', port: checked }] });
  }
  return rules;
}

/** Up to v2.14 TCP_UDP groups counted as TCP here. */
function trafficSources(facts: NetworkingFacts): {
  readonly traffic: readonly string[];
  readonly byDefault: boolean;
} {
  const { protocol, version, sourceRanges } = facts;
  const keepsClient =
    facts.preservesClientIp ||
    protocol === 'UDP' ||
    (protocol === 'TCP_UDP' && atLeast(version, '2.15.0'));
  if (!keepsClient) return { traffic: facts.subnetCidrs, byDefault: false };
  if (sourceRanges.length > 0) return { traffic: sourceRanges, byDefault: false };
  const anyone = facts.scheme === 'internal' ? facts.vpcCidrs() : [facts.everywhere];
  return { traffic: anyone, byDefault: true };
}

function trafficPorts({ protocol, port }: NetworkingFacts): NetworkingPort[] {
  switch (protocol) {
    case 'TCP_UDP':
      return [
        { protocol: 'TCP', port },
        { protocol: 'UDP', port },
      ];
    case 'UDP':
      return [{ protocol: 'UDP', port }];
    case 'TCP':
    case 'TLS':
    case 'SCTP':
      return [{ protocol: 'TCP', port }];
  }
}

function blocks(cidrs: readonly string[]): Peer[] {
  return cidrs.map((cidr) => ({ kind: 'cidr', cidr }));
}
