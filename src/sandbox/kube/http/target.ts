import type { KubeCluster } from '../cluster/cluster.ts';
import type { ResourceDef, Subresource } from '../resources.ts';

/** The collection or object that a path names. */
export interface Target {
  readonly def: ResourceDef;
  readonly namespace: string;
  /** Empty for a collection. */
  readonly name: string;
  readonly subresource?: Subresource;
}

/**
 * Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`; undefined where the cluster has no such resource.
 * `namespaces/NAME` is itself a resource unless another one follows.
 */
export function targetOf(cluster: KubeCluster, path: string): Target | undefined {
  const parts = path.split('/').slice(1);
  const core = parts[0] === 'api';
  if (!core && parts[0] !== 'apis') return undefined;
  const group = core ? '' : parts[1];
  const version = core ? parts[1] : parts[2];
  let rest = parts.slice(core ? 2 : 3);
  const find = (plural: string | undefined): ResourceDef | undefined =>
    cluster
      .servedResources()
      .find((def) => def.group === group && def.version === version && def.plural === plural);
  let namespace = '';
  const inner = rest[0] === 'namespaces' ? find(rest[2]) : undefined;
  if (inner?.namespaced) {
    namespace = rest[1]!;
    rest = rest.slice(2);
  }
  const [plural, name = '', subresource, ...more] = rest;
  const def = find(plural);
  if (!def || more.length > 0) return undefined;
  // An object of a namespaced kind is only found in its namespace.
  if (def.namespaced && name && !namespace) return undefined;
  if (subresource === undefined) return { def, namespace, name };
  const known = def.subresources.find((one) => one === subresource);
  return known && name ? { def, namespace, name, subresource: known } : undefined;
}
