import type { KubeObject } from '../kube/object.ts';

/** One of a pod's or node's status.conditions. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export function findCondition(object: KubeObject, type: string): Condition | undefined {
  const conditions: readonly Condition[] = object['status']?.conditions ?? [];
  return conditions.find((condition) => condition.type === type);
}

/** `True`, `False` or `Unknown`; an absent condition counts as `False`. */
export function conditionStatus(object: KubeObject, type: string): string {
  return findCondition(object, type)?.status ?? 'False';
}
