import { DEFAULT_LOAD_BALANCER_ATTRIBUTES } from './attribute-defaults.ts';
import { AwsError, required, validationError } from '../state/error.ts';
import { removeListener } from './listeners.ts';
import {
  checkGroups,
  matchInterfaces,
  subnetIds,
  zonesOf,
  type SubnetParams,
} from './load-balancer-network.ts';
import { markerPage } from '../state/pages.ts';
import { isActive, loadBalancerOf } from './resources.ts';
import type { LoadBalancer, State } from '../state/state.ts';
import type { Tag } from '../state/tag.ts';
import { putTags } from '../state/resource-tags.ts';

/**
 * How long a new load balancer is `provisioning`, in simulated ms. AWS gives no number; two to
 * three minutes is what people see.
 */
export const PROVISIONING_MS = 120_000;

function view(state: State, balancer: LoadBalancer): object {
  return {
    LoadBalancerArn: balancer.arn,
    DNSName: balancer.dnsName,
    CanonicalHostedZoneId: 'Z26RNL4JYFTOTI',
    CreatedTime: balancer.createdAt,
    LoadBalancerName: balancer.name,
    Scheme: balancer.scheme,
    VpcId: balancer.vpcId,
    State: { Code: isActive(state, balancer) ? 'active' : 'provisioning' },
    Type: 'network',
    AvailabilityZones: zonesOf(state, balancer),
    ...(balancer.securityGroupIds.length > 0
      ? {
          SecurityGroups: balancer.securityGroupIds,
          EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: balancer.privateLinkRules,
        }
      : {}),
    IpAddressType: balancer.ipAddressType,
    EnablePrefixForIpv6SourceNat: 'off',
  };
}

interface DescribeParams {
  readonly LoadBalancerArns?: readonly string[];
  readonly Names?: readonly string[];
  readonly Marker?: string;
  readonly PageSize?: number;
}

/** ELBv2 DescribeLoadBalancers: by at most 20 ARNs or names, or all. One unknown fails the call. */
export function describeLoadBalancers(state: State, params: DescribeParams): object {
  const { LoadBalancerArns: arns = [], Names: names = [] } = params;
  if (arns.length > 0 && names.length > 0) {
    throw validationError(
      'Load balancer names and load balancer ARNs cannot be specified together',
    );
  }
  if (arns.length > 20 || names.length > 20) {
    throw validationError('The maximum number of load balancers that can be specified is 20');
  }
  for (const arn of arns) loadBalancerOf(state, arn);
  const all = [...state.loadBalancers.values()];
  const unknown = names.filter((name) => !all.some((one) => one.name === name));
  if (unknown.length > 0) {
    throw new AwsError(
      'LoadBalancerNotFound',
      `Load balancers '[${unknown.join(', ')}]' not found`,
    );
  }
  const wanted = all.filter(
    (one) =>
      (arns.length === 0 || arns.includes(one.arn)) &&
      (names.length === 0 || names.includes(one.name)),
  );
  const { page, ...next } = markerPage(state, wanted, params);
  return { LoadBalancers: page.map((one) => view(state, one)), ...next };
}

interface CreateParams extends SubnetParams {
  readonly Name?: string;
  readonly Type?: string;
  readonly Scheme?: 'internet-facing' | 'internal';
  readonly SecurityGroups?: readonly string[];
  readonly IpAddressType?: string;
  readonly Tags?: readonly Tag[];
}

/**
 * ELBv2 CreateLoadBalancer, for network load balancers. The same name with the same settings gives
 * the existing one back, with other settings DuplicateLoadBalancerName.
 */
export function createLoadBalancer(state: State, params: CreateParams): object {
  const name = required(params.Name, 'Name', 'elbv2');
  if (!/^(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/.test(name)) {
    throw validationError(`The load balancer name '${name}' is not valid`);
  }
  if (params.Type !== 'network') {
    throw validationError(
      `The sandbox makes load balancers of type network only, not '${params.Type ?? 'application'}'`,
    );
  }
  const subnets = subnetIds(state, params);
  const vpcId = state.network.subnets.get(subnets[0] ?? '')?.vpcId ?? '';
  const groups = checkGroups(state, params.SecurityGroups ?? [], vpcId);
  const settings = {
    scheme: params.Scheme ?? 'internet-facing',
    vpcId,
    ipAddressType: params.IpAddressType ?? 'ipv4',
  };
  const twin = [...state.loadBalancers.values()].find((one) => one.name === name);
  if (twin) {
    const same =
      twin.scheme === settings.scheme &&
      twin.ipAddressType === settings.ipAddressType &&
      sameSet(twin.subnetIds, subnets) &&
      sameSet(twin.securityGroupIds, groups);
    if (same) return { LoadBalancers: [view(state, twin)] };
    throw new AwsError(
      'DuplicateLoadBalancerName',
      `A load balancer with the same name '${name}' exists, but with different settings`,
    );
  }
  if (state.loadBalancers.size >= state.limits['network-load-balancers']) {
    throw new AwsError(
      'TooManyLoadBalancers',
      "You've reached the limit on the number of load balancers for your AWS account",
    );
  }
  const id = state.ids.hex('loadbalancer', 16);
  const balancer: LoadBalancer = {
    ...settings,
    arn: `arn:aws:elasticloadbalancing:${state.region}:${state.account}:loadbalancer/net/${name}/${id}`,
    name,
    dnsName: `${name}-${id}.elb.${state.region}.amazonaws.com`,
    createdAt: state.clock.date(),
    activeAt: state.clock.time() + PROVISIONING_MS,
    subnetIds: subnets,
    securityGroupIds: groups,
    ...(groups.length > 0 ? { privateLinkRules: 'on' } : {}),
    attributes: new Map(DEFAULT_LOAD_BALANCER_ATTRIBUTES),
  };
  putTags(state, balancer.arn, params.Tags);
  state.loadBalancers.set(balancer.arn, balancer);
  matchInterfaces(state, balancer);
  return { LoadBalancers: [view(state, balancer)] };
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

interface OneParams {
  readonly LoadBalancerArn?: string;
}

/**
 * ELBv2 DeleteLoadBalancer: its listeners go with it, target groups stay. Unknown is success;
 * OperationNotPermitted while deletion protection is on.
 */
export function deleteLoadBalancer(state: State, params: OneParams): object {
  const arn = required(params.LoadBalancerArn, 'LoadBalancerArn', 'elbv2');
  const balancer = state.loadBalancers.get(arn);
  if (!balancer) return {};
  if (balancer.attributes.get('deletion_protection.enabled') === 'true') {
    throw new AwsError(
      'OperationNotPermitted',
      `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
    );
  }
  for (const listener of state.listeners.values()) {
    if (listener.loadBalancerArn === arn) removeListener(state, listener);
  }
  state.loadBalancers.delete(arn);
  state.tags.delete(arn);
  matchInterfaces(state, balancer);
  state.onTraffic({ kind: 'listeners' });
  return {};
}
