import type {
  LoadBalancer,
  AddressEvidence,
  BalancerUse,
  NetworkPath,
  TargetGroup,
  Vpc,
} from '../model/aws.ts';
import type { ObjectName } from '../model/kubernetes.ts';
import type { HandoverFacts } from '../model/handover.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Reading } from '../model/problem.ts';
import type { Recorded } from './evidence.ts';

/** The world as read at one time. Pure functions decide from it and from nothing else. */
export interface Observed {
  /** ISO 8601. */
  readonly at: string;
  /** The primary's Service, as named by the person. */
  readonly service: ObjectName;
  /** Context of the primary, where it was named and is not found by its bindings. */
  readonly primary?: string;
  /** ARNs of target groups that the person named, by themselves or by their load balancer: no others are meant. */
  readonly named?: readonly string[];
  /** A document that tells of clusters which were not read. */
  readonly recorded?: Recorded;
  /** In the order in which they were listed. */
  readonly clusters: readonly ClusterView[];
  /** Target groups of the enrollment, by ARN (core/enrollment.ts says which these are). */
  readonly targetGroups: Readonly<Record<string, Reading<TargetGroup>>>;
  readonly loadBalancer: Reading<LoadBalancer>;
  /** What EC2 says of addresses, by target id; read only for targets that no listed cluster tracks. */
  readonly addressEvidence: Readonly<Record<string, Reading<AddressEvidence>>>;
  /** VPCs of the target groups, by id; read only where an address that nothing has is to be evidence. */
  readonly vpcs?: Readonly<Record<string, Reading<Vpc>>>;
  /**
   * The interfaces and security groups between the load balancer and targets: the endpoints of a
   * cluster that joins, or the targets whose health checks fail. Read only for these.
   */
  readonly path?: NetworkPath;
  /** Read for join only: how full the load balancer is. */
  readonly use?: BalancerUse;
  /** Read for a handover only. */
  readonly handover?: HandoverFacts;
  /** The account that the credentials belong to; read only when AWS refused or did not know an ARN. */
  readonly account?: Reading<string>;
}
