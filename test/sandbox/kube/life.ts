import { applyPatch, recordUpdate } from '../../../src/sandbox/kube/managed/managed-fields.ts';
import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import { builtinSchema } from '../../../src/sandbox/kube/schema/builtin.ts';
import type { Schema } from '../../../src/sandbox/kube/schema/schema.ts';
import { StatusError } from '../../../src/sandbox/kube/status-error.ts';

/** One object through its life: each write at its own time, by its own manager. */
export class Life {
  object: KubeObject | undefined;
  readonly #schema: Schema;
  readonly #apiVersion: string;
  #hour = 0;

  constructor(apiVersion: string, schema: Schema) {
    this.#schema = schema;
    this.#apiVersion = apiVersion;
  }

  #write(manager: string) {
    this.#hour += 1;
    const time = `2026-01-01T${String(this.#hour).padStart(2, '0')}:00:00Z`;
    return { manager, time, apiVersion: this.#apiVersion, schema: this.#schema };
  }

  update(manager: string, change: (object: any) => void, subresource?: string): this {
    const after: any = structuredClone(this.object ?? {});
    change(after);
    after.metadata.uid ??= '1';
    const before = this.object;
    this.object = recordUpdate({ ...this.#write(manager), before, after, subresource });
    return this;
  }

  apply(manager: string, config: object, force = false): this {
    const live = this.object;
    const given = structuredClone(config) as KubeObject;
    const next = applyPatch({ ...this.#write(manager), live, config: given, force });
    next.metadata.uid ??= '1';
    this.object = next;
    return this;
  }

  /** Manager, operation and fields, in the order of the object. */
  get owners(): [string, string, Record<string, unknown>][] {
    return (this.object?.metadata.managedFields ?? []).map(({ manager, operation, fieldsV1 }) => [
      manager,
      operation,
      fieldsV1,
    ]);
  }

  fieldsOf(manager: string): any {
    return this.owners.find(([name]) => name === manager)?.[2];
  }

  timeOf(manager: string): string | undefined {
    return this.object?.metadata.managedFields?.find((entry) => entry.manager === manager)?.time;
  }
}

export function refusal(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (error instanceof StatusError) return error.status;
    throw error;
  }
  throw new Error('was not refused');
}

export const P80 = 'k:{"port":80,"protocol":"TCP"}';
export const P443 = 'k:{"port":443,"protocol":"TCP"}';

export function service(spec: object, metadata: object = {}) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'nginx', namespace: 'default', ...metadata },
    spec,
  };
}

export function services(): Life {
  return new Life('v1', builtinSchema('Service')!);
}

export const created = (object: any) =>
  Object.assign(
    object,
    service(
      { type: 'ClusterIP', selector: { app: 'nginx' }, ports: [{ port: 80, protocol: 'TCP' }] },
      { labels: { app: 'nginx' } },
    ),
  );
