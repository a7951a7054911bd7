import { getContextsHint } from '../model/hint.ts';
import { purgeHint } from '../model/nlbmc-hints.ts';
import { absenceProblems } from '../checks/absence.ts';
import { runChecks } from '../plan/check.ts';
import { drainSeconds } from '../plan/drain-timeout.ts';
import {
  isAccepted,
  knownNote,
  refusedTargets,
  unclaimedChecks,
  type UnclaimedCase,
  untouchedProblem,
} from './unclaimed.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { ownerDisputed } from '../checks/owner-disputed.ts';
import { unlistedOwner } from '../checks/owner.ts';
import { enrollmentOf } from '../observed/owner.ts';
import { severalBalancers } from '../observed/several-balancers.ts';
import type { Goal } from '../plan/goal.ts';
import type { PurgeIntent } from '../model/intent.ts';
import { memberOf, readingOf, unreadOf } from '../observed/member.ts';
import type { Observed } from '../observed/observed.ts';
import { undistinguished } from '../observed/same-cluster.ts';
import { narrowSight } from '../observed/narrow-sight.ts';
import { overlooked } from '../observed/overlooked.ts';
import type { Plan, WriteStep } from '../plan/plan.ts';
import { type Problem, unknown, valueOf } from '../model/problem.ts';
import { trackingCollisions } from '../observed/tracking-collision.ts';
import { refused } from '../plan/refused.ts';
import type { Target } from '../model/target.ts';
import { drainingUnclaimed, unclaimedTargets } from '../observed/unclaimed.ts';

/** Target groups whose delay could not be read: AWS's default is used, and the wait may be too short. */
const unreadDelays = (observed: Observed, arns: readonly string[]): readonly Problem[] =>
  arns.flatMap((arn) => {
    const group = valueOf(readingOf(observed.targetGroups, arn, arn));
    return group?.attributes && !group.attributes.ok ? [group.attributes.problem] : [];
  });

/**
 * What has to be known before a target may be called unclaimed: all bindings of every listed
 * cluster, wherever they are, and what each tracks and serves.
 */
function unreadFacts(observed: Observed, arns: readonly string[]): readonly Problem[] {
  return [
    ...observed.clusters.flatMap((cluster) => {
      const members = arns
        .flatMap((arn) => bindingsOf(cluster, arn))
        .map((binding) => memberOf(observed, cluster, binding));
      return unreadOf(
        [
          cluster.bindings,
          ...members.flatMap((member) => [member.service, member.eligible, member.tracked]),
          ...(members.some(({ binding }) => binding.targetType === 'instance') && cluster.nodes
            ? [cluster.nodes]
            : []),
        ],
        cluster.context,
      );
    }),
    ...observed.clusters.flatMap(narrowSight).map((problem) => ({ ...problem, unread: true })),
    ...unreadOf(
      arns.flatMap((arn) => {
        const group = readingOf(observed.targetGroups, arn, `Target group ${arn}`);
        return group.ok ? [group, group.value.targets] : [group];
      }),
    ),
  ];
}

/** Whether EC2 did not answer about an address or a VPC. */
const isUnread = (observed: Observed): boolean =>
  [...Object.values(observed.addressEvidence), ...Object.values(observed.vpcs ?? {})].some(
    ({ ok }) => !ok,
  );

/** Whether any deregistration, now or before, is still to be waited for. */
function goalsOf(
  observed: Observed,
  arns: readonly string[],
  going: ReadonlyMap<string, readonly Target[]>,
): readonly Goal[] {
  return arns.flatMap((targetGroupArn): readonly Goal[] => {
    const targets = [
      ...(going.get(targetGroupArn) ?? []),
      ...drainingUnclaimed(observed, targetGroupArn),
    ];
    if (targets.length === 0) return [];
    const group = valueOf(readingOf(observed.targetGroups, targetGroupArn, targetGroupArn));
    const delaySeconds = drainSeconds(group);
    return [{ kind: 'targets-gone', targetGroupArn, targets, delaySeconds }];
  });
}

/** A cluster that is named with --departed, and listed under another name. */
function returned({ clusters }: Observed, { departed }: PurgeIntent): readonly Problem[] {
  const identity = departed?.identity;
  if (departed === undefined || identity === undefined) return [];
  return clusters
    .filter((cluster) => valueOf(cluster.identity) === identity)
    .map(({ context }) => ({
      code: 'same-cluster',
      message: `${departed.name} is named with --departed, but context ${context} leads to this cluster (kube-system has the UID ${identity} in the document and in the cluster).`,
      about: { cluster: context },
      hints: [getContextsHint],
    }));
}

/**
 * Decides which targets of clusters that are gone leave the Service's target groups: those that no
 * listed cluster tracks, serves or has an address of. Those that serve, or that EC2's tags give to a
 * cluster that was not listed, refuse unless the person names exactly their number. Those whose
 * owner could not be looked up stay. Needed, and refused as unknown when unread: every listed
 * cluster's bindings, tracked targets and endpoints, and the target groups.
 */
export function planPurge(observed: Observed, intent: PurgeIntent): Plan {
  const listed = observed.clusters.flatMap((cluster) =>
    unreadOf([cluster.bindings], cluster.context),
  );
  if (listed.length > 0) return refused(listed);
  const confused = [...undistinguished(observed.clusters), ...returned(observed, intent)];
  if (confused.length > 0) return refused(confused);
  const enrollment = enrollmentOf(observed);
  if (!enrollment) return refused(absenceProblems(observed, purgeHint));
  const { arns, owner } = enrollment;
  const several = severalBalancers(observed, arns, purgeHint);
  if (several.length > 0) return refused(several);
  const disputed = ownerDisputed(observed, enrollment);
  if (disputed.length > 0) return refused(disputed);
  const unlisted = unlistedOwner(observed, owner, purgeHint);
  if (unlisted.length > 0) return refused(unlisted);
  const unread = [
    ...unreadFacts(observed, arns),
    ...(owner.kind === 'unread' ? unreadOf([unknown(owner.problem)]) : []),
  ];
  if (unread.length > 0) return refused(unread);
  // Which targets are a cluster's own is not known where two bindings share one record.
  const collisions = observed.clusters.flatMap((cluster) =>
    trackingCollisions(
      cluster,
      arns.flatMap((arn) => bindingsOf(cluster, arn)),
    ),
  );
  if (collisions.length > 0) return refused(collisions);

  const unclaimed = unclaimedTargets(observed, intent, arns);
  const subject: UnclaimedCase = { observed, intent, unclaimed };
  const found = runChecks(unclaimedChecks, subject);
  const untouched = untouchedProblem(subject);
  const skips = [
    ...[untouched, knownNote(subject)].filter((problem) => problem !== undefined),
    ...unreadDelays(observed, arns),
  ];
  if (found.blockers.length > 0) return refused(found.blockers, skips);

  const accepted = isAccepted(subject) ? refusedTargets(subject) : [];
  const going = [...unclaimed.filter(({ fate }) => fate === 'purge'), ...accepted];
  // AWS did not answer, so the result is unknown.
  if (untouched && going.length === 0 && isUnread(observed)) {
    return refused([{ ...untouched, unread: true }]);
  }
  const targetsOf = new Map(
    arns.map((arn) => [
      arn,
      going.flatMap(({ targetGroupArn, found: { target } }) =>
        targetGroupArn === arn ? [target] : [],
      ),
    ]),
  );
  return {
    steps: [...targetsOf].flatMap(([targetGroupArn, targets]): readonly WriteStep[] =>
      targets.length > 0 ? [{ kind: 'deregister-targets', targetGroupArn, targets }] : [],
    ),
    documents: [],
    rehearsals: [],
    goals: goalsOf(observed, arns, targetsOf),
    blockers: [],
    cautions: found.cautions,
    settling: [],
    skips: [...skips, ...overlooked(observed, [...skips, ...found.cautions])],
  };
}
