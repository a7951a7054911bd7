import { clusterNames } from '../model/cluster-name.ts';
import { bindingsOf } from './enrollment.ts';
import { eligibleKeys, isRegistered, memberOf, registeredByKey, registeredIn } from './member.ts';
import type { Observed } from './observed.ts';
import { canonicalId, targetKey, trackedKeys } from '../model/target-key.ts';

/**
 * Ids of registered targets that no listed cluster tracks or has an eligible endpoint for: whose
 * they are is asked of EC2. Draining ones are on their way out, and count with `drainingToo` only.
 * With `trackedToo` a record alone is no answer: the address may have been used again since.
 */
export function unclaimedIds(
  observed: Observed,
  o: { readonly trackedToo: boolean; readonly drainingToo?: boolean } = { trackedToo: false },
): readonly string[] {
  const ids = Object.keys(observed.targetGroups).flatMap((arn) => {
    const registered = registeredIn(observed, arn);
    if (!registered.ok) return [];
    const owned: ReadonlySet<string>[] = [];
    for (const cluster of observed.clusters) {
      for (const binding of bindingsOf(cluster, arn)) {
        const { tracked, eligible } = memberOf(observed, cluster, binding);
        if (tracked.ok && !o.trackedToo) owned.push(trackedKeys(tracked.value));
        if (eligible.ok) owned.push(eligibleKeys(eligible.value));
      }
    }
    const unclaimed: string[] = [];
    registeredByKey(registered.value).forEach((found, key) => {
      if (!o.drainingToo && !isRegistered(found)) return;
      if (!owned.some((keys) => keys.has(key))) unclaimed.push(found.target.id);
    });
    return unclaimed;
  });
  return [...new Set(ids)];
}

/**
 * Ids about which a cluster that leaves needs to know more: registered targets that it tracks, by a
 * binding or a record that is left of one, and has no endpoint for any more, which may be another
 * cluster's by now; and instances in a zone that no listed cluster's nodes tell. Where the
 * controller that knew the cluster's name is gone, its endpoints', whose tags tell it.
 */
export function idsInDoubt(observed: Observed, leaving: string): readonly string[] {
  const cluster = observed.clusters.find(({ context }) => context === leaving);
  if (!cluster) return [];
  const nodes = new Set(
    observed.clusters.flatMap((view) =>
      view.nodes?.ok ? view.nodes.value.map(({ instanceId }) => instanceId) : [],
    ),
  );
  // Whichever binding a record is of: one without its binding does not tell its target group.
  const tracked = new Set(
    Object.values(cluster.tracked).flatMap((set) => (set.ok ? [...trackedKeys(set.value)] : [])),
  );
  const named = clusterNames(cluster).length > 0;
  const addresses = Object.values(cluster.endpoints).flatMap((read) =>
    read.ok ? read.value.map(({ address }) => canonicalId(address)) : [],
  );
  const ids = Object.keys(observed.targetGroups).flatMap((arn) => {
    const registered = registeredIn(observed, arn);
    if (!registered.ok) return [];
    const own = bindingsOf(cluster, arn).flatMap((binding) => {
      const { eligible } = memberOf(observed, cluster, binding);
      return eligible.ok ? eligible.value.map(({ target }) => target) : [];
    });
    const eligible = new Set(own.map(targetKey));
    const standing = registered.value.filter(isRegistered);
    const stale = standing.filter(({ target }) => {
      const key = targetKey(target);
      return tracked.has(key) && !eligible.has(key);
    });
    const placeless = standing.filter(
      ({ target, zone }) => zone === undefined && !nodes.has(target.id),
    );
    return [
      ...[...stale, ...placeless].map(({ target }) => target.id),
      ...(named || stale.length === 0 ? [] : own.length > 0 ? own.map(({ id }) => id) : addresses),
    ];
  });
  return [...new Set(ids)];
}
