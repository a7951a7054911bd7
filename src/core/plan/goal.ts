import type { ObjectName } from '../model/kubernetes.ts';
import type { Problem } from '../model/problem.ts';
import type { Target } from '../model/target.ts';

/** What a command waits for, in one cluster or in AWS. */
export type Goal =
  /** The binding has the flag, and the controller has acted on that generation. */
  | {
      readonly kind: 'binding-multi-cluster';
      readonly cluster: string;
      readonly binding: ObjectName;
    }
  /** Every own registered endpoint is in the binding's tracked set. */
  | { readonly kind: 'endpoints-tracked'; readonly cluster: string; readonly binding: ObjectName }
  /** None of these, endpoints when the plan was made, has gone without being deregistered. */
  | {
      readonly kind: 'none-leaked';
      readonly cluster: string;
      readonly binding: ObjectName;
      readonly targets: readonly Target[];
    }
  /** Every eligible endpoint is tracked, registered and healthy in AWS. */
  | { readonly kind: 'endpoints-healthy'; readonly cluster: string; readonly binding: ObjectName }
  /** The primary's binding is still shared: turned exclusive, it would deregister what has joined. */
  | { readonly kind: 'still-multi-cluster'; readonly cluster: string; readonly binding: ObjectName }
  /** AWS shows deletion protection on the load balancer. */
  | { readonly kind: 'deletion-protection' }
  | LeavingGoal
  | RepairGoal
  | HandoverGoal;

/** What a handover waits for. */
export type HandoverGoal =
  /** No controller manages the Service, and none has begun again for some seconds. */
  | { readonly kind: 'service-released'; readonly cluster: string; readonly service: ObjectName }
  /** AWS has given these tags three times in a row, over 30 seconds. */
  | {
      readonly kind: 'tags-settled';
      /** The tags of each resource, by ARN or id; null: it does not have that one. */
      readonly tags: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
    }
  /** Every process of the controller started after this note was written on the Service, and one of them leads. */
  | {
      readonly kind: 'controller-restarted';
      readonly cluster: string;
      readonly deployment: ObjectName;
      readonly service: ObjectName;
      readonly note: string;
    }
  /**
   * The controller of the cluster manages the Service with this load balancer, has said so since the note was
   * written, and has made no other for a minute.
   */
  | {
      readonly kind: 'service-adopted';
      readonly cluster: string;
      readonly service: ObjectName;
      readonly note: string;
      readonly loadBalancerArn: string;
      readonly targetGroupArns: readonly string[];
    }
  /** The controller has acted on the network rules of the binding as they are now. */
  | { readonly kind: 'rules-applied'; readonly cluster: string; readonly binding: ObjectName }
  /** The load balancer does not have this security group any more. */
  | { readonly kind: 'group-removed'; readonly groupId: string };

/** What the commands wait for that take something away, or put it right. */
export type LeavingGoal =
  /** AWS has none of these targets any more, and no draining remains of them. */
  | {
      readonly kind: 'targets-gone';
      /** Whose targets they were, where that is known. */
      readonly cluster?: string;
      readonly targetGroupArn: string;
      readonly targets: readonly Target[];
      /** How long AWS lets a deregistered target drain, in seconds. */
      readonly delaySeconds: number;
    }
  | { readonly kind: 'binding-gone'; readonly cluster: string; readonly binding: ObjectName }
  | { readonly kind: 'service-gone'; readonly cluster: string; readonly service: ObjectName }
  /** There is no ConfigMap with the binding's tracked targets. */
  | { readonly kind: 'tracking-gone'; readonly cluster: string; readonly binding: ObjectName }
  /** The binding has lost the flag, and the controller has acted on that generation. */
  | { readonly kind: 'binding-exclusive'; readonly cluster: string; readonly binding: ObjectName }
  /** The Service no longer requires deletion protection; with `aws`, AWS does not have it either. */
  | { readonly kind: 'deletion-unprotected'; readonly cluster: string; readonly aws: boolean }
  /** The controller has made a binding for the port of the Service again. */
  | {
      readonly kind: 'binding-back';
      readonly cluster: string;
      readonly service: ObjectName;
      readonly port: number;
    }
  /** The tracked set is the eligible endpoints and nothing else. */
  | { readonly kind: 'tracked-exactly'; readonly cluster: string; readonly binding: ObjectName };

/** What a repair waits for. */
export type RepairGoal =
  /**
   * Every eligible endpoint is tracked and registered, and no tracked target without an endpoint is
   * left registered: as AWS says it, never the controller's status.
   */
  | { readonly kind: 'binding-mended'; readonly cluster: string; readonly binding: ObjectName }
  /** A listener forwards to the target group again. */
  | { readonly kind: 'listener-back'; readonly cluster: string; readonly targetGroupArn: string };

/**
 * How far a goal is. `stuck` will not come by waiting: `problem` has the cure. `unknown`: what it
 * needs could not be read this time.
 */
export interface Progress {
  readonly goal: Goal;
  readonly state: 'done' | 'converging' | 'stuck' | 'unknown';
  readonly done: number;
  readonly total: number;
  /** One line: what it is doing, or what blocks it. */
  readonly text: string;
  readonly problem?: Problem;
}
