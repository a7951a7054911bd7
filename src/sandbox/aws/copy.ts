import { types } from 'node:util';

// Taken once: in the VM contexts that tests run in, each look at a global is a slow one.
const { isArray } = Array;
const { keys } = Object;

/** A deep copy of parameters or of a result: plain data and dates. Several times as fast as structuredClone. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.map(copyOf) as T;
  if (types.isDate(value)) return new Date(value) as T;
  const copy: Record<string, unknown> = {};
  for (const key of keys(value)) copy[key] = copyOf((value as Record<string, unknown>)[key]);
  return copy as T;
}
