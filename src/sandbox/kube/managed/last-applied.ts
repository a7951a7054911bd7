import type { KubeObject } from '../object.ts';
import type { Schema } from '../schema/schema.ts';
import { NOTHING, difference, isEmpty, union } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { compare, fieldsOf } from './fields.ts';
import { typedErrors } from './typed-errors.ts';
import type { Write } from './update.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The conflicts that stay. An object that was applied on the client side moves to the server side
 * without: what last-applied-configuration says and the object still has is kubectl's own. Only
 * for the manager `kubectl` (internal/lastappliedmanager.go).
 */
export function beyondLastApplied(
  taken: ReadonlyMap<string, FieldSet>,
  { manager, schema, apiVersion }: Write,
  base: KubeObject,
): ReadonlyMap<string, FieldSet> {
  const allowed = manager === 'kubectl' ? lastApplied(base, schema, apiVersion) : NOTHING;
  const rest = [...taken].map(([id, fields]) => [id, difference(fields, allowed)] as const);
  return new Map(rest.filter(([, fields]) => !isEmpty(fields)));
}

function lastApplied(base: KubeObject, schema: Schema, apiVersion: string): FieldSet {
  const text = base.metadata.annotations?.[LAST_APPLIED];
  if (!text) return NOTHING;
  let object: KubeObject;
  try {
    object = JSON.parse(text) as KubeObject;
  } catch {
    return NOTHING;
  }
  if (object?.apiVersion !== apiVersion || typedErrors(object, schema)) return NOTHING;
  const { added, modified, removed } = compare(object, base, schema);
  return difference(fieldsOf(object, schema), union(union(added, modified), removed));
}

/** Keeps kubectl's annotation true, where there is one (internal/lastappliedupdater.go). */
export function synced(merged: KubeObject, config: KubeObject, manager: string): KubeObject {
  const { annotations } = merged.metadata;
  if (manager !== 'kubectl' || !annotations?.[LAST_APPLIED]) return merged;
  const sent = structuredClone(config);
  delete sent.metadata.annotations?.[LAST_APPLIED];
  const text = `${JSON.stringify(sent)}\n`;
  return {
    ...merged,
    metadata: { ...merged.metadata, annotations: { ...annotations, [LAST_APPLIED]: text } },
  };
}
