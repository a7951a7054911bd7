import type { ClusterView } from '../model/cluster-view.ts';
import type { Problem } from '../model/problem.ts';
import { type Member, unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { narrowSight } from '../observed/narrow-sight.ts';

/** What has to be known before sharing ends: who is there besides this cluster decides everything. */
export function unreadMembers(
  observed: Observed,
  cluster: ClusterView,
  own: readonly Member[],
): readonly Problem[] {
  const others = observed.clusters.filter((one) => one !== cluster);
  return [
    ...unreadOf(
      own.flatMap((member) => [member.service, member.eligible, member.tracked, member.registered]),
      cluster.context,
    ),
    ...others.flatMap((one) => unreadOf([one.bindings], one.context)),
    ...observed.clusters.flatMap(narrowSight).map((problem) => ({ ...problem, unread: true })),
  ];
}
