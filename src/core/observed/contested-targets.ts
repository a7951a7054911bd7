import { clusterNames } from '../model/cluster-name.ts';
import { bindingsOf } from './enrollment.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { memberOf } from './member.ts';
import type { Observed } from './observed.ts';
import { valueOf } from '../model/problem.ts';
import type { Target } from '../model/target.ts';
import { targetKey, trackedKeys } from '../model/target-key.ts';

/** A target that a cluster tracks and another one has by now, and how that is known. */
export interface ContestedTarget {
  readonly target: Target;
  /** Set where it only may be so: what would tell could not be read. */
  readonly unsure?: true;
  /** Such as `an endpoint of pri`. */
  readonly why: string;
}

/**
 * Tracked targets of a cluster that are another cluster's: its endpoint has that address now, or EC2
 * says that the address belongs to a node of another cluster. A tracked set outlives its pods while
 * a controller is down, and VPCs use addresses again. What cannot be read counts as contested: a
 * rival's set, or EC2's evidence of an address at which the cluster has no endpoint any more.
 */
export function contestedTargets(
  observed: Observed,
  own: ClusterView,
  o: {
    readonly arn: string;
    readonly targets: readonly Target[];
    readonly eligible: readonly Target[];
  },
): readonly ContestedTarget[] {
  const mine = new Set(o.eligible.map(targetKey));
  const others = observed.clusters.filter((cluster) => cluster !== own).flatMap(clusterNames);
  const names = namesOf(observed, own, { eligible: o.eligible, others });
  const rivals = observed.clusters
    .filter((cluster) => cluster !== own)
    .map((cluster) => {
      const members = bindingsOf(cluster, o.arn).map((binding) =>
        memberOf(observed, cluster, binding),
      );
      return {
        context: cluster.context,
        eligible: new Set(
          members.flatMap(({ eligible }) =>
            (valueOf(eligible) ?? []).map(({ target }) => targetKey(target)),
          ),
        ),
        // Whether its endpoints are known: else what it tracks has to do.
        unsure: members.some(({ eligible }) => !eligible.ok),
        unread: members.some(({ eligible, tracked }) => !eligible.ok && !tracked.ok),
        tracked: new Set(
          members.flatMap(({ tracked }) => [
            ...trackedKeys(valueOf(tracked) ?? { kind: 'missing' }),
          ]),
        ),
      };
    });
  return o.targets.flatMap((target): readonly ContestedTarget[] => {
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
    const unread = rivals.find((one) => one.unread);
    if (unread) {
      return [
        {
          target,
          unsure: true,
          why: `perhaps an endpoint of ${unread.context}, which could not be read`,
        },
      ];
    }
    const evidence = observed.addressEvidence[target.id];
    if (!evidence?.ok) {
      const why = `no endpoint of ${own.context}, and EC2 did not say who has the address`;
      return [{ target, unsure: true, why }];
    }
    const { cluster: tag, gone } = evidence.value;
    if (tag === undefined || gone || names.includes(tag)) return [];
    const why = `an address of cluster ${tag} in EC2`;
    if (names.length > 0 || others.includes(tag)) return [{ target, why }];
    const called = `${why}, and the EC2 name of ${own.context} is unknown`;
    return [{ target, unsure: true, why: called }];
  });
}

/**
 * What EC2 calls a cluster: as its controller does. Where that is gone, as the tags say that hold
 * the addresses of its endpoints.
 */
function namesOf(
  observed: Observed,
  own: ClusterView,
  o: { readonly eligible: readonly Target[]; readonly others: readonly string[] },
): readonly string[] {
  const told = clusterNames(own);
  if (told.length > 0) return told;
  return o.eligible.flatMap(({ id }) => {
    const evidence = observed.addressEvidence[id];
    const tag = evidence && valueOf(evidence)?.cluster;
    return tag === undefined || o.others.includes(tag) ? [] : [tag];
  });
}
