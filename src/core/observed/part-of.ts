import type { ClusterView } from '../model/cluster-view.ts';
import { nameText } from '../model/kubernetes.ts';
import { known } from '../model/problem.ts';
import type { Observed } from './observed.ts';

/** What a cluster's own Service has behind it: its nodes, or the addresses of its endpoints. */
export function localIds(cluster: ClusterView, ofInstances: boolean): readonly string[] {
  if (ofInstances) {
    const nodes = cluster.nodes?.ok ? cluster.nodes.value : [];
    return nodes.flatMap(({ instanceId }) => instanceId ?? []);
  }
  const endpoints = cluster.endpoints[nameText(cluster.localService)];
  return endpoints?.ok ? endpoints.value.map(({ address }) => address) : [];
}

/** What a run of one cluster alone would have read: it, and the one whose bindings name the target groups. */
export const partFor = (
  whole: Observed,
  { context, primary }: { readonly context: string; readonly primary?: string | undefined },
): Observed => partOf(whole, [...(primary === undefined ? [] : [primary]), context]);

/** The observation as a run over these clusters alone would have read it. */
export function partOf(whole: Observed, contexts: readonly string[]): Observed {
  const { primary, ...rest } = whole;
  const observed: Observed = primary === undefined || contexts.includes(primary) ? whole : rest;
  const clusters = observed.clusters.filter(({ context }) => contexts.includes(context));
  const { path } = observed;
  if (!path?.interfaces.ok) return { ...observed, clusters };
  const ids = new Set(
    clusters.flatMap((cluster) => [...localIds(cluster, true), ...localIds(cluster, false)]),
  );
  const own = path.interfaces.value.filter(({ target }) => ids.has(target));
  return { ...observed, clusters, path: { ...path, interfaces: known(own) } };
}
