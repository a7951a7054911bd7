import type { Reading } from './problem.ts';
import type { IpFamily } from './kubernetes.ts';
import type { RegisteredTarget } from './target.ts';

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

export interface HealthCheck {
  readonly enabled: boolean;
  readonly protocol: string;
  /** `traffic-port` or a number. */
  readonly port: string;
  readonly path?: string;
  /** Status codes that pass, such as `200-399`; of HTTP and HTTPS only. */
  readonly matcher?: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly protocol: string;
  readonly port?: number;
  readonly targetType: string;
  readonly ipFamily: IpFamily;
  /** The address type as AWS names it, where it is one that nlbmc does not know. */
  readonly otherAddressType?: string;
  readonly vpcId?: string;
  readonly loadBalancerArns: readonly string[];
  readonly healthCheck: HealthCheck;
  /** Attributes such as `deregistration_delay.timeout_seconds`; unread: undefined. */
  readonly attributes?: Reading<Readonly<Record<string, string>>>;
  /** They name its owner. Absent: they were not requested. */
  readonly tags?: Reading<Readonly<Record<string, string>>>;
  readonly targets: Reading<readonly RegisteredTarget[]>;
}

export interface Listener {
  /** Absent: AWS has told none. */
  readonly arn?: string;
  readonly port: number;
  readonly protocol: string;
  /** All that its action names. */
  readonly targetGroupArns: readonly string[];
  /** Those that get no connection: weight 0, where another one has a weight. */
  readonly idleGroupArns?: readonly string[];
  /** Of a TLS listener: which versions and ciphers clients may use. */
  readonly sslPolicy?: string;
}

/** A rule of a security group: what it lets in, or out. */
export interface GroupRule {
  /** `tcp`, `udp`, another name or number; `-1`: every protocol and port. */
  readonly protocol: string;
  /** Ports from and to; absent: all. */
  readonly from?: number;
  readonly to?: number;
  readonly peer:
    | { readonly kind: 'group'; readonly id: string }
    | { readonly kind: 'range'; readonly cidr: string }
    | { readonly kind: 'prefix-list'; readonly id: string };
  readonly description?: string;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Each rule has one peer. */
  readonly ingress: readonly GroupRule[];
  readonly egress: readonly GroupRule[];
}

export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  readonly type: string;
  readonly scheme: string;
  /** `ipv4` or `dualstack`; absent: AWS does not say it. */
  readonly addressType?: string;
  readonly state: string;
  readonly vpcId?: string;
  readonly zones: readonly string[];
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly attributes: Reading<Readonly<Record<string, string>>>;
  /** They name its owner. Absent: they were not requested. */
  readonly tags?: Reading<Readonly<Record<string, string>>>;
  /** Read where a verdict, a connection or a match of ports depends on them. */
  readonly listeners?: Reading<readonly Listener[]>;
  readonly securityGroups?: Reading<readonly SecurityGroup[]>;
  /** Address ranges of its subnets; read only for the rules of a binding, where it has no security group. */
  readonly subnetRanges?: Reading<readonly string[]>;
}

/** The network interface behind a target. */
export interface TargetInterface {
  /** Id of the target: an address or an instance. */
  readonly target: string;
  readonly id: string;
  readonly vpcId?: string;
  /** Other VPCs in which an interface has the same address. */
  readonly alsoIn?: readonly string[];
  /** Its security groups. One that EC2 does not show is left out, and `hidden` has its id. */
  readonly groups: readonly SecurityGroup[];
  readonly hidden?: readonly string[];
}

/** How the network lets a load balancer reach targets; each part by itself may be unreadable. */
export interface NetworkPath {
  readonly interfaces: Reading<readonly TargetInterface[]>;
  /** The security groups of the load balancer. */
  readonly balancerGroups: Reading<readonly SecurityGroup[]>;
  /** Address ranges of its subnets, where its nodes have their addresses. */
  readonly balancerRanges: Reading<readonly string[]>;
  /** Read only where an interface is in another VPC than the target groups. */
  readonly between?: {
    /** By id: the VPCs of the target groups and of the interfaces. */
    readonly vpcs: Readonly<Record<string, Reading<Vpc>>>;
    readonly peerings: Reading<readonly Peering[]>;
  };
}

/** A peering connection of two VPCs; traffic passes only while it is `active`. */
export interface Peering {
  readonly id: string;
  readonly vpcIds: readonly string[];
  readonly status: string;
}

/** What counts toward the limits of a load balancer, beside the target groups of the enrollment. */
export interface BalancerUse {
  /** Limits of the account by the names of DescribeAccountLimits. */
  readonly limits: Reading<Readonly<Record<string, number>>>;
  /** Its other target groups, with their targets. */
  readonly others: Reading<readonly TargetGroup[]>;
}

/** Whose address a target is in EC2: network interface, then instance, then cluster tags. */
export interface AddressEvidence {
  readonly networkInterface?: string;
  readonly instance?: string;
  readonly cluster?: string;
  /** Of an instance: AWS tells the zone of an address with its target, and that of an instance not. */
  readonly zone?: string;
  /** The VPC of the interface: another one may use the same addresses. */
  readonly vpcId?: string;
  /** A complete read found no network interface for it. */
  readonly gone: boolean;
}

/** A virtual network as EC2 describes it. */
export interface Vpc {
  readonly id: string;
  /** CIDR blocks, IPv4 and IPv6. */
  readonly ranges: readonly string[];
  /** The account that owns it: another one's may hold interfaces that these credentials do not see. */
  readonly owner?: string;
}
