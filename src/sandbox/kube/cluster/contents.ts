import { DEFINITIONS, definedResources } from '../definitions.ts';
import type { KubeObject } from '../object.ts';
import { apiVersionOf, builtinResources } from '../resources.ts';
import type { ResourceDef, ResourceKey } from '../resources.ts';
import { schemaOf } from '../schema/decode.ts';
import type { Schema } from '../schema/schema.ts';
import { failure } from '../status-error.ts';
import type { Found } from './dependents.ts';
import { Store, type Change } from './store.ts';

/** What a cluster holds and which resources it serves: all that can be read of it. */
export class Contents {
  readonly store = new Store();
  #served: { readonly at: number; readonly resources: readonly ResourceDef[] } | undefined;

  /** The uid of kube-system, by which people tell clusters apart. */
  get uid(): string {
    return this.get('namespaces', '', 'kube-system')!.metadata.uid!;
  }

  /** Every resource in its stored version. */
  resources(): ResourceDef[] {
    const served = this.servedResources();
    return served.filter((def, i) => served.findIndex((one) => one.key === def.key) === i);
  }

  /** Every resource in every version, the stored one first. */
  servedResources(): readonly ResourceDef[] {
    // Asked in every request; definitions hardly ever change.
    const at = this.store.changedAt(DEFINITIONS);
    if (this.#served?.at !== at) {
      const defined = this.store.list(DEFINITIONS).flatMap(definedResources);
      this.#served = { at, resources: [...builtinResources, ...defined] };
    }
    return this.#served.resources;
  }

  /** Raises 404 where the cluster has no such resource. */
  resource(key: ResourceKey): ResourceDef {
    const def = this.servedResources().find((one) => one.key === key);
    if (!def)
      throw failure(404, 'NotFound', 'the server could not find the requested resource', {});
    return def;
  }

  schema(def: ResourceDef): Schema | undefined {
    return schemaOf(def, this.store.get(DEFINITIONS, '', def.key));
  }

  get(resource: ResourceKey, namespace: string, name: string): KubeObject | undefined {
    return this.store.get(resource, namespace, name);
  }

  list(resource: ResourceKey, namespace?: string): KubeObject[] {
    return this.store.list(resource, namespace);
  }

  /** Every object with its resource. */
  objects(): Found[] {
    return this.resources().flatMap((def) => this.list(def.key).map((object) => ({ def, object })));
  }

  /** Called for each committed write of the resource, in order, before the writer goes on. */
  onChange(resource: ResourceKey, listener: (change: Change) => void): () => void {
    return this.store.subscribe((change) => {
      if (change.resource === resource) listener(change);
    });
  }

  /** Every apiVersion that it is served in, the stored one first. */
  versionsOf(def: ResourceDef): string[] {
    return this.servedResources().flatMap((one) =>
      one.key === def.key ? [apiVersionOf(one)] : [],
    );
  }
}
