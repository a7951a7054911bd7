import type { KubeObject } from '../object.ts';
import { zeroObject } from '../schema/go-form.ts';
import type { Schema } from '../schema/schema.ts';
import { NOTHING, difference, isEmpty, setOf, union } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { encodeManagers, identity } from './managers.ts';
import type { Manager, Managers } from './managers.ts';
import { comparison, ownable, yielded } from './ownership.ts';

/** What recording and applying have in common. */
export interface Write {
  /** The field manager: `kubectl-create`, `controller`, … */
  readonly manager: string;
  /** Of the endpoint that was written to: `v1`, `apps/v1`. */
  readonly apiVersion: string;
  /** metav1.Time of the write. */
  readonly time: string;
  readonly schema: Schema;
  readonly subresource?: string | undefined;
  /**
   * Fields that the endpoint keeps from being written: no manager owns them here. By default
   * `spec` for the status subresource, and `status`, where the kind has one, for the object itself.
   */
  readonly resetFields?: readonly string[] | undefined;
}

/** The managers after an update from `before` to `after`. */
export function updated(
  write: Write,
  before: KubeObject | undefined,
  after: KubeObject,
  managers: Managers,
): Managers {
  const { manager, apiVersion, time, schema, subresource } = write;
  const start = before ? bare(before) : emptyObject(after, schema);
  const changes = comparison(start, bare(after), schema, ignoredFields(write));
  const left = yielded(managers, undefined, changes);
  const mine = ownable(difference(union(changes.added, changes.modified), changes.removed));
  if (isEmpty(mine)) return left;
  const self = { manager, operation: 'Update' as const, apiVersion, subresource };
  const id = identity(self);
  const fields = union(left.get(id)?.fields ?? NOTHING, mine);
  return new Map<string, Manager>([...left, [id, { ...self, time, fields }]]);
}

export function ignoredFields({ resetFields, subresource, schema }: Write): FieldSet {
  const own = schema.properties?.status ? ['status'] : [];
  const fields = resetFields ?? (subresource === 'status' ? ['spec'] : own);
  return setOf(fields.map((path) => path.split('.').map((name) => `f:${name}`)));
}

/** Never part of a comparison: the record of owners does not own itself. */
export function bare(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

export function withManagers(object: KubeObject, managers: Managers): KubeObject {
  const entries = encodeManagers(managers);
  const { metadata, ...rest } = bare(object);
  return {
    ...rest,
    metadata: entries ? { ...metadata, managedFields: entries } : metadata,
  };
}

/** What a create is compared with: custom resources start from nothing, built-in kinds from Go's zero value. */
export function emptyObject(after: KubeObject, schema: Schema): KubeObject {
  const { apiVersion, kind } = after;
  const zero = schema.name === undefined ? {} : zeroObject(schema);
  return { ...zero, apiVersion, kind, metadata: {} } as KubeObject;
}
