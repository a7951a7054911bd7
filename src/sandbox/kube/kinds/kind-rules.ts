import type { IpFamily } from '../ip-family.ts';
import type { KubeObject } from '../object.ts';
import type { FieldError } from '../status-error.ts';

/** What allocation chooses from. */
export interface Supply {
  readonly ipFamily: IpFamily;
  /** All objects of the kind. */
  readonly others: readonly KubeObject[];
}

/**
 * What a built-in kind does to a write, beside what all kinds do; in this order. Ownership of fields
 * is settled after the defaults: what comes later has no owner.
 */
export interface KindRules {
  /** Fills in, in place, what the writer left open; done again after the mutating webhooks. */
  defaults?(object: KubeObject, old?: KubeObject): void;
  /** Hands out, in place, what only one object may have. */
  allocate?(object: KubeObject, from: Supply, old?: KubeObject): FieldError[];
  /** Takes away, in place, what no longer applies. */
  prepare?(object: KubeObject, old?: KubeObject): void;
  validate?(object: KubeObject, old?: KubeObject): FieldError[];
  /** Of a write of `status`. */
  validateStatus?(object: KubeObject): FieldError[];
}
