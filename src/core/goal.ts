import type { ObjectName } from './kubernetes.ts';
import type { Problem } from './problem.ts';

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
  /** Every eligible endpoint is tracked, registered and healthy in AWS. */
  | { readonly kind: 'endpoints-healthy'; readonly cluster: string; readonly binding: ObjectName }
  /** The primary's binding is still shared: turned exclusive, it would deregister what has joined. */
  | { readonly kind: 'still-multi-cluster'; readonly cluster: string; readonly binding: ObjectName }
  /** AWS shows deletion protection on the load balancer. */
  | { readonly kind: 'deletion-protection' };

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
