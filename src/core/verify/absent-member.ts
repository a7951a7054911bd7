import type { ClusterView } from '../model/cluster-view.ts';
import { nameText, sameName } from '../model/kubernetes.ts';
import { joinHint } from '../model/nlbmc-hints.ts';
import { valueOf } from '../model/problem.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { type Enrollment, primaryIn } from '../observed/owner.ts';
import type { MemberVerdict } from '../plan/verdict.ts';
import { recordedOwner } from '../observed/recorded.ts';
import { enrolledBeside } from './member-hints.ts';

/** Whether a cluster has its Service and no binding on any target group: a join makes all of them. */
const isToJoin = (cluster: ClusterView, { arns }: Enrollment): boolean =>
  cluster.bindings.ok &&
  valueOf(cluster.service) !== undefined &&
  arns.every((arn) => bindingsOf(cluster, arn).length === 0);

/** The clusters that join in one run with this one. */
function joiningBeside(
  cluster: ClusterView,
  { clusters }: Observed,
  enrollment: Enrollment,
): readonly string[] {
  const all = clusters.filter(
    (one) =>
      one !== primaryIn(enrollment) &&
      isToJoin(one, enrollment) &&
      sameName(one.localService, cluster.localService),
  );
  return all.includes(cluster) ? all.map(({ context }) => context) : [cluster.context];
}

/** A listed cluster that has no binding on a target group, or whose bindings are unknown. */
export function absentMember(
  cluster: ClusterView,
  role: MemberVerdict['role'],
  observed: Observed,
  port: number | string,
  enrollment: Enrollment,
): MemberVerdict {
  const row = {
    cluster: cluster.context,
    role,
    eligible: null,
    tracked: null,
    registered: null,
    healthy: null,
    draining: null,
  };
  if (!cluster.bindings.ok) {
    return { ...row, state: 'unknown', problems: unreadOf([cluster.bindings], cluster.context) };
  }
  const sight =
    cluster.bindingsScope === 'cluster' ? '' : ` (only one namespace of it may be read)`;
  return {
    ...row,
    eligible: 0,
    tracked: 0,
    registered: 0,
    healthy: 0,
    draining: 0,
    state: 'degraded',
    // What its controller made is missing: that is said of the Service, once for all of its ports.
    problems:
      cluster === primaryIn(enrollment)
        ? []
        : [
            {
              code: 'member-missing',
              message: `${cluster.context} has no binding on port ${port} of Service ${nameText(observed.service)}${sight}.`,
              hints: [
                joinHint({
                  service: observed.service,
                  localService: cluster.localService,
                  context: joiningBeside(cluster, observed, enrollment),
                  ...(recordedOwner(observed) && observed.recorded
                    ? { from: { file: observed.recorded.file } }
                    : { primary: enrolledBeside(enrollment, cluster.context) }),
                }),
              ],
              about: { cluster: cluster.context, port },
            },
          ],
  };
}
