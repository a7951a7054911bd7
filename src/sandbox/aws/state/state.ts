import type { Cancel, Clock } from '../../time/clock.ts';
import type { Ids } from './ids.ts';
import type { Limits } from './limits.ts';
import type { Network } from './network.ts';
import type { TrafficChange } from './traffic-balancer.ts';

export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  readonly scheme: 'internet-facing' | 'internal';
  readonly vpcId: string;
  readonly createdAt: Date;
  ipAddressType: string;
  /** Simulated time from which the state is `active`. */
  readonly activeAt: number;
  /** One subnet per zone. */
  subnetIds: readonly string[];
  securityGroupIds: readonly string[];
  /** Whether its groups hold for what comes over PrivateLink; only one with groups says so. */
  privateLinkRules?: 'on' | 'off' | undefined;
  /** What is reserved for it, in capacity units. */
  capacityUnits?: number | undefined;
  readonly attributes: Map<string, string>;
}

/** A listener's forward action, with the group named once or weighted groups. */
export interface Action {
  readonly Type: string;
  readonly Order?: number;
  readonly TargetGroupArn?: string;
  readonly ForwardConfig?: {
    readonly TargetGroups?: readonly {
      readonly TargetGroupArn: string;
      readonly Weight?: number;
    }[];
    readonly TargetGroupStickinessConfig?: { readonly Enabled?: boolean };
  };
}

/** What the API says of a listener that ends TLS; nothing for others. */
export interface TlsSettings {
  readonly SslPolicy?: string;
  readonly Certificates?: readonly { readonly CertificateArn?: string }[];
  readonly AlpnPolicy?: readonly string[];
}

export interface Listener {
  readonly arn: string;
  readonly loadBalancerArn: string;
  port: number;
  protocol: string;
  actions: readonly Action[];
  readonly attributes: Map<string, string>;
  tls: TlsSettings;
  /** ARNs of certificates beside the one that stands on the listener. */
  furtherCertificates?: readonly string[];
}

export interface HealthCheck {
  readonly HealthCheckEnabled: boolean;
  readonly HealthCheckProtocol: string;
  readonly HealthCheckPort: string;
  readonly HealthCheckIntervalSeconds: number;
  readonly HealthCheckTimeoutSeconds: number;
  readonly HealthyThresholdCount: number;
  readonly UnhealthyThresholdCount: number;
  readonly HealthCheckPath?: string;
  readonly Matcher?: { readonly HttpCode?: string };
}

export interface Target {
  readonly id: string;
  readonly port: number;
  /** Zone as registered or found: a zone name or `all`; for an instance its subnet's zone. */
  readonly zone: string;
  readonly quicServerId?: string;
  /** Simulated time of the registration, or of the target group's coming into use if later. */
  since: number;
  verdict: 'initial' | 'healthy' | 'unhealthy';
  /** Simulated time of the last change of verdict. */
  verdictAt: number;
  passes: number;
  failures: number;
  /** The deregistration that is under way; a new registration takes it away. */
  draining?: object | undefined;
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  readonly vpcId: string;
  readonly targetType: 'instance' | 'ip';
  readonly ipAddressType: 'ipv4' | 'ipv6';
  check: HealthCheck;
  readonly attributes: Map<string, string>;
  /** By `Id:Port[:QuicServerId]`. */
  readonly targets: Map<string, Target>;
  /** Whether a listener forwards to it; kept to notice when that changes. */
  inUse: boolean;
  /** The one running health check timer. */
  ticking?: Cancel | undefined;
}

/** What the health checks see when they knock: an answer, a closed port, or silence. */
export type ProbeResult = 'ok' | 'refused' | 'timeout';

export interface ProbeTarget {
  readonly id: string;
  /** The VPC in which the address is looked for. */
  readonly vpcId: string;
  readonly port: number;
  readonly healthCheckPort: number;
  readonly protocol: string;
  /** Whether a proxy protocol header comes first. */
  readonly proxyProtocol: boolean;
}

/** Everything that one account has in one region. Handlers are functions over it. */
export interface State {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly region: string;
  readonly account: string;
  readonly limits: Limits;
  readonly network: Network;
  readonly loadBalancers: Map<string, LoadBalancer>;
  readonly listeners: Map<string, Listener>;
  readonly targetGroups: Map<string, TargetGroup>;
  /** ARNs of the certificates that TLS listeners may name. */
  readonly certificates: ReadonlySet<string>;
  /** Tags by ARN (ELBv2) or id (EC2). */
  readonly tags: Map<string, Map<string, string>>;
  /** Inline policies of roles by name, as JSON. */
  readonly rolePolicies: Map<string, Map<string, string>>;
  /** Pages never longer than this, whatever the request says. */
  pageSize: number | undefined;
  probe: (target: ProbeTarget) => ProbeResult;
  /** Told of what connections must follow at once. */
  readonly onTraffic: (change: TrafficChange) => void;
}
