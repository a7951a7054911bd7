import { applyConflict } from './conflict.ts';
import { isEmpty, without } from './field-set.ts';
import { fieldsOf } from './fields.ts';
import { beyondLastApplied, synced } from './last-applied.ts';
import { capped, decodeManagers, identity, isReset } from './managers.ts';
import type { Manager, Managers } from './managers.ts';
import { mergeTyped, withoutNulls } from './merge.ts';
import { comparison, conflicts, ownable, prunedOf, yielded } from './ownership.ts';
import { typedErrors } from './typed-errors.ts';
import { bare, emptyObject, ignoredFields, updated, withManagers } from './update.ts';
import type { Write } from './update.ts';
import { sameJson } from '../object.ts';
import type { KubeObject } from '../object.ts';
import { badRequest, failure } from '../status-error.ts';

/**
 * `after`, a create or update by anything but server-side apply, with metadata.managedFields kept up:
 * the manager owns what changed or came, the others lose that and what went. `before` is undefined
 * for a create. What `after` brings as managedFields counts, where it can be read and is no
 * subresource's: `[]` and `[{}]` clear, and nothing is recorded from then on until the next apply.
 * Source: apimachinery pkg/util/managedfields/internal/{fieldmanager,managedfieldsupdater}.go.
 */
export function recordUpdate(
  write: Write & { readonly before?: KubeObject | undefined; readonly after: KubeObject },
): KubeObject {
  const { before, after } = write;
  const known = liveOrNew(before, after, write.subresource !== undefined);
  if (known.size === 0 && before) return withManagers(after, new Map());
  try {
    return withManagers(after, capped(updated(write, before, after, known)));
  } catch {
    // A list item without its key: the object is stored, its owners are forgotten (UpdateNoErrors).
    return withManagers(after, new Map());
  }
}

function liveOrNew(before: KubeObject | undefined, after: KubeObject, live: boolean): Managers {
  const entries = after.metadata.managedFields;
  // Nearly always a copy of what is there, whose meaning is known.
  if (!live && !(before && sameJson(entries, before.metadata.managedFields))) {
    if (isReset(entries)) return new Map();
    const given = readable(entries);
    if (given.size > 0) return given;
  }
  return readable(before?.metadata.managedFields);
}

function readable(entries: readonly unknown[] | undefined): Managers {
  try {
    return decodeManagers(entries);
  } catch {
    return new Map();
  }
}

export interface Apply extends Write {
  /** Undefined where the apply creates. */
  readonly live?: KubeObject | undefined;
  readonly config: KubeObject;
  readonly force: boolean;
}

/**
 * Server-side apply: `config` over the live object, without what the manager applied before, sends
 * no longer, and no other manager owns; metadata.managedFields kept up. Defaults are the caller's: what
 * they fill in stays without owner.
 * 409 with causes when others own what would change, unless `force`; 400 for another kind or version
 * or with managedFields in the config; 500, as the server answers, for fields that the schema does
 * not declare. Source: apimachinery pkg/util/managedfields/internal/*.go, structured-merge-diff
 * merge/update.go.
 */
export function applyPatch(apply: Apply): KubeObject {
  const { config, schema, live } = apply;
  checkConfig(apply);
  const base = live ? bare(live) : emptyObject(config, schema);
  const wrong = typedErrors(base, schema, true);
  if (wrong)
    throw failure(500, '', `failed to create typed live object (${named(base)}): ${wrong}`);
  let managers: Managers;
  try {
    managers = decodeManagers(live?.metadata.managedFields);
  } catch (error) {
    throw failure(500, '', `failed to decode managed fields: ${(error as Error).message}`);
  }
  if (live && managers.size === 0) {
    const before = { ...apply, manager: 'before-first-apply' };
    managers = updated(before, undefined, base, managers);
  }
  return run(apply, base, managers);
}

function run(apply: Apply, base: KubeObject, managers: Managers): KubeObject {
  const { config, schema, manager, apiVersion, subresource, time } = apply;
  const self = { manager, operation: 'Apply' as const, apiVersion, subresource };
  const id = identity(self);
  const last = managers.get(id);
  const fields = without(fieldsOf(config, schema), ignoredFields(apply));
  const claimed = new Map<string, Manager>([
    ...managers,
    [id, { ...self, time: last?.time, fields }],
  ]);
  let merged = mergeTyped(base, config, schema);
  if (last && !isEmpty(last.fields)) merged = prunedOf(merged, claimed, last.fields, schema);
  const changes = comparison(base, merged, schema, ignoredFields(apply));
  const taken = conflicts(claimed, id, changes);
  if (!apply.force && taken.size > 0) {
    const refused = beyondLastApplied(taken, apply, base);
    if (refused.size > 0) throw applyConflict(refused, claimed);
  }
  const left = yielded(claimed, id, changes);
  const mine = ownable(fields);
  // Only now: what was emptied counts as there still, for its owner.
  const next = withoutNulls(merged, schema) as KubeObject;
  const changed = !sameJson(base, next);
  if (isEmpty(mine)) left.delete(id);
  // A manager that only joins has no time (internal/managedfieldsupdater.go).
  else left.set(id, { ...self, time: changed ? time : last?.time, fields: mine });
  return withManagers(synced(next, config, manager), left);
}

function checkConfig({ config, live, schema, apiVersion }: Apply): void {
  const kind = live?.kind ?? config.kind;
  if (typeof config.kind !== 'string' || typeof config.apiVersion !== 'string')
    throw badRequest("Object 'Kind' or 'apiVersion' is missing in the applied configuration");
  if (config.apiVersion !== apiVersion || config.kind !== kind) {
    throw badRequest(`invalid object type: ${groupVersionKind(config)}`);
  }
  const { managedFields } = config.metadata;
  if (managedFields !== undefined && managedFields !== null) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const wrong = typedErrors(config, schema);
  if (wrong)
    throw failure(500, '', `failed to create typed patch object (${named(config)}): ${wrong}`);
}

function groupVersionKind({ apiVersion, kind }: KubeObject): string {
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
}

function named(object: KubeObject): string {
  const { namespace = '', name } = object.metadata;
  return `${namespace}/${name}; ${groupVersionKind(object)}`;
}
