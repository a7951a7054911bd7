import { planJoin } from '../join/plan-join.ts';
import { assumingJoined } from '../join/assumed.ts';
import type { JoinIntent, LeaveIntent } from '../model/intent.ts';
import { nameText, type ObjectName } from '../model/kubernetes.ts';
import type { Problem } from '../model/problem.ts';
import type { Templates } from '../model/templates.ts';
import { clusterOf, joinedBindings } from '../observed/enrollment.ts';
import type { Observed } from '../observed/observed.ts';
import { enrollmentOf, primaryIn } from '../observed/owner.ts';
import { partFor, partOf } from '../observed/part-of.ts';
import { undistinguished } from '../observed/same-cluster.ts';
import type { Plan } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import { holds } from '../progress/holds.ts';
import { assumingLeft } from './assumed.ts';
import { empty, inOrder, leaveOf, makesService } from './parts.ts';
import { unproven } from './unproven.ts';

/** A cluster that is to leave, and the one that takes its place. */
export interface Replacement {
  readonly leaves: LeaveIntent;
  readonly joins: JoinIntent;
}

/** What a person requires of `replace`: one replacement after the other. */
export interface ReplaceIntent {
  readonly replacements: readonly Replacement[];
  /** Other clusters of the enrollment: where no primary is named, their bindings name the target groups. */
  readonly others: readonly string[];
}

/** The plan so far, and the world as it will be after it. */
interface Ahead {
  readonly world: Observed;
  /** Plans in their order; each but the last is followed by a wait. */
  readonly plans: readonly Plan[];
}

const isBound = (world: Observed, context: string, service: ObjectName): boolean => {
  const cluster = clusterOf(world, context);
  return cluster !== undefined && joinedBindings(cluster, service).length > 0;
};

/**
 * The join with the cluster whose bindings name the target groups: the one that was named, else one
 * that stays, else the old one. Undefined: the new one has nothing to join, since it owns the load
 * balancer, or since the old one has left and the new one is all there is.
 */
function joinBeside(
  world: Observed,
  { leaves, joins }: Replacement,
  others: readonly string[],
): JoinIntent | undefined {
  // The owner of the load balancer has nothing to join: its Service made the target groups.
  const enrollment = enrollmentOf(partOf(world, [leaves.context, joins.context]));
  if (enrollment && primaryIn(enrollment)?.context === joins.context) return undefined;
  if (joins.primary !== undefined || joins.loadBalancer !== undefined) return joins;
  const nameIn = (context: string): ObjectName =>
    context === leaves.context ? leaves.localService : joins.service;
  const beside = (primary: string): JoinIntent => ({
    ...joins,
    service: nameIn(primary),
    primary,
  });
  const all = enrollmentOf(world);
  const owner = all && primaryIn(all)?.context;
  const primary = [...others, leaves.context].find(
    (one) => one === owner || isBound(world, one, nameIn(one)),
  );
  if (primary !== undefined) return beside(primary);
  return isBound(world, joins.context, joins.localService) ? undefined : beside(leaves.context);
}

/**
 * The plan up to a Service that is made: its endpoints are not known yet, so nothing is known of the
 * healthy targets that stay when the old cluster leaves. What else keeps it from leaving is known.
 */
function untilItIsMade(
  world: Observed,
  { leaves, joins }: Replacement,
  plans: readonly Plan[],
): Plan {
  const { blockers } = leaveOf(world, leaves);
  const stops = blockers.filter(({ code }) => code !== 'below-floor');
  if (stops.length > 0) return refused(stops);
  const plan = inOrder(plans, true);
  const open: Problem = {
    code: 'below-floor',
    message: `Not checked: "Enough healthy targets stay when ${leaves.context} leaves". Service ${nameText(joins.localService)} does not exist in ${joins.context} yet. When it serves there, the leave of ${leaves.context} is planned.`,
    about: { cluster: leaves.context },
  };
  return { ...plan, skips: [...plan.skips, open] };
}

/**
 * Decides how clusters take the place of others, one after the other: the new one joins, all of it
 * has to be proven, then the old one leaves. The old one is judged as if the new one served
 * already, and a refusal stops the whole before anything is written. What comes after a wait is
 * planned again from what is there then. A replacement that is done has no steps.
 */
export function planReplace(
  observed: Observed,
  { replacements, others }: ReplaceIntent,
  templates: Templates,
): Plan {
  const named = replacements.flatMap(({ leaves, joins }) => [
    ...(joins.primary === undefined ? [] : [joins.primary]),
    leaves.context,
    joins.context,
  ]);
  const mixed = undistinguished(partOf(observed, named).clusters);
  if (mixed.length > 0) return refused(mixed);
  let { world, plans }: Ahead = { world: observed, plans: [] };
  for (const replacement of replacements) {
    const { leaves } = replacement;
    const joins = joinBeside(world, replacement, others);
    const joining = joins && planJoin(partFor(world, joins), joins, templates);
    if (joining && joining.blockers.length > 0) return joining;
    const bare = joining && empty(joining);
    if (bare) return bare;
    const ahead = world !== observed;
    if (joins && joining && (ahead || !holds(joining, observed))) {
      plans = [...plans, joining];
      if (makesService(joining)) return untilItIsMade(world, replacement, plans);
      world = assumingJoined(world, joins.context, joining);
    } else {
      const doubts = unproven(observed, replacement.joins);
      if (doubts.length > 0) return refused(doubts);
    }
    const leaving = leaveOf(world, leaves);
    if (leaving.blockers.length > 0) return leaving;
    if (world === observed && holds(leaving, observed)) continue;
    plans = [...plans, leaving];
    world = assumingLeft(world, leaving);
  }
  return inOrder(plans, false);
}
