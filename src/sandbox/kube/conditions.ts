import type { KubeObject } from './object.ts';

/** One of an object's status.conditions. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  lastTransitionTime?: string;
  reason?: string;
  message?: string;
  [field: string]: unknown;
}

/** The condition of that type, if it is there. */
export function conditionOf(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** `True`, `False` or `Unknown`; an absent condition counts as `False`. */
export function conditionStatus(object: KubeObject, type: string): Condition['status'] {
  return conditionOf(object.status?.conditions, type)?.status ?? 'False';
}

/**
 * The list with `next` in the place of its type. The transition time moves only when the status
 * does: what reads it (minReadySeconds, kubectl's AGE of a condition) relies on that.
 */
export function withCondition(
  conditions: readonly Condition[],
  next: Condition,
  now: string,
): Condition[] {
  const before = conditionOf(conditions, next.type);
  const since = before?.status === next.status ? before.lastTransitionTime : undefined;
  const condition = { ...next, lastTransitionTime: since ?? now };
  return before
    ? conditions.map((other) => (other.type === next.type ? condition : other))
    : [...conditions, condition];
}
