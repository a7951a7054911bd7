import type { Schema } from '../schema/schema.ts';
import { keyElement } from './field-set.ts';

export type Json = Record<string, unknown>;

/** How a value is owned: as one thing (`leaf`), item by item, or field by field. */
export type Shape = 'scalar' | 'atomic-list' | 'list' | 'atomic-map' | 'map';

export function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The shape that the schema gives a value, or, where the schema leaves it open, that the value
 * shows: lists then go as one, maps field by field (`__untyped_deduced_` upstream).
 */
export function shapeOf(schema: Schema | undefined, value: unknown): Shape {
  if (schema?.intOrString) return 'scalar';
  switch (schema?.type) {
    case 'array':
      return schema.listType === 'map' || schema.listType === 'set' ? 'list' : 'atomic-list';
    case 'object':
      return schema.mapType === 'atomic' ? 'atomic-map' : 'map';
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return 'scalar';
    case undefined:
      if (Array.isArray(value)) return 'atomic-list';
      return isMap(value) ? 'map' : 'scalar';
  }
}

/** A struct's own field, which is not a member of a set by merely being there. */
export function isField(schema: Schema | undefined, name: string): boolean {
  return Object.hasOwn(schema?.properties ?? {}, name);
}

/** True when any field may stand here: a map, or what the schema leaves open. */
export function isOpen(schema: Schema | undefined): boolean {
  if (!schema || schema.preserveUnknown || schema.additionalProperties) return true;
  return schema.properties === undefined;
}

/**
 * The path element of an item of a list that merges item by item. A key that is left out counts
 * with its default (ServicePort.protocol). Throws Error with the words of structured-merge-diff
 * (typed/helpers.go) for an item that cannot be told apart.
 */
export function itemElement(schema: Schema | undefined, item: unknown): string {
  if (schema?.listType === 'set') {
    if (isMap(item)) {
      throw new Error("associative list without keys has an element that's a map type");
    }
    if (Array.isArray(item)) {
      throw new Error('not supported: associative list with lists as elements');
    }
    if (item === null) {
      throw new Error("associative list without keys has an element that's an explicit null");
    }
    return `v:${JSON.stringify(item)}`;
  }
  if (item === null) throw new Error('associative list with keys may not have a null element');
  if (!isMap(item)) throw new Error('associative list with keys may not have non-map elements');
  const keys: Json = {};
  for (const name of schema?.listMapKeys ?? []) {
    const value = item[name] ?? schema?.items?.properties?.[name]?.default;
    if (value !== undefined) keys[name] = value;
  }
  if (Object.keys(keys).length === 0) {
    const names = (schema?.listMapKeys ?? []).map((name) => `"${name}"`).join(' ');
    throw new Error(
      `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
    );
  }
  return keyElement(keys);
}

/** The items by path element; of two with the same, the first. */
export function itemsOf(schema: Schema | undefined, list: unknown): Map<string, unknown> {
  const items = new Map<string, unknown>();
  for (const item of Array.isArray(list) ? list : []) {
    const element = itemElement(schema, item);
    if (!items.has(element)) items.set(element, item);
  }
  return items;
}

/** Absent, null, or without content: owned as one value, so that `{}` and absence stay apart. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
