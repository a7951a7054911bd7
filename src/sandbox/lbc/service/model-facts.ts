import type { LoadBalancer } from './load-balancer.ts';
import type { Scheme } from './model-terms.ts';
import type { Subnet } from './subnets.ts';

/** The outside facts that a model depends on; a lookup may raise, which fails the build. */
export interface ModelFacts {
  subnets(scheme: Scheme, wanted: readonly string[] | undefined): readonly Subnet[];
  /** The first load balancer with the tags of the Service, as the controller knows them. */
  existing(): Pick<LoadBalancer, 'Scheme' | 'SecurityGroups' | 'AvailabilityZones'> | undefined;
  /** Ids for ids or names. */
  securityGroups(wanted: readonly string[]): readonly string[];
  /** The shared backend group, made when it is missing. */
  backendGroup(): string;
  /** Blocks of the controller's VPC. */
  vpcCidrs(family: 'ipv4' | 'ipv6'): readonly string[];
}
