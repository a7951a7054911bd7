import type { Webhooks } from './admission.ts';
import { decode } from '../schema/decode.ts';
import { rulesFor } from '../kinds/rules-for.ts';
import { recordUpdate } from '../managed/managed-fields.ts';
import { metadataFaults } from '../names.ts';
import type { IpFamily } from '../ip-family.ts';
import type { KubeObject } from '../object.ts';
import { apiVersionOf } from '../resources.ts';
import type { ResourceDef, Subresource } from '../resources.ts';
import type { Schema } from '../schema/schema.ts';
import { invalid } from '../status-error.ts';
import type { FieldError } from '../status-error.ts';
import { validate } from '../schema/validate.ts';
import type { Writer } from './writer.ts';
import { countGeneration } from './writes.ts';

/** A write on its way into the store. */
export interface Write {
  readonly def: ResourceDef;
  readonly by: Writer;
  /** What is written over; absent for a create. */
  readonly live?: KubeObject;
  readonly subresource?: Subresource | undefined;
  /** managedFields are already as they should be: after a server-side apply. */
  readonly managed: boolean;
}

/** What of the cluster a write depends on. */
interface Surroundings {
  readonly schema: Schema | undefined;
  readonly time: string;
  readonly ipFamily: IpFamily;
  /** All objects of the kind. */
  others(): readonly KubeObject[];
}

function owned(after: KubeObject, write: Write, { schema, time }: Surroundings): KubeObject {
  const { def, live: before, by, subresource } = write;
  if (!schema) return after;
  const { manager } = by;
  const apiVersion = apiVersionOf(def);
  return recordUpdate({ before, after, manager, apiVersion, time, schema, subresource });
}

/** What a kind's rules say of a write, in upstream's order: allocation, preparation, validation. */
function judged(object: KubeObject, write: Write, around: Surroundings): FieldError[] {
  const { def, live, subresource } = write;
  const rules = rulesFor(def.key);
  if (subresource === 'status' || subresource === 'finalize')
    return [
      ...metadataFaults(object, def, live),
      ...(subresource === 'status' ? (rules.validateStatus?.(object) ?? []) : []),
      ...(def.custom && around.schema ? statusFaults(object, around.schema) : []),
    ];
  const refused = rules.allocate?.(object, { ...around, others: around.others() }, live) ?? [];
  if (refused.length > 0) return refused;
  rules.prepare?.(object, live);
  return [
    ...metadataFaults(object, def, live),
    ...(rules.validate?.(object, live) ?? []),
    ...(def.custom && around.schema ? validate(object, around.schema) : []),
  ];
}

/** Of a custom resource's status; the words count fields from there. */
function statusFaults(object: KubeObject, schema: Schema): FieldError[] {
  return validate(object, schema)
    .filter(({ field }) => field.startsWith('status'))
    .map((fault) => ({ ...fault, message: fault.message.replace(': status.', ': ') }));
}

/**
 * Defaults, ownership, mutating webhooks, allocation, validation, validating webhooks: in the order
 * of the real server (apiserver pkg/endpoints/handlers/create.go, pkg/registry/generic/registry/store.go).
 * Field ownership is settled before webhooks and allocation, so what they add has no owner.
 * Gives back the object to commit; raises what the write is refused with.
 */
export function admit(
  webhooks: Webhooks,
  input: KubeObject,
  write: Write,
  around: Surroundings,
): KubeObject {
  const { def, live, by, subresource } = write;
  const rules = rulesFor(def.key);
  const { schema } = around;
  if (subresource !== 'finalize') rules.defaults?.(input, live);
  let object = write.managed ? input : owned(input, write, around);
  const request = {
    operation: live ? 'UPDATE' : 'CREATE',
    ...(live && { old: live }),
    dryRun: by.dryRun ?? false,
  } as const;
  // Webhooks name resources; a subresource would have to be named for itself.
  if (!subresource) {
    const mutated = webhooks.run('mutating', def.key, { ...request, object });
    if (mutated && mutated !== object) {
      object = decode(mutated, def, schema);
      rules.defaults?.(object, live);
    }
  }
  const faults = judged(object, write, around);
  if (faults.length > 0) throw invalid(def, object.metadata.name, faults);
  if (live && subresource !== 'status' && subresource !== 'finalize')
    countGeneration(live, object, def);
  if (!subresource) webhooks.run('validating', def.key, { ...request, object });
  return object;
}
