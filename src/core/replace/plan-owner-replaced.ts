import { planHandover } from '../handover/plan-handover.ts';
import { planJoin } from '../join/plan-join.ts';
import { handoverAnnotation } from '../model/annotations.ts';
import { assumingHandedOver } from '../handover/assumed.ts';
import { assumingJoined } from '../join/assumed.ts';
import type { Code } from '../model/codes.ts';
import type { HandoverIntent } from '../model/intent.ts';
import type { Problem } from '../model/problem.ts';
import type { Templates } from '../model/templates.ts';
import { clusterOf } from '../observed/enrollment.ts';
import { serviceRead } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { enrollmentOf, primaryIn } from '../observed/owner.ts';
import { partFor, partOf } from '../observed/part-of.ts';
import { undistinguished } from '../observed/same-cluster.ts';
import type { Plan } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import { holds } from '../progress/holds.ts';
import { empty, inOrder, leaveOf, makesService } from './parts.ts';
import type { Replacement } from './plan-replace.ts';

/** Whether the old cluster's Service has the note of a handover: it has begun, and has not come to its end. */
function isUnderWay(observed: Observed, { old, service }: HandoverIntent): boolean {
  const cluster = clusterOf(observed, old);
  const read = cluster && serviceRead(cluster, service);
  return read?.ok === true && read.value?.annotations[handoverAnnotation] !== undefined;
}

/** Whether the old cluster claims the load balancer, and something else contradicts it: the tags in AWS, say. */
function isDisputed(observed: Observed, { old, new: fresh = '' }: HandoverIntent): boolean {
  const owner = enrollmentOf(partOf(observed, [old, fresh]))?.owner;
  return (
    owner?.kind === 'disputed' &&
    owner.dispute.claims.some(({ cluster }) => cluster.context === old)
  );
}

/**
 * Whether the old cluster owns the load balancer, claims it, or is handing it over: then it cannot leave, and
 * the new one has to own it first.
 */
export function ownsUntilThen(observed: Observed, handover: HandoverIntent): boolean {
  const { old, new: fresh = '' } = handover;
  const enrollment = enrollmentOf(partOf(observed, [old, fresh]));
  const owner = enrollment && primaryIn(enrollment)?.context;
  return owner === old || isDisputed(observed, handover) || isUnderWay(observed, handover);
}

/** What is not known as long as the new cluster has no Service that serves and could own the load balancer. */
const untold: readonly Code[] = ['below-floor', 'leaving-primary', 'owner-disputed'];

/** What is not planned yet, since it depends on what the plan makes. */
const open = (what: string, cluster: string): Problem => ({
  code: 'group-unknown',
  message: `Not planned yet: ${what}. It is planned when what is planned here is done.`,
  about: { cluster },
});

/**
 * Decides how the cluster that owns the load balancer is replaced: the new one joins, the load balancer is
 * handed over to it, and then the old one leaves as any other. Each is planned from what is there, so the same
 * command goes on where a run was cut off. What the handover refuses is refused before the join. The old
 * one is judged as if the new one owned the load balancer already: what would keep it from leaving at the end
 * refuses the whole before anything is written.
 */
export function planOwnerReplaced(
  observed: Observed,
  { joins, leaves }: Replacement,
  handover: HandoverIntent,
  templates: Templates,
): Plan {
  const { old } = handover;
  const mixed = undistinguished(partOf(observed, [old, joins.context]).clusters);
  if (mixed.length > 0) return refused(mixed);
  const plans: Plan[] = [];
  let world = observed;
  // Nothing joins a load balancer whose owner is disputed or changes. A handover ends both, and the new
  // cluster need not have joined for it: its controller makes the bindings.
  if (!isUnderWay(observed, handover) && !isDisputed(observed, handover)) {
    const asked = { ...joins, service: handover.service, primary: old };
    const joining = planJoin(partFor(observed, asked), asked, templates);
    if (joining.blockers.length > 0) return joining;
    const bare = empty(joining);
    if (bare) return bare;
    if (!holds(joining, observed)) plans.push(joining);
    // Without its Service there is nothing that could take the load balancer over.
    if (makesService(joining)) {
      const stops = leaveOf(assumingHandedOver(world, handover), leaves).blockers.filter(
        ({ code }) => !untold.includes(code),
      );
      if (stops.length > 0) return refused(stops);
      const plan = inOrder(plans, true);
      const what = `how the load balancer is handed over to ${joins.context}, and how ${old} leaves`;
      return { ...plan, skips: [...plan.skips, open(what, old)] };
    }
    world = assumingJoined(world, joins.context, joining);
  }
  const handing = planHandover(observed, handover);
  if (handing.blockers.length > 0) return handing;
  // A refusal at the end would leave the old cluster where it is no owner, and has not left.
  const leaving = leaveOf(assumingHandedOver(world, handover), leaves);
  if (leaving.blockers.length > 0) return leaving;
  return inOrder([...plans, handing, leaving], false);
}
