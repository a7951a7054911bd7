import { deepFreeze } from '../object.ts';
import type { KubeObject } from '../object.ts';
import type { ResourceKey } from '../resources.ts';
import { expired } from '../status-error.ts';
import { placeOf, SortedObjects } from './sorted-objects.ts';

/** One committed write. A deleted object carries the resourceVersion of its deletion. */
export interface Change {
  readonly version: number;
  readonly resource: ResourceKey;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  readonly old?: KubeObject;
}

type Listener = (change: Change) => void;

const KEPT_CHANGES = 20_000;

/**
 * The objects, their history, and who listens to it. It knows no rules: whatever is put is kept,
 * frozen, under the next resourceVersion.
 */
export class Store {
  #version = 1000;
  #oldest = 1000;
  #log: Change[] = [];
  #queue: Change[] = [];
  #draining = false;
  readonly #tables = new Map<ResourceKey, SortedObjects>();
  readonly #changedAt = new Map<ResourceKey, number>();
  readonly #listeners = new Set<Listener>();

  /** The version of the last write. */
  get version(): number {
    return this.#version;
  }

  /** The version of the last write of one resource; 0 before there was any. */
  changedAt(resource: ResourceKey): number {
    return this.#changedAt.get(resource) ?? 0;
  }

  get(resource: ResourceKey, namespace: string, name: string): KubeObject | undefined {
    return this.#tables.get(resource)?.get(`${namespace}/${name}`);
  }

  /** In order of namespace and name; `namespace` absent or empty means all. */
  list(resource: ResourceKey, namespace?: string): KubeObject[] {
    return this.#tables.get(resource)?.list(namespace) ?? [];
  }

  /** The list as it was at `version`. Raises 410 once those changes are forgotten. */
  listAt(resource: ResourceKey, version: number, namespace?: string): KubeObject[] {
    const objects = new SortedObjects(this.#tables.get(resource)?.list());
    for (const change of this.changesSince(version, resource).reverse()) {
      if (change.old) objects.set(change.old);
      else objects.delete(change.object);
    }
    return objects.list(namespace);
  }

  /** Changes of one resource after `version`, oldest first. Raises 410 once they are forgotten. */
  changesSince(version: number, resource: ResourceKey): Change[] {
    if (version < this.#oldest)
      throw expired(`too old resource version: ${version} (${this.#oldest})`);
    return this.#log.filter((change) => change.version > version && change.resource === resource);
  }

  put(resource: ResourceKey, object: KubeObject): KubeObject {
    const table = this.#tables.get(resource) ?? new SortedObjects();
    this.#tables.set(resource, table);
    const old = table.get(placeOf(object));
    const kept = this.#stamp(object);
    table.set(kept);
    this.#commit({ resource, type: old ? 'MODIFIED' : 'ADDED', object: kept, ...(old && { old }) });
    return kept;
  }

  /** Takes the object out; `last` is how it looked at the end. */
  remove(resource: ResourceKey, last: KubeObject): KubeObject {
    const old = this.get(resource, last.metadata.namespace ?? '', last.metadata.name);
    this.#tables.get(resource)?.delete(last);
    const gone = this.#stamp(last);
    this.#commit({ resource, type: 'DELETED', object: gone, ...(old && { old }) });
    return gone;
  }

  /** Forgets history, as etcd's compaction does: older watches and continue tokens get 410. */
  compact(): void {
    this.#log = [];
    this.#oldest = this.#version;
  }

  /**
   * Calls `listener` after each commit. A write made by a listener is told to everybody after the
   * write that caused it, so that all see the same order.
   */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #stamp(object: KubeObject): KubeObject {
    const resourceVersion = String(this.#version + 1);
    return deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion } });
  }

  #commit(change: Omit<Change, 'version'>): void {
    const committed = { ...change, version: ++this.#version };
    this.#changedAt.set(change.resource, committed.version);
    this.#log.push(committed);
    if (this.#log.length > KEPT_CHANGES) this.#oldest = this.#log.shift()!.version;
    this.#queue.push(committed);
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift())
        for (const listener of Array.from(this.#listeners)) listener(next);
    } finally {
      this.#draining = false;
    }
  }
}
