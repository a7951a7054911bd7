import { goValue } from '../go-value.ts';
import { copyOf } from '../object.ts';
import type { Schema } from '../schema/schema.ts';
import { badRequest, failure } from '../status-error.ts';
import { inOrder, isObject, withoutDirectives, withoutNulls } from './strategic-list.ts';
import type { Json } from './strategic-list.ts';

const ORDER = '$setElementOrder/';
const DELETE = '$deleteFromPrimitiveList/';
const RETAIN = '$retainKeys';

/**
 * Strategic merge patch: like a merge patch, but lists that the schema marks with a merge key merge
 * item by item, lists of plain values marked `merge` as sets, and directives (`$patch`,
 * `$retainKeys`, `$deleteFromPrimitiveList/x`, `$setElementOrder/x`) say the rest. 400 for a
 * directive of the wrong form; what cannot be merged is 500, with the server's words.
 * Source: apimachinery pkg/util/strategicpatch/patch.go.
 */
export function strategicPatch<T>(target: T, patch: unknown, schema: Schema): T {
  if (!isObject(patch)) throw badRequest('invalid JSON document');
  return mergeMap(copyOf(target) as Json, copyOf(patch), schema) as T;
}

/** Merges into `original`, which it changes; `patch` loses what has been done. */
function mergeMap(original: Json, patch: Json, schema: Schema | undefined): Json {
  const directive = patch.$patch;
  if (directive === 'replace') {
    delete patch.$patch;
    return patch;
  }
  if (directive === 'delete') return {};
  if (directive !== undefined) {
    // `merge` too: documented upstream, and refused by its code.
    throw unmergeable(`unknown patch type: ${goValue(directive)} in map: ${goValue(patch)}`);
  }
  retainKeys(original, patch);
  for (const key of Object.keys(patch)) {
    if (key.startsWith(ORDER)) mergeOrdered(original, patch, key, schema);
  }
  for (const [key, value] of Object.entries(patch)) mergeField(original, key, value, schema);
  return original;
}

function mergeField(original: Json, key: string, value: unknown, schema: Schema | undefined): void {
  const deletes = key.startsWith(DELETE);
  const name = deletes ? key.slice(DELETE.length) : key;
  const before = original[name];
  if (deletes) {
    if (!Array.isArray(value)) throw badRequest('invalid patch format of primitive list');
    if (Array.isArray(before)) original[name] = before.filter((item) => !value.includes(item));
    return;
  }
  if (value === null) {
    delete original[name];
    return;
  }
  const field = fieldOf(schema, name);
  if (isObject(before) && isObject(value)) {
    original[name] = mergeMap(before, value, field);
  } else if (Array.isArray(before) && Array.isArray(value)) {
    original[name] = merges(field) ? mergeList(before, value, field, name) : value;
  } else {
    const taken = withoutDirectives(withoutNulls(value));
    if (taken === undefined) delete original[name];
    else original[name] = taken;
  }
}

/** Merges a list marked `merge`: plain values as a set, objects by their merge key. */
function mergeList(before: unknown[], change: unknown[], field: Schema, name: string) {
  const all = [...before, ...change];
  if (all.length === 0) return before;
  if (!all.some(isObject)) {
    return inOrder([...new Set(all)], change, before, undefined);
  }
  const mergeKey = field.patchMergeKey;
  if (mergeKey === undefined) throw unmergeable(`cannot merge lists without merge key for ${name}`);
  let merged = before.map((item) => keyed(item, mergeKey));
  let replaces = false;
  const items: Json[] = [];
  for (const item of change) {
    if (!isObject(item))
      throw unmergeable('expected a map[string]interface {}, but received a string');
    if (!('$patch' in item)) items.push(item);
    else if (item.$patch === 'delete') {
      const { [mergeKey]: value } = keyed(item, mergeKey);
      merged = merged.filter((one) => one[mergeKey] !== value);
    } else if (item.$patch === 'replace') replaces = true;
    else if (item.$patch === 'merge') {
      throw unmergeable('merging lists cannot yet be specified in the patch');
    } else {
      throw unmergeable(`unknown patch type: ${goValue(item.$patch)} in map: ${goValue(item)}`);
    }
  }
  if (replaces) return items;
  const kept = merged;
  for (const item of items) {
    const { [mergeKey]: value } = keyed(item, mergeKey);
    const at = merged.findIndex((one) => one[mergeKey] === value);
    if (at < 0) merged = [...merged, withoutDirectives(withoutNulls(item)) as Json];
    else merged = merged.with(at, mergeMap(merged[at] as Json, item, field.items));
  }
  return inOrder(merged, items, kept, mergeKey);
}

function keyed(item: unknown, mergeKey: string): Json {
  if (isObject(item) && mergeKey in item) return item;
  throw unmergeable(`map: ${goValue(item)} does not contain declared merge key: ${mergeKey}`);
}

/** The list that `$setElementOrder/<name>` orders, merged with its own part of the patch. */
function mergeOrdered(original: Json, patch: Json, key: string, schema: Schema | undefined): void {
  const name = key.slice(ORDER.length);
  const order = patch[key];
  const before = original[name];
  const change = patch[name];
  delete patch[key];
  if (!Array.isArray(order)) throw badRequest('invalid patch format of setElementOrder list');
  // A null for the list itself beside an order: the list goes, as the plain merge will do.
  if (change === null) return;
  if (change !== undefined && !Array.isArray(change)) {
    throw unmergeable('expected a []interface {}, but received a string');
  }
  if (before !== undefined && !Array.isArray(before)) {
    throw unmergeable('expected a []interface {}, but received a string');
  }
  const field = fieldOf(schema, name);
  const mergeKey = field?.patchMergeKey;
  if (change) checkOrder(change, order, mergeKey);
  delete patch[name];
  if (!before && !change) return;
  if (!before?.length && !change?.length) {
    throw unmergeable('no elements in any of the given slices');
  }
  let merged: unknown[];
  if (!change) merged = before ?? [];
  else if (!before) merged = withoutDirectives(change) as unknown[];
  else merged = merges(field) ? mergeList(before, change, field, name) : change;
  original[name] = inOrder(merged, order, before ?? [], mergeKey);
}

/** The items of the patch have to come in the order that the patch requests. */
function checkOrder(change: unknown[], order: unknown[], mergeKey: string | undefined): void {
  const key = (item: unknown) => (mergeKey && isObject(item) ? item[mergeKey] : item);
  const items = change.filter((item) => !isObject(item) || item.$patch !== 'delete');
  let at = 0;
  for (let next = 0; order.length > 0 && at < items.length;) {
    if (next >= order.length) {
      const lists = `${goValue(change)}\n doesn't match $setElementOrder list:\n${goValue(order)}`;
      throw unmergeable(`The order in patch list:\n${lists}\n`);
    }
    const item = items[at];
    if (isObject(item) && '$patch' in item) at += 1;
    else {
      if (key(item) === key(order[next])) at += 1;
      next += 1;
    }
  }
}

/** `$retainKeys`: what it does not list goes, as when a volume changes its kind. */
function retainKeys(original: Json, patch: Json): void {
  const keep = patch[RETAIN];
  if (keep === undefined) return;
  delete patch[RETAIN];
  const bad = 'invalid patch format of retainKeys';
  if (!Array.isArray(keep)) throw badRequest(bad);
  for (const [key, value] of Object.entries(patch)) {
    const free = value === null || key.startsWith(DELETE) || key.startsWith(ORDER);
    if (!free && !keep.includes(key)) throw badRequest(bad);
  }
  for (const key of Object.keys(original)) if (!keep.includes(key)) delete original[key];
}

function merges(field: Schema | undefined): field is Schema {
  return field?.patchStrategy?.split(',').includes('merge') ?? false;
}

function fieldOf(schema: Schema | undefined, name: string): Schema | undefined {
  return schema?.properties?.[name] ?? schema?.additionalProperties;
}

/** The server has no better code than 500 for these: registry errors without an API status. */
function unmergeable(message: string) {
  return failure(500, '', message);
}
