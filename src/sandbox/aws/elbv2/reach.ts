import { isWithin } from '../state/addresses.ts';
import type { Interface } from '../state/network-things.ts';
import { letsThrough, type Opening } from '../state/packets.ts';
import type { SecurityGroup } from '../state/security-group-store.ts';
import type { LoadBalancer, State, Target, TargetGroup } from '../state/state.ts';

/** A node of a load balancer: one per subnet. */
export interface BalancerNode {
  readonly zone: string;
  /** The private address from which it reaches targets. */
  readonly address: string;
  /** Only of a dual-stack load balancer. */
  readonly ipv6?: string;
}

/** The nodes of a load balancer, with the addresses of its interfaces. */
export function nodesOf(state: State, balancer: LoadBalancer): BalancerNode[] {
  return [...state.network.interfaces.values()]
    .filter(({ owner }) => 'loadBalancerArn' in owner && owner.loadBalancerArn === balancer.arn)
    .map(({ subnetId, addresses: [address = ''], ipv6Addresses: [ipv6] }) => ({
      zone: state.network.subnets.get(subnetId)?.zone ?? '',
      address,
      ...(ipv6 === undefined ? {} : { ipv6 }),
    }));
}

/** Whether a node hands connections to all zones, by the setting of the group or the load balancer. */
export function isCrossZone(balancer: LoadBalancer, group: TargetGroup): boolean {
  const key = 'load_balancing.cross_zone.enabled';
  const own = group.attributes.get(key);
  return (
    (own === 'use_load_balancer_configuration' ? balancer.attributes.get(key) : own) === 'true'
  );
}

/** Where packets for a target end: at an interface, or somewhere that has none in this account. */
export interface Destination {
  readonly vpcId: string;
  readonly eni?: Interface;
}

/**
 * Where packets from the load balancer's VPC for a target go; undefined where nothing routes them.
 * An address in the VPC's own range stays in the VPC, even if a peer has it, too (VPC guide, route
 * priority); one outside goes over an active peering. An address that no interface has may be
 * outside AWS, and security groups do not hold there.
 */
export function destinationOf(
  state: State,
  group: TargetGroup,
  target: Pick<Target, 'id'>,
): Destination | undefined {
  const { network } = state;
  const instance = network.instances.get(target.id);
  if (instance) {
    const eni = network.interfaces.get(instance.interfaceId);
    return eni && { vpcId: network.vpcOf(eni), eni };
  }
  const own = network.vpcs.get(group.vpcId);
  const isLocal = [own?.cidr, own?.ipv6Cidr].some((block) => block && isWithin(target.id, block));
  const eni = network.holderOf(target.id, isLocal ? group.vpcId : undefined);
  if (!eni) return { vpcId: group.vpcId };
  const vpcId = network.vpcOf(eni);
  return network.isRouted(group.vpcId, vpcId) ? { vpcId, eni } : undefined;
}

/** A connection from a load balancer to one of its targets. */
export interface Hop {
  readonly balancer: LoadBalancer;
  readonly group: TargetGroup;
  readonly target: Pick<Target, 'id'>;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** The address that the target sees: the node's, or the client's where that is preserved. */
  readonly source: string;
}

/**
 * Where a connection from a load balancer arrives; undefined when nothing routes it or security
 * groups drop it. The rules of the load balancer's groups for what goes out count, and those of the
 * target's interface for what comes in. A rule there that names one of the load balancer's groups
 * holds with client IP preservation, too (NLB guide, "Update the security groups for your Network
 * Load Balancer"). Without groups, only addresses count.
 */
export function arrival(state: State, hop: Hop): Destination | undefined {
  const { balancer, group, target, port, protocol, source } = hop;
  const destination = destinationOf(state, group, target);
  if (!destination) return undefined;
  const { eni } = destination;
  const towards = eni ? addressTowards(eni, target.id) : target.id;
  const leaving: Opening = {
    protocol,
    port,
    farEnd: { address: towards, groupIds: eni?.groupIds ?? [] },
  };
  const { securityGroupIds } = balancer;
  if (securityGroupIds.length > 0 && !letsThrough(groupsOf(state, securityGroupIds), true, leaving))
    return undefined;
  if (!eni) return destination;
  const coming: Opening = {
    protocol,
    port,
    farEnd: { address: source, groupIds: securityGroupIds },
  };
  return letsThrough(groupsOf(state, eni.groupIds), false, coming) ? destination : undefined;
}

/**
 * Whether a load balancer takes a connection of a client: by its groups' rules for what comes in,
 * always without groups.
 */
export function admits(
  state: State,
  balancer: LoadBalancer,
  opening: Omit<Opening, 'farEnd'> & { readonly client: string },
): boolean {
  if (balancer.securityGroupIds.length === 0) return true;
  const { protocol, port, client } = opening;
  const farEnd = { address: client, groupIds: [] };
  const groups = groupsOf(state, balancer.securityGroupIds);
  return letsThrough(groups, false, { protocol, port, farEnd });
}

/** An instance is reached at the primary address of its interface. */
const addressTowards = (eni: Interface, id: string): string =>
  id.includes('.') || id.includes(':') ? id : (eni.addresses[0] ?? '');

const groupsOf = (state: State, ids: readonly string[]): SecurityGroup[] =>
  ids.flatMap((id) => state.network.groups.byId.get(id) ?? []);
