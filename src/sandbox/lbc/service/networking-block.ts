import type { Scheme, SecurityGroupRef } from './model-terms.ts';

/** Who may reach the targets. */
export type Peer =
  | { readonly kind: 'group'; readonly group: SecurityGroupRef }
  | { readonly kind: 'cidr'; readonly cidr: string };

/** One rule of a binding's spec.networking.ingress; a port left out means every port. */
export interface NetworkingRule {
  readonly from: readonly Peer[];
  readonly ports: readonly { readonly protocol: 'TCP'; readonly port?: number | string }[];
}

/** What the rules of one TCP port follow from. */
export interface NetworkingFacts {
  /** The target port (a number or a port's name), or the node port. */
  readonly port: number | string;
  readonly healthCheckPort: number | 'traffic-port';
  readonly peer?: SecurityGroupRef | undefined;
  /** The load balancer has no security groups at all. */
  readonly withoutGroups: boolean;
  /** `--disable-restricted-sg-rules`. */
  readonly anyPort: boolean;
  /** The manage-rules annotation; it counts only for a load balancer without groups. */
  readonly manages: boolean;
  readonly preservesClientIp: boolean;
  readonly scheme: Scheme;
  readonly subnetCidrs: readonly string[];
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
  if (facts.anyPort) return [{ from, ports: [{ protocol: 'TCP' }] }];
  const ports = [facts.port];
  if (facts.healthCheckPort !== 'traffic-port' && facts.healthCheckPort !== facts.port) {
    ports.push(facts.healthCheckPort);
  }
  return [{ from, ports: ports.map((port) => ({ protocol: 'TCP', port })) }];
}

/** Address blocks instead of groups; traffic that keeps the client's address needs the clients'. */
function withoutGroups(facts: NetworkingFacts): NetworkingRule[] {
  const { subnetCidrs, sourceRanges, preservesClientIp, healthCheckPort, port } = facts;
  const byDefault = preservesClientIp && sourceRanges.length === 0;
  const anyone = facts.scheme === 'internal' ? facts.vpcCidrs() : ['0.0.0.0/0'];
  const given = byDefault ? anyone : sourceRanges;
  const traffic = preservesClientIp ? given : subnetCidrs;
  const rules: NetworkingRule[] = [{ from: blocks(traffic), ports: [{ protocol: 'TCP', port }] }];
  const samePort = healthCheckPort === 'traffic-port' || healthCheckPort === port;
  const covered =
    !preservesClientIp ||
    byDefault ||
    traffic.some((cidr) => cidr === '0.0.0.0/0' || cidr === '::/0');
  if (!(samePort && covered)) {
    const checked = healthCheckPort === 'traffic-port' ? port : healthCheckPort;
    rules.push({ from: blocks(subnetCidrs), ports: [{ protocol: 'TCP', port: checked }] });
  }
  return rules;
}

function blocks(cidrs: readonly string[]): Peer[] {
  return cidrs.map((cidr) => ({ kind: 'cidr', cidr }));
}
