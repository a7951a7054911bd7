import { health } from './target-health.ts';
import { idleness } from './health-checks.ts';
import { isActive } from './resources.ts';
import type { Action, LoadBalancer, State, TargetGroup } from '../state/state.ts';
import { groupsOfBalancer } from './target-use.ts';
import type {
  Minimum,
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
  }));
}

function nodesOf(state: State, balancer: LoadBalancer): { zone: string; address: string }[] {
  return [...state.network.interfaces.values()]
    .filter(({ owner }) => 'loadBalancerArn' in owner && owner.loadBalancerArn === balancer.arn)
    .map(({ subnetId, addresses: [address = ''] }) => ({
      zone: state.network.subnets.get(subnetId)?.zone ?? '',
      address,
    }));
}

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
  const own = attributes.get('load_balancing.cross_zone.enabled');
  const crossZone =
    own === 'use_load_balancer_configuration'
      ? balancer.attributes.get('load_balancing.cross_zone.enabled')
      : own;
  const idle = idleness(state, group);
  return {
    arn: group.arn,
    protocol: group.protocol,
    proxyProtocol: attributes.get('proxy_protocol_v2.enabled') === 'true',
    crossZone: crossZone === 'true',
    keepsClient: attributes.get('preserve_client_ip.enabled') === 'true',
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
