import { AwsError, required, validationError } from '../state/error.ts';
import { loadBalancerOf } from './resources.ts';
import type { LoadBalancer, State } from '../state/state.ts';

/** The zones of a load balancer as the API lists them. */
export function zonesOf(state: State, balancer: LoadBalancer): { ZoneName: string }[] {
  return balancer.subnetIds.map((SubnetId) => ({
    ZoneName: state.network.subnets.get(SubnetId)?.zone ?? '',
    SubnetId,
    LoadBalancerAddresses: [],
  }));
}

/** How requests name subnets. */
export interface SubnetParams {
  readonly Subnets?: readonly string[];
  readonly SubnetMappings?: readonly { readonly SubnetId: string }[];
}

/** The subnets named, one per zone and all in one VPC: SubnetNotFound, InvalidSubnet and others. */
export function subnetIds(state: State, params: SubnetParams): string[] {
  const ids = [...(params.Subnets ?? params.SubnetMappings?.map((one) => one.SubnetId) ?? [])];
  if (ids.length === 0) throw validationError('At least one subnet must be specified');
  const zones = new Set<string>();
  const vpcs = new Set<string>();
  for (const id of ids) {
    const subnet = state.network.subnets.get(id);
    if (!subnet) {
      throw new AwsError('SubnetNotFound', `The subnet ID '${id}' does not exist`);
    }
    if (zones.has(subnet.zone)) {
      throw new AwsError(
        'InvalidConfigurationRequest',
        'A load balancer cannot be attached to multiple subnets in the same Availability Zone',
      );
    }
    zones.add(subnet.zone);
    vpcs.add(subnet.vpcId);
  }
  if (vpcs.size > 1) {
    throw new AwsError('InvalidSubnet', 'All subnets must belong to the same VPC');
  }
  return ids;
}

/** The security groups, if they are in that VPC: InvalidSecurityGroup. */
export function checkGroups(
  state: State,
  ids: readonly string[],
  vpcId: string,
): readonly string[] {
  for (const id of ids) {
    if (state.network.groups.byId.get(id)?.vpcId !== vpcId) {
      throw new AwsError(
        'InvalidSecurityGroup',
        `One or more security groups are invalid: '${id}'`,
      );
    }
  }
  return [...ids];
}

/** A network load balancer has one interface in each of its subnets, which EC2 lists. */
export function matchInterfaces(state: State, balancer: LoadBalancer): void {
  const own = [...state.network.interfaces.values()].filter(
    ({ owner }) => 'loadBalancerArn' in owner && owner.loadBalancerArn === balancer.arn,
  );
  const wanted = state.loadBalancers.has(balancer.arn) ? balancer.subnetIds : [];
  for (const one of own) if (!wanted.includes(one.subnetId)) state.network.removeInterface(one.id);
  for (const subnetId of wanted) {
    const there = own.find((one) => one.subnetId === subnetId)?.id;
    const id = there ?? addInterface(state, balancer, subnetId);
    matchFamily(state, id, balancer.ipAddressType === 'dualstack');
  }
}

const addInterface = (state: State, balancer: LoadBalancer, subnetId: string): string =>
  state.network.addInterface({
    subnetId,
    description: `ELB ${balancer.arn.split(':loadbalancer/')[1]}`,
    groupIds: [...balancer.securityGroupIds],
    owner: { loadBalancerArn: balancer.arn },
  });

/** Only a dual-stack load balancer has IPv6 addresses. */
function matchFamily({ network }: State, id: string, dualStack: boolean): void {
  const { ipv6Addresses = [] } = network.interfaces.get(id) ?? {};
  if (dualStack && ipv6Addresses.length === 0) network.assignIpv6(id);
  if (!dualStack) for (const address of ipv6Addresses.slice()) network.releaseIp(address);
}

interface OneParams {
  readonly LoadBalancerArn?: string;
}

/** ELBv2 SetSecurityGroups. A load balancer that was made without groups can never get any. */
export function setSecurityGroups(
  state: State,
  params: OneParams & {
    readonly SecurityGroups?: readonly string[];
    readonly EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic?: 'on' | 'off';
  },
): object {
  const balancer = loadBalancerOf(state, params.LoadBalancerArn);
  const groups = required(params.SecurityGroups, 'SecurityGroups', 'elbv2');
  if (balancer.securityGroupIds.length === 0) {
    throw new AwsError(
      'InvalidConfigurationRequest',
      'Security groups cannot be set on a network load balancer that was created without security groups',
    );
  }
  if (groups.length === 0) {
    throw new AwsError(
      'InvalidConfigurationRequest',
      'At least one security group must be specified',
    );
  }
  balancer.securityGroupIds = checkGroups(state, groups, balancer.vpcId);
  const rules = params.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic;
  if (rules !== undefined) balancer.privateLinkRules = rules;
  for (const one of state.network.interfaces.values()) {
    if ('loadBalancerArn' in one.owner && one.owner.loadBalancerArn === balancer.arn) {
      one.groupIds.splice(0, Infinity, ...groups);
    }
  }
  return {
    SecurityGroupIds: groups,
    EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: balancer.privateLinkRules,
  };
}

/** ELBv2 SetSubnets. Zones may be added; a network load balancer may also give zones up. */
export function setSubnets(state: State, params: OneParams & SubnetParams): object {
  const balancer = loadBalancerOf(state, params.LoadBalancerArn);
  const subnets = subnetIds(state, params);
  if (state.network.subnets.get(subnets[0] ?? '')?.vpcId !== balancer.vpcId) {
    throw new AwsError('InvalidSubnet', 'The subnets belong to another VPC than the load balancer');
  }
  balancer.subnetIds = subnets;
  matchInterfaces(state, balancer);
  return { AvailabilityZones: zonesOf(state, balancer), IpAddressType: balancer.ipAddressType };
}
