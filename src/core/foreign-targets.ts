import { clusterNames } from './cluster-name.ts';
import { bindingsOf } from './enrollment.ts';
import type { ClusterView } from './kubernetes.ts';
import { memberOf } from './member.ts';
import type { Observed } from './observed.ts';
import { valueOf } from './problem.ts';
import type { Target } from './target.ts';
import { targetKey, trackedKeys } from './target-key.ts';

/** A target that a cluster tracks and another one has by now, and how that is known. */
export interface ForeignTarget {
  readonly target: Target;
  /** Such as `an endpoint of pri`. */
  readonly why: string;
}

/**
 * Tracked targets of a cluster that are another cluster's: its endpoint has that address now, or EC2
 * says that the address belongs to a node of another cluster. A tracked set outlives its pods while
 * a controller is down, and VPCs use addresses again. A set that cannot be read speaks against it.
 */
export function foreignTargets(
  observed: Observed,
  own: ClusterView,
  o: {
    readonly arn: string;
    readonly targets: readonly Target[];
    readonly eligible: readonly Target[];
  },
): readonly ForeignTarget[] {
  const mine = new Set(o.eligible.map(targetKey));
  const names = clusterNames(own);
  const rivals = observed.clusters
    .filter((cluster) => cluster !== own)
    .map((cluster) => {
      const members = bindingsOf(cluster, o.arn).map((binding) =>
        memberOf(observed, cluster, binding),
      );
      return {
        context: cluster.context,
        names: clusterNames(cluster),
        eligible: new Set(
          members.flatMap(({ eligible }) =>
            (valueOf(eligible) ?? []).map(({ target }) => targetKey(target)),
          ),
        ),
        // Whether its endpoints are known: else what it tracks has to do.
        unsure: members.some(({ eligible }) => !eligible.ok),
        tracked: new Set(
          members.flatMap(({ tracked }) => [
            ...trackedKeys(valueOf(tracked) ?? { kind: 'missing' }),
          ]),
        ),
      };
    });
  return o.targets.flatMap((target): readonly ForeignTarget[] => {
    const key = targetKey(target);
    const rival = rivals.find(
      ({ eligible, unsure, tracked }) =>
        eligible.has(key) || (unsure && tracked.has(key) && !mine.has(key)),
    );
    if (rival) {
      const how = rival.eligible.has(key) ? 'an endpoint of' : 'tracked by';
      return [{ target, why: `${how} ${rival.context}` }];
    }
    if (mine.has(key)) return [];
    const evidence = valueOf(observed.owners[target.id] ?? { ok: false, problem: unasked });
    const tag = evidence?.cluster;
    if (tag === undefined || evidence?.gone === true) return [];
    const other =
      names.length > 0 ? !names.includes(tag) : rivals.some((one) => one.names.includes(tag));
    return other ? [{ target, why: `an address of cluster ${tag} in EC2` }] : [];
  });
}

const unasked = { code: 'answer-malformed', message: 'It has not been asked.' } as const;
