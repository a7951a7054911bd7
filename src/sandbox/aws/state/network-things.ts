/** A virtual network, as the account keeps it. */
export interface Vpc {
  readonly id: string;
  readonly cidr: string;
  readonly ipv6Cidr: string;
  readonly isDefault: boolean;
}

/** A subnet; public ones route to the internet. */
export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly cidr: string;
  readonly ipv6Cidr: string;
  readonly isPublic: boolean;
}

/** A machine with its one interface. */
export interface Instance {
  readonly id: string;
  readonly interfaceId: string;
  readonly launchedAt: Date;
  state: 'running' | 'stopped' | 'terminated';
}

/** A network interface with all its addresses. */
export interface Interface {
  readonly id: string;
  readonly subnetId: string;
  readonly description: string;
  readonly groupIds: string[];
  /** The first is the primary address. */
  readonly addresses: string[];
  readonly ipv6Addresses: string[];
  /** Blocks (/80) from which addresses are given out that the interface does not list one by one. */
  readonly ipv6Prefixes: string[];
  /** An instance's, or one that a load balancer brought along. */
  readonly owner: { readonly instanceId: string } | { readonly loadBalancerArn: string };
}

/** Two networks of this account that reach each other while the state is `active`. */
export interface Peering {
  readonly id: string;
  readonly requesterVpcId: string;
  readonly accepterVpcId: string;
  state: 'pending-acceptance' | 'active' | 'failed' | 'deleted';
}

/** What a launched node is known by. */
export interface LaunchedNode {
  readonly instanceId: string;
  readonly privateIp: string;
  /** Only of a node that was launched with IPv6. */
  readonly ipv6?: string;
  readonly eniId: string;
  readonly securityGroupId: string;
  readonly subnetId: string;
}
