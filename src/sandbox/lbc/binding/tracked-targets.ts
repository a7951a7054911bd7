import type { KubeObject } from '../../kube/object.ts';
import { StatusError } from '../../kube/status-error.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import { endpointKey } from '../process/endpoint.ts';
import type { Endpoint } from '../process/endpoint.ts';
import type { TargetInfo } from './targets.ts';
import { atLeast } from '../process/version.ts';

/**
 * Which targets of a shared target group are this cluster's: a ConfigMap per binding, and a copy in
 * memory that never expires (pkg/targetgroupbinding/multicluster_manager.go). What is edited in the
 * ConfigMap while the process lives goes unnoticed. A binding that is not multi-cluster is exempt
 * from everything here.
 */
export class TrackedTargets {
  readonly #api: ControllerApi;
  readonly #version: string;
  readonly #memory = new Map<string, ReadonlySet<string>>();

  constructor(api: ControllerApi, version: string) {
    this.#api = api;
    this.#version = version;
  }

  /**
   * The targets that may be deregistered. Exclusive bindings: all. Without ConfigMap and memory, the
   * first run after enabling: none, and `write` requests the ConfigMap at the end of the run.
   */
  deregistrable(
    binding: KubeObject,
    targets: readonly TargetInfo[],
  ): { readonly targets: readonly TargetInfo[]; readonly write: boolean } {
    if (!this.#shared(binding)) return { targets, write: false };
    const tracked = this.#read(binding);
    if (!tracked) return { targets: [], write: true };
    return { targets: targets.filter((target) => tracked.has(target.key)), write: false };
  }

  /**
   * Stores the whole current endpoint set; unless `requested`, only where this process has no set in
   * memory yet. So a flag that went off and on again leaves the old set, and no ConfigMap if that
   * was deleted meanwhile.
   */
  update(binding: KubeObject, requested: boolean, endpoints: readonly Endpoint[]): void {
    if (!this.#shared(binding)) return;
    if (!requested && this.#memory.has(this.#memoryKey(binding))) return;
    this.#persist(binding, new Set(endpoints.map(endpointKey)));
  }

  /** Memory always goes; the ConfigMap only while the flag is on. */
  cleanUp(binding: KubeObject): void {
    this.#memory.delete(this.#memoryKey(binding));
    if (!this.#shared(binding)) return;
    try {
      this.#api.delete('configmaps', binding.metadata.namespace!, this.#recordName(binding));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  #shared(binding: KubeObject): boolean {
    // Before v2.10.0 the controller's own type has no such field: set or not, it is not seen.
    return atLeast(this.#version, '2.10.0') && binding['spec'].multiClusterTargetGroup === true;
  }

  #read(binding: KubeObject): ReadonlySet<string> | undefined {
    const known = this.#memory.get(this.#memoryKey(binding));
    if (known) return known;
    const map = this.#api.read(
      'configmaps',
      binding.metadata.namespace!,
      this.#recordName(binding),
    );
    if (!map) return undefined;
    const text: string = map['data']?.targets ?? '';
    const tracked = new Set(text === '' ? [] : text.split(','));
    this.#memory.set(this.#memoryKey(binding), tracked);
    return tracked;
  }

  #persist(binding: KubeObject, tracked: ReadonlySet<string>): void {
    const map: KubeObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: this.#recordName(binding), namespace: binding.metadata.namespace! },
      data: { targets: [...tracked].join(',') },
    };
    try {
      // A PUT of the whole object without resourceVersion: labels that others put there are gone.
      this.#api.update('configmaps', map);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.#api.create('configmaps', map);
    }
    this.#memory.set(this.#memoryKey(binding), tracked);
  }

  /** The ConfigMap that records a binding's targets, in the binding's namespace. */
  #recordName(binding: KubeObject): string {
    return this.#api.names.recordPrefix + binding.metadata.name;
  }

  /** Before v3.5.0 `a`/`b-c` and `a-b`/`c` shared one entry (multicluster_manager.go, getCacheKey). */
  #memoryKey(binding: KubeObject): string {
    const separator = atLeast(this.#version, '3.5.0') ? '/' : '-';
    return `${binding.metadata.namespace}${separator}${binding.metadata.name}`;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof StatusError && error.status.reason === 'NotFound';
}
