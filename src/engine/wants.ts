import type { ObjectName } from '../core/model/kubernetes.ts';
import type { Recorded } from '../core/observed/evidence.ts';

/** What is looked at, and what beyond the common facts. */
export interface Wants {
  /** The primary's Service. */
  readonly service: ObjectName;
  /** The Service in the other clusters. */
  readonly localService: ObjectName;
  /** Context of the primary, where the person named it; otherwise it is found by its bindings. */
  readonly primary?: string;
  /** A document that tells of clusters to which there is no connection; its target groups are `named`, too. */
  readonly recorded?: Recorded;
  /** ARNs of target groups that the person named: no others are meant. */
  readonly named?: readonly string[];
  /** What the Gateways say of the Service's target groups, where one made a binding for it. */
  readonly gateways?: true;
  /** Where the Service is a member of another listed cluster's Service, that enrollment is observed. */
  readonly follow?: true;
  /** Contexts of clusters that join and have no bindings yet. */
  readonly joining?: readonly string[];
  /** Target groups that are read beyond those that the primary's bindings name. */
  readonly targetGroups?: readonly string[];
  /** Contexts of clusters that leave: target groups are those that their bindings for the local Service name, too. */
  readonly leaving?: readonly string[];
  /** The leaving clusters' Services are deleted: whether a DNS record may depend on one. */
  readonly deleteService?: boolean;
  /** For a repair: what bindings have left behind, and what EC2 says of targets without an endpoint. */
  readonly repairing?: boolean;
  /** Target groups that bindings for the Service name in any cluster, beside those of the primary. */
  readonly bound?: boolean;
  /** Which cluster has the address of a target that no listed cluster tracks; `doubtful`: or that it only tracks. */
  readonly evidence?: boolean | 'doubtful';
  /** The address ranges of the target groups' VPCs, where no cluster has a target's address. */
  readonly vpcs?: boolean;
  /** What makes the pods behind each cluster's own Service. */
  readonly rollout?: boolean;
  /** The region that the target groups must be in, where the person insists on one. */
  readonly region?: string;
  /** Listeners and security groups of the load balancer, attributes of target groups; `alone`: only the first. */
  readonly listeners?: boolean | 'alone';
  /** It is looked at again and again while a write takes effect: who owns the load balancer was known before. */
  readonly waiting?: boolean;
  /** What connections depend on: listeners, and attributes of target groups. */
  readonly traffic?: boolean;
  /** The cluster that owns the load balancer, and the one that is to own it: what a handover depends on. */
  readonly handover?: {
    readonly old?: string;
    readonly new?: string;
    /** The name of a cluster that owned it and is gone. */
    readonly lost?: string;
    /** Nothing of it is read where OLD is known to own nothing: it leaves as any other, by its local name. */
    readonly ifOwner?: true;
  };
  /** The own Service of the clusters that leave, where it does not have the local name. */
  readonly leavesAs?: ObjectName;
  /** Attributes of target groups: cross-zone, deregistration delay. */
  readonly attributes?: boolean;
}
