import type { ManagedFieldsEntry } from '../object.ts';
import { union, fromFieldsV1, isEmpty, toFieldsV1 } from './field-set.ts';
import type { FieldSet } from './field-set.ts';

/** One writer's fields. Updates and applies of one name are two managers, and so are subresources. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string | undefined;
  readonly time?: string | undefined;
  readonly fields: FieldSet;
}

/** Managers by identity; see `identity`. */
export type Managers = ReadonlyMap<string, Manager>;

type Named = Omit<Manager, 'fields' | 'time'>;

/** An applier is the same in every version; an updater is not (internal/managedfields.go). */
export function identity(named: Named): string {
  const { manager, operation, apiVersion, subresource = '' } = named;
  return JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource]);
}

/**
 * Reads metadata.managedFields; throws an Error that says what is wrong with it. Upstream is
 * lenient or strict with that by caller, and so is this code's.
 */
export function decodeManagers(entries: readonly unknown[] | undefined): Managers {
  const managers = new Map<string, Manager>();
  for (const [i, entry] of (entries ?? []).entries()) {
    const { manager, operation, apiVersion, subresource, time, fieldsType, fieldsV1 } =
      entry as Partial<ManagedFieldsEntry>;
    if (operation !== 'Apply' && operation !== 'Update') {
      throw new Error('operation must be `Apply` or `Update`');
    }
    if (!apiVersion) throw new Error('apiVersion must not be empty');
    if (fieldsType !== 'FieldsV1') {
      const found = fieldsType as string | undefined;
      throw new Error(
        found
          ? `invalid fieldsType "${found}" in managed fields entry ${i}`
          : `missing fieldsType in managed fields entry ${i}`,
      );
    }
    const named: Named = { manager: manager ?? '', operation, apiVersion, subresource };
    managers.set(identity(named), { ...named, time, fields: fromFieldsV1(fieldsV1 ?? {}) });
  }
  return managers;
}

/** True for the two ways of asking that ownership be forgotten: `[]` and `[{}]`. */
export function isReset(entries: unknown): boolean {
  if (!Array.isArray(entries)) return false;
  if (entries.length === 0) return true;
  const [only] = entries as unknown[];
  return entries.length === 1 && typeof only === 'object' && Object.keys(only ?? {}).length === 0;
}

/** metadata.managedFields: appliers first, then by time and name; undefined without a manager. */
export function encodeManagers(managers: Managers): ManagedFieldsEntry[] | undefined {
  const entries = [...managers.values()]
    .filter(({ fields }) => !isEmpty(fields))
    .sort(inListOrder)
    .map(({ manager, operation, apiVersion, subresource, time, fields }) => ({
      manager,
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(fields),
      ...(subresource ? { subresource } : {}),
    }));
  return entries.length > 0 ? (entries as ManagedFieldsEntry[]) : undefined;
}

function inListOrder(a: Manager, b: Manager): number {
  return (
    compareText(a.operation, b.operation) ||
    compareText(a.time, b.time) ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  );
}

function compareText(a = '', b = ''): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const MOST_UPDATERS = 10;

/** No more than ten updaters: the oldest become one, `ancient-changes` (internal/capmanagers.go). */
export function capped(managers: Managers): Managers {
  const updaters = [...managers].filter(([, { operation }]) => operation === 'Update');
  if (updaters.length <= MOST_UPDATERS) return managers;
  updaters.sort(([a, m], [b, n]) => compareText(m.time, n.time) || compareText(a, b));
  const result = new Map(managers);
  const first = new Map<string, string>();
  let count = updaters.length;
  for (const [id, updater] of updaters) {
    if (count <= MOST_UPDATERS) break;
    const { apiVersion } = updater;
    const bucket: Named = { manager: 'ancient-changes', operation: 'Update', apiVersion };
    const bucketId = identity(bucket);
    const firstId = first.get(apiVersion);
    if (firstId === undefined) {
      first.set(apiVersion, id);
      continue;
    }
    const into = result.get(bucketId) ?? result.get(firstId);
    if (!result.has(bucketId)) result.delete(firstId);
    result.delete(id);
    const fields = into ? union(into.fields, updater.fields) : updater.fields;
    result.set(bucketId, { ...bucket, time: updater.time, fields });
    count -= 1;
  }
  return result;
}
