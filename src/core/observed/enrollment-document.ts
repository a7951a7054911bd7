import type { HealthCheck } from '../model/aws.ts';
import type { BackendGroup } from '../model/backend-group.ts';
import type { IpFamily, NetworkingRule, ObjectName, TargetType } from '../model/kubernetes.ts';

/** A binding of a cluster on a port. `tracked`: ids as `id:port`; null: no ConfigMap, or unread. */
export interface EnrolledBinding extends ObjectName {
  readonly port: number | string;
  readonly multiCluster: boolean;
  readonly tracked: readonly string[] | null;
}

export interface EnrolledPort {
  readonly port: number | string;
  readonly listenerPorts: readonly number[] | null;
  readonly targetGroup: {
    readonly arn: string;
    readonly name: string | null;
    readonly type: TargetType;
    readonly protocol: string | null;
    readonly port: number | null;
    readonly ipFamily: IpFamily;
    readonly vpcId: string | null;
    readonly healthCheck: HealthCheck | null;
    readonly attributes: Readonly<Record<string, string>> | null;
  };
  /** Rules of the primary's binding; null: the controller opens nothing. */
  readonly networking: readonly NetworkingRule[] | null;
  readonly binding: EnrolledBinding;
}

export interface EnrolledMember {
  readonly context: string;
  readonly role: 'primary' | 'secondary';
  /** What its controllers call the cluster, as EC2's tags do; absent in documents of older versions. */
  readonly clusterNames?: readonly string[];
  /** VPC that its controllers name; null: they name none, or several. */
  readonly vpcId?: string | null;
  /** UID of the namespace kube-system. */
  readonly identity: string | null;
  readonly bindings: readonly EnrolledBinding[];
}

/** The enrollment as `show` prints it: plain data that YAML and JSON carry there and back. */
export interface Enrollment {
  readonly apiVersion: 'nlbmc/v1';
  readonly kind: 'Enrollment';
  readonly metadata: ObjectName;
  readonly at: string;
  readonly region: string | null;
  readonly account: string | null;
  readonly vpcId: string | null;
  readonly loadBalancer: {
    readonly arn: string;
    readonly name: string;
    readonly dnsName: string;
    readonly scheme: string;
    readonly state: string;
    readonly zones: readonly string[];
    readonly securityGroups: readonly string[];
    readonly attributes: Readonly<Record<string, string>> | null;
  } | null;
  readonly backendGroups: readonly BackendGroup[];
  readonly primary: { readonly context: string; readonly identity: string | null } | null;
  readonly ports: readonly EnrolledPort[];
  /** Ports of the primary's Service that have no binding, and so no target group here. */
  readonly unboundPorts: readonly number[];
  readonly members: readonly EnrolledMember[];
  /** Contexts that were listed, were read, and have no binding on these target groups. */
  readonly notEnrolled: readonly string[];
  /** What could not be read, a sentence each: a null above may be one of these. */
  readonly unknown: readonly string[];
}
