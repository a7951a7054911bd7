import type { ClusterView } from '../model/cluster-view.ts';
import { getContextsHint } from '../model/hint.ts';
import type { Problem } from '../model/problem.ts';
import { unreadOf } from './member.ts';
import { eachOnce } from '../model/problem-key.ts';

/** Whether two contexts lead to one cluster. `unknown`: nothing that was read tells. */
export type Sameness = 'same' | 'different' | 'unknown';

/**
 * The same object, read through both: with one UID it is one cluster; another UID, or the object
 * missing in one of them, is two. Every command reads the Service, by its namespace and name, in
 * each cluster, so a person who may not read kube-system needs no right beyond that.
 */
function byObject(a: ClusterView, b: ClusterView): Sameness {
  for (const [name, read] of Object.entries(a.services)) {
    const other = b.services[name];
    if (!read.ok || !other?.ok || (!read.value && !other.value)) continue;
    if (!read.value || !other.value) return 'different';
    return read.value.uid === other.value.uid ? 'same' : 'different';
  }
  return 'unknown';
}

/**
 * Whether two contexts lead to one cluster: by the UID of kube-system, which lives as long as the
 * cluster; where that may not be read, by a Service that is read through both. What a context, a server
 * or a cluster is called proves nothing.
 */
export function sameness(a: ClusterView, b: ClusterView): Sameness {
  if (a === b) return 'same';
  if (a.identity.ok && b.identity.ok) {
    return a.identity.value === b.identity.value ? 'same' : 'different';
  }
  return byObject(a, b);
}

/** `same-cluster`: two contexts lead to one cluster, so a second binding on its own Service would be made. */
export function sameCluster(a: ClusterView, b: ClusterView): Problem | undefined {
  if (sameness(a, b) !== 'same') return undefined;
  const proof = a.identity.ok
    ? `kube-system has the UID ${a.identity.value} in both`
    : 'the Service has the same UID in both';
  return {
    code: 'same-cluster',
    message: `${a.context} and ${b.context} are the same cluster (${proof}).`,
    about: { cluster: b.context },
    hints: [getContextsHint],
  };
}

/** Why it is unknown whether two contexts lead to one cluster, as facts that are needed; none where it is known. */
export const unprovenOf = (a: ClusterView, b: ClusterView): readonly Problem[] =>
  sameness(a, b) === 'unknown'
    ? [a, b].flatMap(({ identity, context }) => unreadOf([identity], context))
    : [];

/**
 * Whatever keeps listed contexts from being so many clusters: two that lead to one cluster, so that
 * another cluster was not looked at; or facts that are needed to tell.
 */
export function undistinguished(clusters: readonly ClusterView[]): readonly Problem[] {
  const pairs = clusters.flatMap((b, index) =>
    clusters.slice(0, index).map((a) => [a, b] as const),
  );
  const same = pairs.flatMap(([a, b]) => sameCluster(a, b) ?? []);
  return eachOnce(same.length > 0 ? same : pairs.flatMap(([a, b]) => unprovenOf(a, b)));
}
