import { applyPatch } from '../managed/managed-fields.ts';
import { copyOf } from '../object.ts';
import type { KubeObject } from '../object.ts';
import { jsonPatch } from '../patch/json.ts';
import { mergePatch } from '../patch/merge.ts';
import { strategicPatch } from '../patch/strategic.ts';
import { apiVersionOf } from '../resources.ts';
import type { ResourceDef, Subresource } from '../resources.ts';
import { scaled, scaleOf } from '../scale.ts';
import { builtinSchema } from '../schema/builtin.ts';
import type { Schema } from '../schema/schema.ts';
import { badValue } from '../faults.ts';
import { badRequest, invalid, StatusError, unsupportedMediaType } from '../status-error.ts';
import type { Writer } from './writer.ts';

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface Patch {
  readonly type: PatchType;
  /** As parsed: a list of operations for `json`, else an object. */
  readonly body: unknown;
}

interface Target {
  readonly def: ResourceDef;
  readonly namespace: string;
  readonly name: string;
  readonly by: Writer;
  readonly schema: Schema | undefined;
  readonly time: string;
  readonly subresource?: Subresource | undefined;
}

/** The media type of each patch. */
export const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

function isTaken(type: PatchType, { def, schema }: Target): boolean {
  if (type === 'apply') return schema !== undefined;
  return type !== 'strategic' || (!def.custom && schema !== undefined);
}

function changed(target: KubeObject, patch: Patch, schema: Schema | undefined): KubeObject {
  if (patch.type === 'json') return jsonPatch(target, patch.body);
  if (patch.type === 'merge') return mergePatch(target, patch.body);
  return strategicPatch(target, patch.body, schema!);
}

/** Raises 400 where the patch would turn the object into another. */
function checkIdentity(next: KubeObject, namespace: string, name: string): void {
  if (next.metadata?.name !== name)
    throw badRequest(
      `the name of the object (${next.metadata?.name ?? ''}) does not match the name on the URL (${name})`,
    );
  if ((next.metadata.namespace ?? '') !== namespace)
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
}

/**
 * The object as a patch leaves it, not yet admitted; `live` is undefined only for an apply patch
 * of something new. Raises 415 for a type of patch that the resource does not take.
 */
export function patched(live: KubeObject | undefined, patch: Patch, target: Target): KubeObject {
  const { def, namespace, name, by, schema, time, subresource } = target;
  if (!isTaken(patch.type, target)) {
    const accepted = Object.entries(patchTypes).filter(([, type]) => isTaken(type, target));
    throw unsupportedMediaType(accepted.map(([mediaType]) => mediaType));
  }
  if (typeof patch.body !== 'object' || patch.body === null)
    throw badRequest('the patch must be a JSON object or a list of operations');
  if (patch.type === 'apply' || !live) {
    const scales = subresource === 'scale';
    const given = copyOf(patch.body) as KubeObject;
    const config = scales ? scaleConfig(given, target) : given;
    config.metadata ??= { name };
    config.metadata.name ??= name;
    if (namespace) config.metadata.namespace ??= namespace;
    checkIdentity(config, namespace, name);
    const write = { manager: by.manager, force: by.force ?? false, time, schema: schema! };
    try {
      const apiVersion = apiVersionOf(def);
      const applied = applyPatch({ ...write, live, config, apiVersion, subresource });
      return withNulls(applied, config) as KubeObject;
    } catch (error) {
      throw scales ? inScaleWords(error, def) : error;
    }
  }
  if (subresource === 'scale')
    return scaled(live, changed(scaleOf(live), patch, builtinSchema('Scale')));
  const next = changed(copyOf(live), patch, schema);
  checkIdentity(next, namespace, name);
  // A patch that makes something else of it (handlers/patch.go, the decoding of the patched object).
  if (next.kind !== def.kind || next.apiVersion !== live.apiVersion)
    throw invalid(def, name, [
      badValue('patch', JSON.stringify(next), `no kind "${next.kind}" is served here`),
    ]);
  return next;
}

/**
 * An applied Scale as a configuration of the object itself, where replicas have the same path. Raises 400
 * for anything but a Scale.
 */
function scaleConfig(scale: Partial<KubeObject>, { def, name }: Target): KubeObject {
  if (scale.apiVersion !== 'autoscaling/v1' || scale.kind !== 'Scale')
    throw badRequest(`invalid object type: ${scale.apiVersion}, Kind=${scale.kind}`);
  const { kind } = def;
  return { apiVersion: apiVersionOf(def), kind, metadata: { name }, spec: scale['spec'] };
}

/** What was applied as null, which is judged with the rest. */
function withNulls(object: unknown, config: unknown): unknown {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return object;
  if (typeof object !== 'object' || object === null) return object;
  const result: Record<string, unknown> = { ...object };
  for (const [key, part] of Object.entries(config))
    if (part === null) result[key] ??= null;
    else if (key in result) result[key] = withNulls(result[key], part);
  return result;
}

/** A conflict of a Scale names the version of Scales. */
function inScaleWords(error: unknown, def: ResourceDef): unknown {
  if (!(error instanceof StatusError) || error.status.code !== 409) return error;
  const text = JSON.stringify(error.status);
  const said = text.replaceAll(`using ${apiVersionOf(def)}`, 'using autoscaling/v1');
  return new StatusError(JSON.parse(said) as StatusError['status']);
}
