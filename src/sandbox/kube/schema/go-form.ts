import { goFields } from './go-fields.ts';
import { parseQuantity, quantityText } from './quantity.ts';
import type { Schema } from './schema.ts';

type Json = Record<string, unknown>;

interface Fields {
  /** Field -> its zero value; `{}` for a struct. */
  readonly always: ReadonlyMap<string, unknown>;
  readonly pointers: ReadonlySet<string>;
}

const NONE: Fields = { always: new Map(), pointers: new Set() };
const known = new Map<string, Fields>();

// Taken once, as in object.ts: every write of the sandbox comes through here.
const { isArray } = Array;
const { entries, keys } = Object;

function fieldsOf(schema: Schema): Fields {
  const { name } = schema;
  if (name === undefined) return NONE;
  const found = known.get(name);
  if (found) return found;
  const [always = '', pointers = ''] = (
    goFields[name.slice(name.lastIndexOf('.') + 1)] ?? ''
  ).split('|');
  const zeros = words(always).map((word): [string, unknown] => {
    if (word.endsWith(':null')) return [word.slice(0, -5), null];
    if (word.endsWith('{}')) return [word.slice(0, -2), {}];
    const type = schema.properties?.[word]?.type;
    return [word, type === 'string' ? '' : type === 'boolean' ? false : 0];
  });
  const fields = { always: new Map(zeros), pointers: new Set(words(pointers)) };
  known.set(name, fields);
  return fields;
}

const words = (text: string): string[] => text.trim().split(' ').filter(Boolean);

/** Whether Go leaves the value out of what it writes; a struct, and an IntOrString is one, never. */
function isUnwritten(value: unknown, field: Schema): boolean {
  if (typeof value !== 'object') {
    if (field.intOrString && !field.name?.endsWith('.Quantity')) return false;
    return value === '' || value === 0 || value === false;
  }
  if (value === null) return false;
  if (isArray(value)) return value.length === 0;
  return field.additionalProperties !== undefined && !field.properties && keys(value).length === 0;
}

/** Raised for a value that its type cannot read, such as `much` for a quantity. */
export class UnreadableError extends Error {}

function scalar(value: unknown, schema: Schema): unknown {
  if (schema.name?.endsWith('.Quantity')) {
    const quantity = parseQuantity(value);
    if (!quantity)
      throw new UnreadableError(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      );
    return quantityText(quantity);
  }
  if (typeof value !== 'string') return value;
  if (schema.format === 'date-time') return time(value);
  if (schema.format === 'byte' && !isBase64(value))
    throw new UnreadableError('illegal base64 data');
  return value;
}

const isBase64 = (text: string): boolean =>
  /^[A-Za-z0-9+/\r\n]*={0,2}$/.test(text) && text.replaceAll(/[\r\n]/g, '').length % 4 === 0;

/** UTC and whole seconds, or microseconds where they were given with six digits. */
function time(text: string): string {
  // Nearly always it is in that form already.
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) {
    if (Number.isNaN(Date.parse(text))) throw new UnreadableError(`parsing time "${text}"`);
    return text;
  }
  const match = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  const at = Date.parse(text);
  if (!match || Number.isNaN(at))
    throw new UnreadableError(`parsing time "${text}" as "2006-01-02T15:04:05Z07:00"`);
  const seconds = new Date(at).toISOString().slice(0, 19);
  return match[1]?.length === 7 ? `${seconds}${match[1]}Z` : `${seconds}Z`;
}

/**
 * An object of a built-in kind as Go reads it and writes it back: without nulls and empties, with the
 * zeros that Go always writes, quantities and times in their canonical form. Raises UnreadableError.
 * Source: encoding/json's omitempty; apimachinery pkg/api/resource/quantity.go and meta/v1/time.go.
 */
export function goForm(value: unknown, schema: Schema): unknown {
  if (value === null) return null;
  if (isArray(value)) {
    const { items } = schema;
    return items ? value.map((item) => goForm(item, items) ?? zeroOf(items)) : value;
  }
  if (typeof value !== 'object') return scalar(value, schema);
  const { properties, additionalProperties } = schema;
  if (properties) return struct(value as Json, schema);
  if (!additionalProperties) return value;
  const map: Json = {};
  for (const [key, part] of entries(value))
    map[key] = goForm(part, additionalProperties) ?? zeroOf(additionalProperties);
  return map;
}

function struct(value: Json, schema: Schema): Json {
  const { always, pointers } = fieldsOf(schema);
  const { properties = {} } = schema;
  const result: Json = {};
  for (const key of keys(value)) {
    const part = value[key];
    const field = properties[key];
    if (part === null || part === undefined || !field) {
      if (part !== null && part !== undefined) result[key] = part;
      continue;
    }
    const read = goForm(part, field);
    if (isUnwritten(read, field) && !always.has(key) && !pointers.has(key)) continue;
    result[key] = read;
  }
  for (const [key, zero] of always) {
    const field = properties[key];
    if (result[key] === undefined && field)
      result[key] = zero !== null && typeof zero === 'object' ? struct({}, field) : zero;
  }
  return result;
}

/** What a null in a list or map stands for. */
export function zeroOf(schema: Schema): unknown {
  if (schema.properties) return struct({}, schema);
  return schema.type === 'string' ? '' : schema.type === 'object' ? {} : 0;
}

/** A kind's zero value: what an object that says nothing looks like. */
export function zeroObject(schema: Schema): Json {
  return struct({}, schema);
}
