import { copyOf } from '../object.ts';
import { objectFields } from './crd.ts';
import type { Schema } from './schema.ts';

// Taken once, as in object.ts: every write of the sandbox comes through here.
const { isArray } = Array;
const { entries, hasOwn } = Object;

/**
 * A copy of `object` without the fields that its schema does not know, and their paths as a strict
 * decoding error names them: `spec.foo`, `spec.ports[0].bar`. Null stays: what it means depends
 * on the caller. Source: apiextensions-apiserver pkg/apiserver/schema/pruning/algorithm.go.
 */
export function prune<T>(object: T, schema: Schema): { object: T; unknown: string[] } {
  const unknown: string[] = [];
  return { object: pruned(object, schema, '', unknown) as T, unknown };
}

function pruned(value: unknown, schema: Schema, path: string, unknown: string[]): unknown {
  if (isArray(value)) {
    const { items } = schema;
    if (!items) return copyOf(value);
    return value.map((item, i) => pruned(item, items, `${path}[${i}]`, unknown));
  }
  if (typeof value !== 'object' || value === null) return value;
  const known = schema.embeddedResource
    ? { ...schema.properties, ...objectFields() }
    : schema.properties;
  // A scalar where an object came is another fault, which the type check reports.
  if (schema.type !== 'object' && !known && !schema.additionalProperties) {
    return copyOf(value);
  }
  const kept: Record<string, unknown> = {};
  for (const [key, part] of entries(value)) {
    const at = path ? `${path}.${key}` : key;
    const field = known && hasOwn(known, key) ? known[key] : schema.additionalProperties;
    if (field) kept[key] = pruned(part, field, at, unknown);
    else if (schema.preserveUnknown) kept[key] = copyOf(part);
    else unknown.push(at);
  }
  return kept;
}
