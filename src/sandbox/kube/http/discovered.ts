import type { KubeCluster } from '../cluster/cluster.ts';
import type { ResourceDef } from '../resources.ts';
import { reviewKinds } from './reviews.ts';

const ALL_VERBS = 'create delete deletecollection get list patch update watch'.split(' ');

/** What can be done with each subresource. */
export const subresourceVerbs = {
  finalize: ['update'],
  log: ['get'],
  scale: ['get', 'patch', 'update'],
  status: ['get', 'patch', 'update'],
};

/** One row of discovery: a resource, or a review, which is created and never kept. */
export interface Discovered extends Pick<
  ResourceDef,
  | 'group'
  | 'version'
  | 'kind'
  | 'plural'
  | 'singular'
  | 'shortNames'
  | 'categories'
  | 'namespaced'
  | 'subresources'
> {
  readonly verbs: readonly string[];
}

/** Everything that the cluster serves. */
export function discovered(cluster: KubeCluster): Discovered[] {
  const reviews = reviewKinds.map(({ group, kind, plural }) => ({
    group,
    version: 'v1',
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: false,
    subresources: [],
    verbs: ['create'],
  }));
  return [...cluster.servedResources().map((def) => ({ ...def, verbs: ALL_VERBS })), ...reviews];
}

/** The names of the groups but the core one, in the order in which they came. */
export function groupNames(resources: readonly Discovered[]): string[] {
  return [...new Set(resources.map((def) => def.group).filter(Boolean))];
}
