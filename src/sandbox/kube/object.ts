/** Who wrote which fields, as metav1.ManagedFieldsEntry. */
export interface ManagedFieldsEntry {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time: string;
  fieldsType: 'FieldsV1';
  fieldsV1: Record<string, unknown>;
  subresource?: string;
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** metav1.ObjectMeta as JSON; times are RFC 3339 with whole seconds. */
export interface Metadata {
  name: string;
  namespace?: string;
  generateName?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFieldsEntry[];
  [field: string]: unknown;
}

/** Any Kubernetes object as plain JSON. What the store hands out is deeply frozen. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  // The server carries every kind alike; code that reads a kind's fields knows their shape.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [field: string]: any;
}

// Taken once: in the VM contexts that tests run in, each look at a global is a slow one.
const { isArray } = Array;
const { freeze, isFrozen, keys } = Object;

/** A deep copy of plain JSON that may be changed. Several times as fast as structuredClone. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.map(copyOf) as T;
  const copy: Record<string, unknown> = {};
  for (const key of keys(value)) copy[key] = copyOf((value as Record<string, unknown>)[key]);
  return copy as T;
}

/** Freezes plain JSON through and through, so that a reader cannot change the store behind its back. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !isFrozen(value)) {
    freeze(value);
    for (const key of keys(value)) deepFreeze((value as Record<string, unknown>)[key]);
  }
  return value;
}

/** Equality of plain JSON; the order of keys does not count, undefined counts as absent. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isArray(a) !== isArray(b)) return false;
  if (isArray(a)) {
    const other = b as unknown[];
    return a.length === other.length && a.every((item, i) => sameJson(item, other[i]));
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  return (
    keys(left).every((key) => sameJson(left[key], right[key])) &&
    keys(right).every((key) => key in left || right[key] === undefined)
  );
}

/** Counts as the server writes them: a zero is not written, but for the named fields. */
export function withoutZeros(
  counts: Readonly<Record<string, unknown>>,
  always: readonly string[] = [],
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(counts).filter(([field, count]) => count !== 0 || always.includes(field)),
  );
}

/** JSON with sorted keys: the same text for equal values. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** A date as metav1.Time writes it: UTC, whole seconds. */
export function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
