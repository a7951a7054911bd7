import type { ObjectName } from '../model/kubernetes.ts';
import type { Enrollment } from '../observed/enrollment-document.ts';
import type { Role } from '../observed/owner.ts';
import type { Code } from '../model/codes.ts';
import type { Problem } from '../model/problem.ts';
import type { RegisteredTarget, Target } from '../model/target.ts';
import type { AddressEvidence } from '../model/aws.ts';

/** `ready` or why not, in a word. `recorded`: the cluster was not read, and AWS agrees with a document. */
export type MemberState = 'ready' | 'recorded' | 'converging' | 'degraded' | 'unknown';

/** One row of the verify table: a cluster on a port. A count that could not be read is null. */
export interface MemberVerdict {
  readonly cluster: string;
  readonly role: Role;
  /** The Service that the binding is for. */
  readonly service?: ObjectName;
  /** Another Service of the same cluster is a member on this port, too. */
  readonly beside?: true;
  readonly binding?: ObjectName;
  readonly multiCluster?: boolean;
  /** The cluster was not read: when the document was written that tells of it, ISO 8601. */
  readonly asOf?: string;
  readonly eligible: number | null;
  readonly tracked: number | null;
  readonly registered: number | null;
  readonly healthy: number | null;
  readonly draining: number | null;
  readonly state: MemberState;
  readonly problems: readonly Problem[];
}

/** A target that is not simply healthy, in plain words. */
export interface TargetNote {
  readonly target: Target;
  /**
   * Contexts of the clusters that track it, else of the one whose endpoint or address it is; empty:
   * unclaimed. The name is part of the format of `-o json`.
   */
  readonly owners: readonly string[];
  /** The pod that it is an endpoint of, where it is one. */
  readonly pod?: string;
  /** Undefined: not registered. */
  readonly registered?: RegisteredTarget;
  readonly evidence?: AddressEvidence;
  readonly kind:
    | 'known'
    | 'state'
    | 'unregistered'
    | 'untracked'
    | 'gone'
    | 'unclaimed'
    | 'contested';
  readonly text: string;
  /** The finding that has the target among its details, and says what to do. */
  readonly code?: Code;
}

export interface PortVerdict {
  readonly port: number | string;
  readonly targetGroupArn: string;
  readonly protocol?: string;
  readonly members: readonly MemberVerdict[];
  readonly notes: readonly TargetNote[];
}

/** The one verdict of `verify`; no renderer may change it. */
export interface Verdict {
  readonly state: MemberState;
  /** nlbmc may not see all bindings, and the person accepts that: green is `ready in what could be read`. */
  readonly partial?: boolean;
  /** 0 green, 3 not green, 8 a needed fact was not read. */
  readonly exit: 0 | 3 | 8;
  /** Name of the load balancer, and who owns it (null: unknown); absent: no target group is known. */
  readonly loadBalancer?: {
    readonly name: string | null;
    readonly owner: NonNullable<Enrollment['owner']> | null;
  };
  readonly ports: readonly PortVerdict[];
  readonly problems: readonly Problem[];
  /** What a person should know, though nothing of it makes the verdict red. */
  readonly cautions: readonly Problem[];
  /** What could not be read and was not needed. */
  readonly skips: readonly Problem[];
}
