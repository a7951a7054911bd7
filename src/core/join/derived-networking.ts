import type { LoadBalancer, TargetGroup, Vpc } from '../model/aws.ts';
import type {
  NetworkingPeer,
  NetworkingRule,
  ServicePort,
  TargetType,
} from '../model/kubernetes.ts';
import { type Reading, valueOf } from '../model/problem.ts';
import { carriedBy } from '../model/protocols.ts';
import { eachPortOnce, openPorts, trafficPort } from '../observed/networking.ts';

/** What the rules of a binding are made from where no other member shows them. */
export interface DerivedFacts {
  readonly balancer: LoadBalancer;
  readonly group: TargetGroup;
  readonly vpc: Reading<Vpc> | undefined;
  readonly targetType: TargetType;
  readonly localPort: ServicePort;
  /** Ranges that clients connect from, as the person named them. */
  readonly fromCidrs: readonly string[];
}

/** The rules; or whose addresses have to be named first; or that a fact is missing. */
export type Derived =
  | { readonly kind: 'rules'; readonly rules: readonly NetworkingRule[] }
  | { readonly kind: 'unnamed' }
  | { readonly kind: 'unread' };

const preserveAttribute = 'preserve_client_ip.enabled';

/**
 * Whether targets see the client's address. For UDP and TCP_UDP always: it cannot be turned off.
 * For TCP and TLS, without the attribute, instances do and addresses do not (ELBv2 API,
 * TargetGroupAttribute `preserve_client_ip.enabled`).
 */
function keepsClient({ attributes, targetType, protocol }: TargetGroup): boolean | undefined {
  if (carriedBy(protocol).includes('UDP')) return true;
  if (attributes && !attributes.ok) return undefined;
  const value = attributes?.value[preserveAttribute];
  return value === undefined ? targetType === 'instance' : value === 'true';
}

/** Whether the ranges of the VPC are needed: for clients of an internal load balancer without security groups. */
export const needsVpc = (balancer: LoadBalancer, group: TargetGroup): boolean =>
  balancer.securityGroupIds.length === 0 &&
  balancer.scheme === 'internal' &&
  keepsClient(group) !== false;

const blocks = (cidrs: readonly string[]): readonly NetworkingPeer[] =>
  cidrs.map((cidr) => ({ ipBlock: { cidr } }));

/**
 * The rules that let the load balancer reach the targets. With security groups, one peer for each
 * of its groups. Without, address blocks: its subnets for health checks, and for traffic its subnets,
 * or the clients' where their address is kept: for an internal load balancer the VPC's ranges; for
 * an internet-facing one only a person can say. Of a subnet with both families only the range of the
 * group's family counts. The same shapes as LBC builds for its own
 * (`pkg/service/model_build_target_group.go`, buildTargetGroupBindingNetworking,
 * getLoadBalancerSubnetsSourceRanges).
 */
export function derivedNetworking(facts: DerivedFacts): Derived {
  const { balancer, group, vpc, targetType, localPort, fromCidrs } = facts;
  const { traffic, check } = openPorts(group, trafficPort(localPort, targetType));
  const both = eachPortOnce([...traffic, check]);
  if (balancer.securityGroupIds.length > 0) {
    const from = balancer.securityGroupIds.map((groupID) => ({ securityGroup: { groupID } }));
    return {
      kind: 'rules',
      rules: from.map((peer) => ({ from: [peer], ports: both })),
    };
  }
  const ofFamily = (ranges: readonly string[]): readonly string[] =>
    ranges.filter((range) => range.includes(':') === (group.ipFamily === 'ipv6'));
  const ranges = balancer.subnetRanges && valueOf(balancer.subnetRanges);
  const subnets = ranges && ofFamily(ranges);
  const keeps = keepsClient(group);
  if (subnets === undefined || keeps === undefined) return { kind: 'unread' };
  if (!keeps) {
    return {
      kind: 'rules',
      rules: [{ from: blocks(subnets), ports: both }],
    };
  }
  const internal = balancer.scheme === 'internal';
  if (fromCidrs.length === 0 && !internal) return { kind: 'unnamed' };
  const clients = fromCidrs.length > 0 ? fromCidrs : vpc && valueOf(vpc)?.ranges;
  if (!clients) return { kind: 'unread' };
  if (ofFamily(clients).length === 0) return { kind: 'unnamed' };
  return {
    kind: 'rules',
    rules: [
      { from: blocks(ofFamily(clients)), ports: traffic },
      { from: blocks(subnets), ports: [check] },
    ],
  };
}
