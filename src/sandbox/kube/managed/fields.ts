import { sameJson } from '../object.ts';
import type { Schema } from '../schema/schema.ts';
import { childSchema, setOf } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { isBlank, isField, isMap, itemElement, itemsOf, shapeOf } from './shape.ts';

type Path = readonly string[];

/** Every leaf and list item that the value mentions. Source: structured-merge-diff typed/tofieldset.go. */
export function fieldsOf(value: unknown, schema: Schema): FieldSet {
  const paths: Path[] = [];
  walk(value, schema, [], paths);
  return setOf(paths);
}

function walk(value: unknown, schema: Schema | undefined, path: Path, found: Path[]): void {
  const shape = shapeOf(schema, value);
  if (shape === 'map') {
    for (const [name, part] of Object.entries(isMap(value) ? value : {})) {
      const at = [...path, `f:${name}`];
      walk(part, childSchema(schema, `f:${name}`), at, found);
      const empty = part === null || (isMap(part) && Object.keys(part).length === 0);
      if (empty || !isField(schema, name)) found.push(at);
    }
  } else if (shape === 'list') {
    for (const item of Array.isArray(value) ? value : []) {
      const at = [...path, itemElement(schema, item)];
      walk(item, schema?.items, at, found);
      found.push(at);
    }
  } else {
    found.push(path);
  }
}

/** What has to be done to `before` to get `after`, as paths. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/**
 * Compares two objects of one schema. A struct, map or item that only one side has counts itself,
 * beside its content. Source: structured-merge-diff typed/compare.go.
 */
export function compare(before: unknown, after: unknown, schema: Schema): Comparison {
  const found = { added: [] as Path[], modified: [] as Path[], removed: [] as Path[] };
  visit(before, after, schema, [], found);
  return {
    added: setOf(found.added),
    modified: setOf(found.modified),
    removed: setOf(found.removed),
  };
}

function visit(
  before: unknown,
  after: unknown,
  schema: Schema | undefined,
  path: Path,
  found: Record<'added' | 'modified' | 'removed', Path[]>,
): void {
  // Most of an object stays as it is in most writes.
  if (before !== undefined && sameJson(before, after)) return;
  const shape = shapeOf(schema, after ?? before);
  // Where the schema is open, a map may turn into a list: then it is one value that changed.
  const turned = !isBlank(before) && !isBlank(after) && shapeOf(schema, before) !== shape;
  const whole = shape !== 'map' && shape !== 'list';
  if (whole || turned || (isBlank(before) && isBlank(after))) {
    if (before === undefined) found.added.push(path);
    else if (after === undefined) found.removed.push(path);
    else found.modified.push(path);
    return;
  }
  if (shape === 'list') {
    const left = itemsOf(schema, before);
    const right = itemsOf(schema, after);
    for (const element of new Set([...left.keys(), ...right.keys()])) {
      const at = [...path, element];
      visit(left.get(element), right.get(element), schema?.items, at, found);
    }
  } else {
    const left = isMap(before) ? before : {};
    const right = isMap(after) ? after : {};
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const element = `f:${name}`;
      visit(left[name], right[name], childSchema(schema, element), [...path, element], found);
    }
  }
  if (before === undefined) found.added.push(path);
  else if (after === undefined) found.removed.push(path);
}
