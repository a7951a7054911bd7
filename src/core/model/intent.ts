import type { AddedMetadata, ObjectName } from './kubernetes.ts';
import type { StablePhase } from './handover.ts';
import type { Target } from './target.ts';

/** What a person requires of `enable`. */
export interface EnableIntent {
  /** The primary's Service. */
  readonly service: ObjectName;
  /** Context of the primary. */
  readonly context: string;
  /** The person accepts that exactly this many own targets leak. */
  readonly acceptLeaking?: number;
  /** Take over the flag of a binding that another manager owns. */
  readonly forceConflicts?: boolean;
  /**
   * False while a rollout may still settle: stray targets are then `settling`. True when the
   * settle time is over: what is still there is told apart by evidence, and counts.
   */
  readonly settled: boolean;
}

/** A target group as `--target-group [PORT=]ARN` names it. */
export interface NamedGroup {
  /** The port of the Service for it: a number or a name; absent: the one that fits. */
  readonly port?: string;
  readonly arn: string;
}

/** `--map-port LISTENER=PORT`: where the Service has another port than the listener. */
export interface PortMap {
  readonly listener: number;
  /** A number or a name. */
  readonly port: string;
}

/** `--from FILE`, with `--max-age` where that is not the default. */
export interface FromFile {
  readonly file: string;
  readonly maxAgeMs?: number;
}

/** Where a join finds its target groups, which ports it binds to them, and what is put on what it creates. */
export interface JoinPlace extends AddedMetadata {
  /** Context of a cluster that is enrolled already: its bindings name the target groups. */
  readonly primary?: string;
  /** Name or ARN. Without `primary` its listeners give the target groups; with it, a claim that is checked. */
  readonly loadBalancer?: string;
  readonly targetGroups?: readonly NamedGroup[];
  /** A document of `show` that tells of the clusters which are enrolled, instead of `primary`. */
  readonly from?: FromFile;
  readonly mapPorts?: readonly PortMap[];
  /** Ports of the Service, by number or name; absent: all. */
  readonly ports?: readonly string[];
  /** False: somebody else opens the ports of the nodes and pods. */
  readonly networking?: false;
  /** Address ranges that clients connect from, where the load balancer keeps the client's address. */
  readonly fromCidrs?: readonly string[];
}

/** What a person requires of `join`. */
export interface JoinIntent extends JoinPlace {
  /** The Service in the cluster that is named with `primary`; without one, that of the cluster that joins. */
  readonly service: ObjectName;
  /** The Service of the cluster that joins. */
  readonly localService: ObjectName;
  /** The person named the local Service: it may be a second one of its cluster. */
  readonly localNamed?: boolean;
  /** Context of the cluster that joins. */
  readonly context: string;
  readonly createService: boolean;
  /** Take over a local binding that differs or is exclusive. */
  readonly adopt: boolean;
  /** Take over fields that another manager owns. */
  readonly forceConflicts: boolean;
  /** The person accepts that exactly this many targets of the other cluster stay untracked and leak. */
  readonly acceptLeaking?: number;
  /**
   * False while what was read a moment apart may still come together: an endpoint of the primary that
   * is registered and not yet seen as tracked is then `settling`, and refuses when this is true.
   */
  readonly settled: boolean;
  /** The region that the person named, where one was named. */
  readonly region?: string;
}

/** A target registered by hand on purpose, by id, instance or CIDR range; without a port: any port. */
export interface KnownTarget {
  /** An address, an instance id, or a range of addresses such as `10.0.8.0/24`. */
  readonly id: Target['id'];
  readonly port?: number;
}

/** What a person requires of `verify`. */
export interface VerifyIntent {
  /** The primary's Service. */
  readonly service: ObjectName;
  /** Healthy targets that each cluster needs on each port. */
  readonly minHealthy: number;
  readonly knownTargets: readonly KnownTarget[];
  readonly allowUnprotected: boolean;
  /** The person accepts that bindings may be out of sight, since not all namespaces may be listed. */
  readonly acceptUnread?: boolean;
  /** A Deployment that is still rolling out counts as converging. */
  readonly rollout?: boolean;
  /** The person waits already: what is still on its way at the end needs a look, not another wait. */
  readonly waited?: boolean;
}

/** What a person requires of `repair`: what `verify` would find, with the same exceptions. */
export type RepairIntent = Pick<VerifyIntent, 'service' | 'knownTargets' | 'allowUnprotected'>;
/** What a person requires of `disable`: at least one of the two. */
export interface DisableIntent {
  /** The primary's Service. */
  readonly service: ObjectName;
  /** Context of the primary. */
  readonly context: string;
  /** Lift deletion protection. */
  readonly allowDeletion: boolean;
  /** Turn the flag off. */
  readonly exclusive: boolean;
  readonly knownTargets?: readonly KnownTarget[];
}

/** A cluster that a person says has gone, with what an earlier Enrollment document knows of it. */
export interface Departed {
  /** As the document calls it: its context then. */
  readonly name: string;
  /** The file with the document, as it was typed. */
  readonly file: string;
  /** UID of its kube-system, where the document has it. */
  readonly identity?: string;
  /** What EC2's tags call it: its controllers' names, where the document has them, else its context's. */
  readonly clusterNames: readonly string[];
  /** Its VPC, where the document has it: a cluster of that name in another one is another cluster. */
  readonly vpcId?: string;
  /** When the document was written. */
  readonly at: string;
  /** Keys of the targets that it tracked then, by target group. */
  readonly tracked: Readonly<Record<string, readonly string[]>>;
}

/** What a person requires of `purge`. */
export interface PurgeIntent {
  /** The primary's Service. */
  readonly service: ObjectName;
  /** The person names exactly this many targets that are refused otherwise. */
  readonly acceptRemoving?: number;
  readonly departed?: Departed;
  readonly knownTargets?: readonly KnownTarget[];
}

/** What a person requires of `leave`. */
export interface LeaveIntent {
  /** The primary's Service. */
  readonly service: ObjectName;
  /** The Service of the cluster that leaves. */
  readonly localService: ObjectName;
  /** Context of the cluster that leaves. */
  readonly context: string;
  /** Context of the primary, where it is named: then its bindings name the target groups. */
  readonly primary?: string;
  /** Name or ARN of the load balancer, where it was named: its target groups are meant. */
  readonly loadBalancer?: string | undefined;
  /** ARNs named by the person, or by an Enrollment document; none: see `primary`, or local bindings. */
  readonly targetGroups: readonly string[];
  /** Delete the local Service as well, where `join --create-service` made it. */
  readonly deleteService: boolean;
  /** No controller is there to do it: deregister the targets and take the finalizers off. */
  readonly withoutController: boolean;
  readonly minHealthy: number;
  readonly minHealthyPerZone?: number;
  /** Keys of targets that leave at the same time with other clusters, by target group: they do not stay. */
  readonly beside?: Readonly<Record<string, readonly string[]>>;
  /** The person accepts that exactly this many targets are deregistered. */
  readonly acceptRemoving?: number;
  /** The person accepts that the Service stays bound to target groups that were not named. */
  readonly acceptStillBound?: boolean;
}

/** What a person requires of `handover`. */
export interface HandoverIntent {
  /** The Service of OLD. */
  readonly service: ObjectName;
  /** The Service of NEW. */
  readonly localService: ObjectName;
  /** Context of the cluster that owns the load balancer; with `lost`, the name that it had. */
  readonly old: string;
  /** Context of the cluster that is to own it; undefined: no cluster is. */
  readonly new: string | undefined;
  /** OLD's cluster is gone. */
  readonly lost: boolean;
  /** The way back: OLD is to own it again. */
  readonly back: boolean;
  /** The last phase of this run; absent: all. */
  readonly until?: StablePhase;
  /** The person restarts the controllers. */
  readonly restarted: boolean;
}
