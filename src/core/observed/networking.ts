import type { NetworkingRule, ServicePort, TargetType } from '../model/kubernetes.ts';

export interface NetworkingFacts {
  /** The primary binding's rules. */
  readonly rules: readonly NetworkingRule[];
  readonly targetType: TargetType;
  readonly primaryPort: ServicePort;
  readonly localPort: ServicePort;
  /** The target group's: `traffic-port` or a number. */
  readonly healthCheckPort: string;
}

/** The port that traffic arrives on behind a Service port: of the pod, or of the node. */
export const trafficPort = (
  port: ServicePort,
  targetType: TargetType,
): number | string | undefined => (targetType === 'ip' ? port.targetPort : port.nodePort);

/**
 * The primary's networking for another cluster: the same peers rule by rule (an NLB without
 * security groups has one rule for traffic and another for health checks), and the ports of the
 * local Service. A rule without ports gets explicit ones: the controller makes no security group
 * rule at all of an empty list (`pkg/networking/networking_manager.go`). The health check port is
 * the target group's, so it is the same everywhere.
 */
export function localNetworking(facts: NetworkingFacts): readonly NetworkingRule[] {
  const there = trafficPort(facts.primaryPort, facts.targetType);
  const here = trafficPort(facts.localPort, facts.targetType);
  const traffic = { protocol: 'TCP', ...(here === undefined ? {} : { port: here }) };
  const check = /^\d+$/.test(facts.healthCheckPort) ? Number(facts.healthCheckPort) : undefined;
  return facts.rules.map(({ from, ports }) => {
    const open = ports.length === 0 || ports.some(({ port }) => port === undefined);
    const local = open
      ? [
          traffic,
          ...(check === undefined || String(check) === String(here)
            ? []
            : [{ protocol: 'TCP', port: check }]),
        ]
      : ports.map((port) =>
          String(port.port) === String(there)
            ? { ...traffic, protocol: port.protocol ?? 'TCP' }
            : { ...port },
        );
    const unique = new Map(local.map((port) => [`${port.protocol}/${port.port}`, port]));
    return { from, ports: [...unique.values()] };
  });
}
