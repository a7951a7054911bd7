import type { Schema } from '../schema/schema.ts';
import {
  difference,
  intersection,
  isEmpty,
  setOf,
  union,
  without,
  withNamedFields,
} from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { compare, fieldsOf } from './fields.ts';
import type { Comparison } from './fields.ts';
import type { Manager, Managers } from './managers.ts';
import { removeFields } from './merge.ts';

const OF_METADATA =
  'name namespace creationTimestamp selfLink uid clusterName generation managedFields resourceVersion'.split(
    ' ',
  );

/** What no manager owns, because it names the object or the server writes it (internal/stripmeta.go). */
const NEVER_OWNED = setOf([
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...OF_METADATA.map((field) => ['f:metadata', `f:${field}`]),
]);

export function ownable(fields: FieldSet): FieldSet {
  return difference(fields, NEVER_OWNED);
}

/** The comparison without what the endpoint does not let anybody write, such as status. */
export function comparison(before: unknown, after: unknown, schema: Schema, ignored: FieldSet) {
  const { added, modified, removed } = compare(before, after, schema);
  return {
    added: without(added, ignored),
    modified: without(modified, ignored),
    removed: without(removed, ignored),
  };
}

/** What each other manager owns of what changed or came. */
export function conflicts(
  managers: Managers,
  self: string | undefined,
  { added, modified }: Comparison,
): Map<string, FieldSet> {
  const touched = union(added, modified);
  const found = new Map<string, FieldSet>();
  for (const [id, { fields }] of managers) {
    const both = id === self ? setOf([]) : intersection(fields, touched);
    if (!isEmpty(both)) found.set(id, both);
  }
  return found;
}

/** The managers after a write by `self`: the others lose what it took or removed; those without fields go. */
export function yielded(
  managers: Managers,
  self: string | undefined,
  { added, modified, removed }: Comparison,
): Map<string, Manager> {
  const lost = union(union(added, modified), removed);
  const left = new Map<string, Manager>();
  for (const [id, manager] of managers) {
    const fields = id === self ? manager.fields : difference(manager.fields, lost);
    if (!isEmpty(fields)) left.set(id, { ...manager, fields });
  }
  return left;
}

/**
 * `merged` without what the applier owned until now (`last`), no longer sends, and no manager owns.
 * What is emptied by that is null. Source: structured-merge-diff merge/update.go, prune, addBackOwnedItems, addBackDanglingItems.
 */
export function prunedOf(
  merged: unknown,
  managers: Managers,
  last: FieldSet,
  schema: Schema,
): unknown {
  const named = (fields: FieldSet) => withNamedFields(fields, schema);
  const all = named(fieldsOf(merged, schema));
  const gone = (pruned: unknown) => difference(all, named(fieldsOf(pruned, schema)));
  let owned = setOf([]);
  for (const { fields } of managers.values()) owned = union(owned, fields);
  const withoutLast = removeFields(merged, named(last), schema);
  const withOwned = removeFields(merged, difference(gone(withoutLast), named(owned)), schema);
  return removeFields(merged, intersection(gone(withOwned), named(last)), schema);
}
