import { storedVersion } from '../definitions.ts';
import { copyOf, type KubeObject } from '../object.ts';
import { prune } from './prune.ts';
import type { ResourceDef } from '../resources.ts';
import { crdSchema } from './crd.ts';
import { builtinSchema } from './builtin.ts';
import type { Schema } from './schema.ts';
import { badRequest } from '../status-error.ts';
import { goForm, UnreadableError, zeroOf } from './go-form.ts';
import { isTyped, validate } from './validate.ts';

/** What to do with fields that the schema does not know. */
export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

const derived = new WeakMap<KubeObject, Schema>();

/** The shape of a resource's objects; `crd` is the definition of a custom one. */
export function schemaOf(def: ResourceDef, crd?: KubeObject): Schema | undefined {
  if (!def.custom || !crd) return builtinSchema(def.kind);
  const known = derived.get(crd) ?? crdSchema({ spec: crd.spec }, storedVersion(crd));
  derived.set(crd, known);
  return known;
}

function hasNulls(value: unknown): boolean {
  if (typeof value !== 'object') return false;
  return value === null || Object.values(value).some(hasNulls);
}

/** The value itself where it has none, which is nearly always. */
const withoutNulls = <T>(value: T, schema?: Schema): T =>
  hasNulls(value) ? (dropNulls(value, schema) as T) : value;

/**
 * Null stays where the schema of a custom resource takes it, and is the zero value in a map of a
 * built-in kind.
 */
function dropNulls(value: unknown, schema: Schema | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => dropNulls(item, schema?.items));
  if (typeof value !== 'object' || value === null) return value;
  const { properties, additionalProperties: items, name } = schema ?? {};
  const kept: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) {
    const field = properties?.[key] ?? items;
    if (part !== null) kept[key] = dropNulls(part, field);
    else if (field?.nullable) kept[key] = null;
    else if (items && field?.type === 'string' && name === undefined) kept[key] = zeroOf(items);
  }
  return kept;
}

/**
 * Reads an object as its Go type would: unknown fields fall away (told to `warn`, or 400 when
 * strict), nulls are as good as absent, empties are not written, a value of the wrong type is 400.
 * What it gives shares nothing with `object`. A custom object's types are judged later, with the rest of its schema.
 */
export function decode(
  object: KubeObject,
  def: ResourceDef,
  schema: Schema | undefined,
  o: {
    readonly fieldValidation?: FieldValidation;
    readonly warn?: (message: string) => void;
    /** After a server-side apply: nulls of custom resources are judged, and not dropped. */
    readonly applied?: boolean;
  } = {},
): KubeObject {
  const { fieldValidation: validation = 'Ignore', warn = () => {}, applied } = o;
  if (!schema) return copyOf(object);
  const read = prune(object, schema);
  const unknown = read.unknown.map((path) => `unknown field "${path}"`);
  const what = `${def.kind} in version "${def.version}" cannot be handled as a ${def.kind}`;
  if (validation === 'Strict' && unknown.length > 0)
    throw badRequest(`${what}: strict decoding error: ${unknown.join(', ')}`);
  if (validation === 'Warn') unknown.forEach(warn);
  // Source of the dropped nulls: apiextensions-apiserver pkg/apiserver/schema/defaulting/prunenulls.go.
  if (def.custom) {
    const { metadata, ...rest } = applied ? read.object : withoutNulls(read.object, schema);
    return { ...rest, metadata: inGo(metadata, schema.properties!['metadata']!, what) };
  }
  const typed = withoutNulls(read.object, schema);
  const wrong = isTyped(typed, schema)
    ? undefined
    : validate(typed, schema).find((fault) => fault.reason === 'FieldValueTypeInvalid');
  if (wrong) throw badRequest(`${what}: json: cannot unmarshal ${wrong.field}: ${wrong.message}`);
  return inGo(typed, schema, what);
}

function inGo<T>(value: T, schema: Schema, what: string): T {
  try {
    return goForm(value, schema) as T;
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    throw badRequest(`${what}: ${error.message}`);
  }
}
