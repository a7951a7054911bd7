import { health } from './target-health.ts';
import { idleness } from './health-checks.ts';
import { admits, arrival, isCrossZone, nodesOf } from './reach.ts';
import { isActive } from './resources.ts';
import type { Action, LoadBalancer, State, TargetGroup } from '../state/state.ts';
import { groupsOfBalancer } from './target-use.ts';
import type {
  Minimum,
  Route,
  TrafficBalancer,
  TrafficGroup,
  TrafficTarget,
} from '../state/traffic-balancer.ts';

/** TLS and the UDP protocols have an idle timeout that cannot be set (NLB listener guide). */
const FIXED_IDLE_SECONDS = 350;

/** All load balancers as they are now. */
export function trafficBalancers(state: State): TrafficBalancer[] {
  return [...state.loadBalancers.values()].map((balancer) => ({
    dnsName: balancer.dnsName,
    isActive: isActive(state, balancer),
    hasGroups: balancer.securityGroupIds.length > 0,
    nodes: nodesOf(state, balancer),
    listeners: [...state.listeners.values()]
      .filter((one) => one.loadBalancerArn === balancer.arn)
      .map(({ arn, port, protocol, attributes, actions }) => ({
        arn,
        port,
        protocol,
        idleMs: 1_000 * Number(attributes.get('tcp.idle_timeout.seconds') ?? FIXED_IDLE_SECONDS),
        forwards: forwardsOf(actions),
      })),
    groups: new Map(
      groupsOfBalancer(state, balancer.arn).flatMap((arn) => {
        const group = state.targetGroups.get(arn);
        return group ? [[arn, groupOf(state, balancer, group)] as const] : [];
      }),
    ),
    clientAddress: (loopback) => clientAddress(state, balancer, loopback),
    admits: (client, { port }) => admits(state, balancer, { protocol: 'tcp', port, client }),
    route: (hop) => routeOf(state, balancer, hop),
  }));
}

/**
 * Clients of a load balancer that faces the internet are out there, at an address of the block for
 * documentation (RFC 5737); those of an internal one are in its VPC, outside all subnets. The last
 * number is that of the loopback address.
 */
function clientAddress(state: State, balancer: LoadBalancer, loopback: string): string {
  const host = loopback.split('.').at(-1) ?? '';
  if (balancer.scheme === 'internet-facing') return `203.0.113.${host}`;
  const [a, b] = (state.network.vpcs.get(balancer.vpcId)?.cidr ?? '').split('.');
  return `${a}.${b}.255.${host}`;
}

function routeOf(
  state: State,
  balancer: LoadBalancer,
  { groupArn, target, node, client }: Parameters<TrafficBalancer['route']>[0],
): Route | undefined {
  const group = state.targetGroups.get(groupArn);
  if (!group) return undefined;
  const own = group.ipAddressType === 'ipv6' ? (node.ipv6 ?? '') : node.address;
  const source = keepsClient(group) ? client : own;
  const { id, port } = target;
  const hop = { balancer, group, target: { id }, port, protocol: 'tcp', source } as const;
  const end = arrival(state, hop);
  return end && { vpcId: end.vpcId, source };
}

/**
 * Clients come over IPv4 here, and an address of the other family cannot be kept (NLB guide, client
 * IP preservation).
 */
const keepsClient = ({ attributes, ipAddressType }: TargetGroup): boolean =>
  attributes.get('preserve_client_ip.enabled') === 'true' && ipAddressType === 'ipv4';

function forwardsOf(actions: readonly Action[]): { arn: string; weight: number }[] {
  return actions.flatMap((action) =>
    (action.ForwardConfig?.TargetGroups ?? []).map(({ TargetGroupArn: arn, Weight = 1 }) => ({
      arn,
      weight: Weight,
    })),
  );
}

function groupOf(state: State, balancer: LoadBalancer, group: TargetGroup): TrafficGroup {
  const { attributes } = group;
  const idle = idleness(state, group);
  return {
    arn: group.arn,
    protocol: group.protocol,
    proxyProtocol: attributes.get('proxy_protocol_v2.enabled') === 'true',
    crossZone: isCrossZone(balancer, group),
    keepsClient: keepsClient(group),
    sticky: attributes.get('stickiness.enabled') === 'true',
    inDns: minimumOf(attributes, 'dns_failover'),
    toRoute: minimumOf(attributes, 'unhealthy_state_routing'),
    targets: [...group.targets].map(([key, target]) => ({
      key,
      id: target.id,
      port: target.port,
      zone: target.zone,
      state: trafficState(health(state, group, target, idle(target)).State),
    })),
  };
}

function minimumOf(attributes: ReadonlyMap<string, string>, what: string): Minimum {
  const prefix = `target_group_health.${what}.minimum_healthy_targets`;
  const count = attributes.get(`${prefix}.count`);
  const percentage = Number(attributes.get(`${prefix}.percentage`));
  return {
    count: count === undefined || count === 'off' ? 0 : Number(count),
    ...(Number.isNaN(percentage) ? {} : { percentage }),
  };
}

function trafficState(word: string): TrafficTarget['state'] {
  switch (word) {
    // Without health checks every target counts as healthy.
    case 'unavailable':
    case 'healthy':
      return 'healthy';
    case 'unhealthy':
    case 'unhealthy.draining':
      return 'unhealthy';
    case 'initial':
    case 'draining':
      return word;
    default:
      return 'unused';
  }
}
