import { copyOf } from '../object.ts';
import { objectFields } from './crd.ts';
import type { Schema } from './schema.ts';

// Taken once, as in object.ts: every write of the sandbox comes through here.
const { isArray } = Array;
const { hasOwn, keys } = Object;

/**
 * A copy of `object` without the fields that its schema does not know, and their paths as a strict
 * decoding error names them: `spec.foo`, `spec.ports[0].bar`. Null stays: what it means depends
 * on the caller. Source: apiextensions-apiserver pkg/apiserver/schema/pruning/algorithm.go.
 */
export function prune<T>(object: T, schema: Schema): { object: T; unknown: string[] } {
  const lost: Lost = { any: false };
  const kept = pruned(object, schema, lost) as T;
  const unknown: string[] = [];
  // Looked for only then: in nearly all writes everything is known.
  if (lost.any) findUnknown(object, schema, '', unknown);
  return { object: kept, unknown };
}

interface Lost {
  any: boolean;
}

type Json = Readonly<Record<string, unknown>>;

const fieldsOf = (schema: Schema): Schema['properties'] =>
  schema.embeddedResource ? { ...schema.properties, ...objectFields() } : schema.properties;

/** A scalar where an object came is another fault, which the type check reports. */
const isOpen = (schema: Schema, known: Schema['properties']): boolean =>
  schema.type !== 'object' && !known && !schema.additionalProperties;

function pruned(value: unknown, schema: Schema, lost: Lost): unknown {
  if (isArray(value)) {
    const { items } = schema;
    return items ? value.map((item) => pruned(item, items, lost)) : copyOf(value);
  }
  if (typeof value !== 'object' || value === null) return value;
  const known = fieldsOf(schema);
  if (isOpen(schema, known)) return copyOf(value);
  const kept: Record<string, unknown> = {};
  for (const key of keys(value)) {
    const part = (value as Json)[key];
    const field = known && hasOwn(known, key) ? known[key] : schema.additionalProperties;
    if (field) kept[key] = pruned(part, field, lost);
    else if (schema.preserveUnknown) kept[key] = copyOf(part);
    else lost.any = true;
  }
  return kept;
}

function findUnknown(value: unknown, schema: Schema, path: string, unknown: string[]): void {
  if (isArray(value)) {
    const { items } = schema;
    if (items) value.forEach((item, i) => findUnknown(item, items, `${path}[${i}]`, unknown));
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const known = fieldsOf(schema);
  if (isOpen(schema, known)) return;
  for (const key of keys(value)) {
    const at = path ? `${path}.${key}` : key;
    const field = known && hasOwn(known, key) ? known[key] : schema.additionalProperties;
    if (field) findUnknown((value as Json)[key], field, at, unknown);
    else if (!schema.preserveUnknown) unknown.push(at);
  }
}
