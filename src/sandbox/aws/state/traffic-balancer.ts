/** A threshold of healthy targets: a number, and a percentage of the registered ones if set. */
export interface Minimum {
  readonly count: number;
  readonly percentage?: number;
}

/** A registered target as the nodes of a load balancer look at it. */
export interface TrafficTarget {
  /** Its key in the target group. */
  readonly key: string;
  readonly id: string;
  readonly port: number;
  /** A zone, or `all`. */
  readonly zone: string;
  /** `unused`: registered, and never sent anything. */
  readonly state: 'healthy' | 'unhealthy' | 'initial' | 'draining' | 'unused';
}

export interface TrafficGroup {
  readonly arn: string;
  readonly protocol: string;
  /** Whether connections to targets begin with a proxy protocol header. */
  readonly proxyProtocol: boolean;
  /** Whether a node uses the targets of all zones; its own zone's only without it. */
  readonly crossZone: boolean;
  /** Whether targets see the client's address; where clients and targets have unlike families never. */
  readonly keepsClient: boolean;
  /** Whether all connections of one source address go to one target. */
  readonly sticky: boolean;
  /** Healthy targets that a zone needs to stay in DNS. */
  readonly inDns: Minimum;
  /** Healthy targets below which all are used, healthy or not. */
  readonly toRoute: Minimum;
  readonly targets: readonly TrafficTarget[];
}

export interface TrafficListener {
  readonly arn: string;
  readonly port: number;
  readonly protocol: string;
  /** Silence, in ms, after which a connection is forgotten. */
  readonly idleMs: number;
  readonly forwards: readonly { readonly arn: string; readonly weight: number }[];
}

/** What a load balancer needs to know to hand on a connection. */
export interface TrafficBalancer {
  readonly dnsName: string;
  readonly isActive: boolean;
  /** Whether it has security groups; without them, rules know it by its addresses. */
  readonly hasGroups: boolean;
  /** Its nodes: zone and the private addresses from which they reach targets. */
  readonly nodes: readonly {
    readonly zone: string;
    readonly address: string;
    readonly ipv6?: string;
  }[];
  readonly listeners: readonly TrafficListener[];
  /** The target groups of all its listeners, by ARN. */
  readonly groups: ReadonlyMap<string, TrafficGroup>;
  /** The address that a client on the loopback counts as, for rules and for targets. */
  clientAddress(loopback: string): string;
  /** Whether the load balancer's security groups let a client connect to a listener. */
  admits(client: string, listener: TrafficListener): boolean;
  /** Where a connection to a target arrives; undefined when it is dropped on the way. */
  route(hop: {
    readonly groupArn: string;
    readonly target: TrafficTarget;
    readonly node: TrafficBalancer['nodes'][number];
    readonly client: string;
  }): Route | undefined;
}

/** The end of the way to a target. */
export interface Route {
  readonly vpcId: string;
  /** The source address that the target sees. */
  readonly source: string;
}

/** What the data plane must act on at once; all else it looks up when a connection comes. */
export type TrafficChange =
  | { readonly kind: 'listeners' }
  /** Connections to this target end. */
  | { readonly kind: 'cut'; readonly groupArn: string; readonly targetKey: string };
