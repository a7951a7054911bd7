import type { Schema } from '../schema.ts';
import { NOTHING, childSchema, isEmpty } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { isBlank, isMap, itemElement, itemsOf, shapeOf } from './shape.ts';
import type { Json } from './shape.ts';

/**
 * The live object with what the applied configuration says put over it; nothing is removed. Lists
 * keep the live order for items that the configuration does not mention, and take the
 * configuration's for those it does. Source: structured-merge-diff typed/merge.go.
 */
export function mergeTyped(live: unknown, config: unknown, schema: Schema | undefined): unknown {
  if (config === undefined) return live;
  const shape = shapeOf(schema, config ?? live);
  if ((shape !== 'map' && shape !== 'list') || (isBlank(live) && isBlank(config))) return config;
  if (shape === 'list') return mergeItems(live, config, schema);
  const left = isMap(live) ? live : {};
  const right = isMap(config) ? config : {};
  const merged: Json = {};
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    merged[name] = mergeTyped(left[name], right[name], childSchema(schema, `f:${name}`));
  }
  return merged;
}

function mergeItems(live: unknown, config: unknown, schema: Schema | undefined): unknown[] {
  const left = itemsOf(schema, live);
  const right = itemsOf(schema, config);
  const shared = [...right.keys()].filter((element) => left.has(element));
  const lefts = [...left.keys()];
  const rights = [...right.keys()];
  const merged: unknown[] = [];
  const take = (element: string) => {
    merged.push(mergeTyped(left.get(element), right.get(element), schema?.items));
  };
  while (lefts.length > 0 || rights.length > 0) {
    const [l] = lefts;
    const [r] = rights;
    if (l !== undefined && r !== undefined) {
      if (l === r) {
        take(l);
        lefts.shift();
        rights.shift();
        shared.shift();
        continue;
      }
      // On both sides, and another one's turn: it comes when the configuration names it.
      if (right.has(l) && shared.length > 0 && shared[0] !== l) {
        lefts.shift();
        continue;
      }
    }
    if (l !== undefined && !right.has(l)) {
      take(l);
      lefts.shift();
      continue;
    }
    if (r !== undefined) {
      take(r);
      rights.shift();
      if (shared[0] === r) shared.shift();
      continue;
    }
    lefts.shift();
  }
  return merged;
}

/** `value` without the fields and items in the set. Source: structured-merge-diff typed/remove.go. */
export function removeFields(value: unknown, set: FieldSet, schema: Schema | undefined): unknown {
  const shape = shapeOf(schema, value);
  if (shape === 'list' && Array.isArray(value)) {
    return value.flatMap((item: unknown) => {
      const below = set.children.get(itemElement(schema, item)) ?? NOTHING;
      return below.member ? [] : [removeFields(item, below, schema?.items)];
    });
  }
  if (shape !== 'map' || !isMap(value)) return value;
  const kept: Json = {};
  for (const [name, part] of Object.entries(value)) {
    const below = set.children.get(`f:${name}`) ?? NOTHING;
    if (below.member) continue;
    const inner = childSchema(schema, `f:${name}`);
    const rest = isEmpty(below) ? part : removeFields(part, below, inner);
    // Emptied by the removal, not empty before.
    if (!isBlank(rest) || isBlank(part)) kept[name] = rest;
  }
  return kept;
}
