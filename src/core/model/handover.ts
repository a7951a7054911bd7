import type { Tags } from './aws.ts';
import type { SecurityGroup } from './aws.ts';
import type { ObjectName } from './kubernetes.ts';
import type { Reading } from './problem.ts';

/** The phases of a handover, in their order. Each is derived from what is there; nothing keeps it. */
export const phases = ['release', 'retag', 'restart', 'adopt', 'finish'] as const;
export type Phase = (typeof phases)[number];

/** Where a run may stop: what is there then stays as it is. */
export const stablePhases = ['release', 'retag', 'restart', 'adopt'] as const;
export type StablePhase = (typeof stablePhases)[number];

/** What the note on a Service says when its controller has released it (annotation `nlbmc/handover`). */
export const RELEASED = 'released';
/** What it says when AWS has given the tags of that cluster three times in a row; without one: those of no cluster. */
export const taggedNote = (clusterName: string | undefined): string =>
  clusterName === undefined ? 'untagged' : `tagged ${clusterName}`;

/** The field manager that writes the notes of the tags. The API server keeps a time for each manager of an object. */
export const noteManager = 'nlbmc-handover';

/** The class that a released Service has: no controller serves it. A former owner's Service keeps it. */
export const releasedClass = 'nlbmc/released';

/** A pod of a controller. */
export interface ControllerPod {
  readonly name: string;
  /** When the first of its containers started, ISO 8601: all run since then. Absent: one does not run. */
  readonly startedAt?: string;
  readonly ready: boolean;
}

/** The processes of the controller of one cluster: its Deployment, pods and leader. */
export interface ControllerProcess {
  readonly deployment: ObjectName;
  /** Whether all its pods are of the present template, and ready. */
  readonly rolledOut: boolean;
  readonly replicas: number;
  /** No new pod is made while it is paused, whatever changes in its template. */
  readonly paused?: true;
  /** Pods that its selector finds, and that are not on their way out. */
  readonly pods: readonly ControllerPod[];
  /** When somebody had it replace its pods last, by the API server's clock, in whole seconds. Absent: not known. */
  readonly restartedAt?: string;
  /** Who holds the Lease of the leader: `POD_UUID`; absent: no pod. */
  readonly leader?: string;
  /** Flags of its command line that decide what it makes, by name without dashes. */
  readonly flags: Readonly<Record<string, string>>;
}

/** A load balancer or target group with its tags. */
export interface TaggedResource {
  readonly kind: 'load-balancer' | 'target-group';
  readonly arn: string;
  readonly name: string;
  readonly tags: Tags;
  /** Of a target group: the load balancers that forward to it. */
  readonly loadBalancerArns: readonly string[];
}

/** What is read only for a handover. */
export interface HandoverFacts {
  /** By context, of the cluster that owns the load balancer and of the one that is to own it. */
  readonly controllers: Readonly<Record<string, Reading<ControllerProcess>>>;
  /** Tags of the listeners of the load balancer, by ARN. */
  readonly listenerTags: Reading<Readonly<Record<string, Tags>>>;
  /**
   * Load balancers and target groups of the region that a controller made for a Service of these
   * names, or whose tags name a Service of one of these clusters.
   */
  readonly tagged: Reading<readonly TaggedResource[]>;
  /** By context: the VPCs of the pods and nodes of the cluster that is to own the load balancer. */
  readonly vpcs?: Readonly<Record<string, Reading<readonly string[]>>>;
  /** Instances that run with the tag of the cluster that is lost; read with `--lost` only. */
  readonly instances?: Reading<readonly string[]>;
  /** Security groups that the controllers of these clusters made, by their tags. */
  readonly groups: Reading<readonly SecurityGroup[]>;
}
