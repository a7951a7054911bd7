import { bindingsOf } from './enrollment.ts';
import { eligibleKeys, isRegistered, memberOf, registeredIn } from './member.ts';
import type { Observed } from './observed.ts';
import { targetKey, trackedKeys } from './target-key.ts';

/**
 * Ids of registered targets that no listed cluster tracks or has an eligible endpoint for: whose
 * they are is asked of EC2. Draining ones are left out; they are on their way out already. With
 * `trackedToo` a record alone is no answer: the address may have been used again since.
 */
export function idsWithoutOwner(
  observed: Observed,
  o: { readonly trackedToo: boolean } = { trackedToo: false },
): readonly string[] {
  const ids = Object.keys(observed.targetGroups).flatMap((arn) => {
    const registered = registeredIn(observed, arn);
    if (!registered.ok) return [];
    const owned = new Set<string>();
    for (const cluster of observed.clusters) {
      for (const binding of bindingsOf(cluster, arn)) {
        const { tracked, eligible } = memberOf(observed, cluster, binding);
        if (tracked.ok && !o.trackedToo)
          for (const key of trackedKeys(tracked.value)) owned.add(key);
        if (eligible.ok) for (const key of eligibleKeys(eligible.value)) owned.add(key);
      }
    }
    return registered.value
      .filter((target) => isRegistered(target) && !owned.has(targetKey(target.target)))
      .map(({ target }) => target.id);
  });
  return [...new Set(ids)];
}

/**
 * Ids of registered targets about which a cluster that leaves needs to know more: what it tracks and
 * has no endpoint for any more, which may be another cluster's by now, and instances in a zone that
 * no listed cluster's nodes tell.
 */
export function idsInDoubt(observed: Observed, leaving: string): readonly string[] {
  const cluster = observed.clusters.find(({ context }) => context === leaving);
  const nodes = new Set(
    observed.clusters.flatMap((view) =>
      view.nodes?.ok ? view.nodes.value.map(({ instanceId }) => instanceId) : [],
    ),
  );
  const ids = Object.keys(observed.targetGroups).flatMap((arn) => {
    const registered = registeredIn(observed, arn);
    if (!registered.ok || !cluster) return [];
    const members = bindingsOf(cluster, arn).map((binding) => memberOf(observed, cluster, binding));
    const tracked = new Set(
      members.flatMap((member) =>
        member.tracked.ok ? [...trackedKeys(member.tracked.value)] : [],
      ),
    );
    const eligible = new Set(
      members.flatMap((member) =>
        member.eligible.ok ? [...eligibleKeys(member.eligible.value)] : [],
      ),
    );
    return registered.value
      .filter(isRegistered)
      .filter(({ target, zone }) => {
        const key = targetKey(target);
        const placeless = zone === undefined && !nodes.has(target.id);
        return placeless || (tracked.has(key) && !eligible.has(key));
      })
      .map(({ target }) => target.id);
  });
  return [...new Set(ids)];
}
