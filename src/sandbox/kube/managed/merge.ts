import type { Schema } from '../schema/schema.ts';
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
      // On both sides, but later in the configuration: it follows when the configuration names it.
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

/**
 * `value` without the fields and items in the set. What is emptied by that becomes null, not absent:
 * what holds it is then not empty itself. Source: structured-merge-diff typed/remove.go.
 */
export function removeFields(value: unknown, set: FieldSet, schema: Schema | undefined): unknown {
  const shape = shapeOf(schema, value);
  if (isBlank(value)) return null;
  if (shape === 'list' && Array.isArray(value)) {
    const items = value.flatMap((item: unknown) => {
      const below = set.children.get(itemElement(schema, item)) ?? NOTHING;
      if (below.member) return [];
      return [isEmpty(below) ? item : removeFields(item, below, schema?.items)];
    });
    return items.length > 0 ? items : null;
  }
  if (shape === 'scalar') return value;
  if (shape !== 'map' || !isMap(value)) return null;
  const kept: Json = {};
  for (const [name, part] of Object.entries(value)) {
    const below = set.children.get(`f:${name}`) ?? NOTHING;
    if (below.member) continue;
    const inner = childSchema(schema, `f:${name}`);
    kept[name] = isEmpty(below) ? part : removeFields(part, below, inner);
  }
  return isBlank(kept) ? null : kept;
}

/** Without the nulls that the schema does not allow, which are as good as absent. */
export function withoutNulls(value: unknown, schema: Schema | undefined): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutNulls(item, schema?.items));
  if (!isMap(value)) return value;
  const kept: Json = {};
  for (const [name, part] of Object.entries(value)) {
    const inner = childSchema(schema, `f:${name}`);
    if (part !== null || !inner || inner.nullable) kept[name] = withoutNulls(part, inner);
  }
  return kept;
}
