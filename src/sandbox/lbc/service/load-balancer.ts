import type { ControllerApi } from '../process/controller-api.ts';
import { ofStack } from './stack-items.ts';
import type { Stack, Tagged } from './stack-items.ts';

/** A load balancer as DescribeLoadBalancers shows it. */
export interface LoadBalancer {
  readonly LoadBalancerArn: string;
  readonly VpcId?: string;
  readonly DNSName: string;
  readonly Scheme: string;
  readonly Type: string;
  readonly IpAddressType: string;
  readonly SecurityGroups?: readonly string[];
  readonly AvailabilityZones: readonly { readonly SubnetId?: string }[];
}

/** The load balancers that carry the tags of a stack: one, but for crashes and what people tag. */
export function findLoadBalancers(api: ControllerApi, stack: Stack): Tagged<LoadBalancer>[] {
  const all = api.pages<LoadBalancer>('elbv2.DescribeLoadBalancers', {}, 'LoadBalancers');
  return ofStack(stack, all, (balancer) => balancer.LoadBalancerArn);
}
