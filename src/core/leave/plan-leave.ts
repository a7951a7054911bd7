import { acceptsRemoving } from '../observed/capacity.ts';
import { merged, runChecks } from '../plan/check.ts';
import { sameCluster } from '../observed/same-cluster.ts';
import { leavingChecks, targetsSaved } from './leaving.ts';
import { leavingClusterChecks } from './leaving-cluster.ts';
import { clusterOf } from '../observed/enrollment.ts';
import { type Binding, nameText } from '../model/kubernetes.ts';
import type { LeaveIntent } from '../model/intent.ts';
import { arnsToLeave, leaveCase, type LeaveCase } from './leave-case.ts';
import { leaveGoals } from './leave-goals.ts';
import { boundElsewhere, boundText } from './still-bound.ts';
import { clustersText, listed } from '../model/words.ts';
import { leaveSteps } from './leave-steps.ts';
import { splitBindings } from './sibling-bindings.ts';
import { advice, type NlbmcHint } from '../model/hint.ts';
import { accepting, leaveHint, showHint } from '../model/nlbmc-hints.ts';
import { unreadOf } from '../observed/member.ts';
import { ownerOf } from '../observed/owner.ts';
import { ownerDisputed } from '../checks/owner-disputed.ts';
import type { Observed } from '../observed/observed.ts';
import { overlooked } from '../observed/overlooked.ts';
import { isClusterStep, type Plan } from '../plan/plan.ts';
import { type Problem, ProblemError } from '../model/problem.ts';
import { refused } from '../plan/refused.ts';

/** Why no target group is known: exit 2, since only the person can say which ones they were. */
function unnamed(intent: LeaveIntent): ProblemError {
  const { context, localService } = intent;
  return new ProblemError({
    code: 'target-groups-unnamed',
    message: `Service ${nameText(localService)} has no binding left in ${context}, so nlbmc cannot see in this cluster which target groups it was in.`,
    about: { cluster: context, service: localService },
    hints: [
      {
        ...leaveHint({ ...intent, primary: { any: true } }),
        where: 'with the context of a cluster that is enrolled for …',
      },
      advice(
        'Or name the target groups with --target-group, or a file of show -o yaml with --from.',
      ),
    ],
  });
}

/** Target groups that the primary does not name: it was named, and has no bindings for its Service. */
function withoutBindings(observed: Observed, intent: LeaveIntent): readonly Problem[] {
  const primary = intent.primary === undefined ? undefined : clusterOf(observed, intent.primary);
  if (!primary) return [];
  const instead = advice(
    'Or leave out --primary, and name the target groups with --target-group, or a file of show -o yaml with --from.',
  );
  if (!primary.bindings.ok) {
    // Credentials that fail must be renewed: they are no reason to type an ARN.
    return unreadOf([primary.bindings], primary.context).map((problem) =>
      ['credentials-refused', 'plugin-failed'].includes(problem.code)
        ? problem
        : { ...problem, hints: [...(problem.hints ?? []), instead] },
    );
  }
  return [
    {
      code: 'bindings-missing',
      message: `The controller of ${primary.context} has made no binding for Service ${nameText(intent.service)}, so nlbmc cannot see in that cluster which target groups to leave.`,
      about: { cluster: primary.context, service: intent.service },
      hints: [showHint(intent, [primary.context]), instead],
    },
  ];
}

/** Refusals that name a number are lifted by exactly that number, and are cautions then. */
function weighed(
  subject: LeaveCase,
  blockers: readonly Problem[],
): { readonly blockers: readonly Problem[]; readonly cautions: readonly Problem[] } {
  const { intent } = subject;
  const saved = targetsSaved(subject);
  const priced = blockers.filter(({ saves }) => saves !== undefined);
  const others = blockers.filter((problem) => !priced.includes(problem));
  if (acceptsRemoving(saved, intent.acceptRemoving)) {
    return { blockers: others, cautions: priced };
  }
  const accept = accepting(
    leaveHint({ ...intent, acceptRemoving: saved }),
    saved === 1 ? 'this target is deregistered' : `these ${saved} targets are deregistered`,
  );
  const hinted = priced.map((problem) => ({
    ...problem,
    hints: [...(problem.hints ?? []), accept],
  }));
  return { blockers: [...others, ...hinted], cautions: [] };
}

/** Bindings of other Services of the cluster on the target groups that its Service leaves. */
export function stayingBindings(observed: Observed, intent: LeaveIntent): readonly Binding[] {
  const leaving = clusterOf(observed, intent.context);
  if (!leaving) return [];
  return arnsToLeave(observed, intent).flatMap(
    (arn) => splitBindings(leaving, arn, intent.localService).staying,
  );
}

/** What is true once a cluster has left, with what its Service is still bound to. */
export function leftText(observed: Observed, intent: LeaveIntent): string {
  const { context, service } = intent;
  const leaving = clusterOf(observed, context);
  const left = `${context} has left Service ${nameText(service)}: AWS has none of its targets`;
  const bound = leaving ? boundElsewhere(leaving, intent).map(boundText) : [];
  const stays = stayingBindings(observed, intent);
  if (stays.length > 0) {
    return `The binding of Service ${nameText(intent.localService)} in ${context} is gone. ${listed(stays.map(nameText))} ${stays.length === 1 ? 'stays' : 'stay'}. If it had the same targets, they are out: nlbmc repair registers them again.`;
  }
  if (bound.length === 0) return `${left}.`;
  return `${left} in the target groups that were named. The bindings ${listed(bound)} still bind it to other target groups.`;
}

/** The same of several clusters: those of which nothing else is to be said are one sentence. */
export function leftTexts(observed: Observed, intents: readonly LeaveIntent[]): string {
  const isPlain = (intent: LeaveIntent): boolean => {
    const leaving = clusterOf(observed, intent.context);
    const bound = leaving ? boundElsewhere(leaving, intent) : [];
    return bound.length === 0 && stayingBindings(observed, intent).length === 0;
  };
  const plain = intents.filter(isPlain);
  const [first] = plain;
  if (!first || plain.length === 1) return intents.map((one) => leftText(observed, one)).join(' ');
  const names = clustersText(plain.map(({ context }) => context));
  return [
    `${names} have left Service ${nameText(first.service)}: AWS has none of their targets.`,
    ...intents.filter((one) => !plain.includes(one)).map((one) => leftText(observed, one)),
  ].join(' ');
}

/**
 * The command that goes on where this run was cut off; undefined: the same one. Without a primary
 * it names the target groups: once the bindings are gone, nothing in the clusters tells which they were.
 */
export function rerunHint(
  intents: readonly LeaveIntent[],
  arns: readonly string[],
): NlbmcHint | undefined {
  const [first] = intents;
  if (!first || first.primary !== undefined) return undefined;
  const context = intents.map((one) => one.context);
  return leaveHint({ ...first, context, targetGroups: [...new Set(arns)] });
}

/** How many targets the refusals of a leave save, whatever a person has accepted. */
export function savedByRefusing(observed: Observed, intent: LeaveIntent): number {
  const { acceptRemoving: _, ...asked } = intent;
  const { blockers } = planLeave(observed, asked);
  const leaving = clusterOf(observed, intent.context);
  if (!leaving || blockers.every(({ saves }) => saves === undefined)) return 0;
  const subject = leaveCase(observed, asked, { leaving, arns: arnsToLeave(observed, asked) });
  return 'ports' in subject ? targetsSaved(subject) : 0;
}

/**
 * Decides how a cluster leaves: its bindings on the target groups are deleted, also those that nlbmc did not make, and
 * their targets waited out; without a controller nlbmc does the controller's part. Needed, and
 * refused as unknown when unread: the bindings of that cluster, what they track, their Services and
 * endpoints, and the target groups with what decides on cross-zone. Raises `target-groups-unnamed`
 * (exit 2). A cluster that has left has no steps; what still drains is waited for all the same.
 */
export function planLeave(observed: Observed, intent: LeaveIntent): Plan {
  const leaving = clusterOf(observed, intent.context);
  if (!leaving) throw new Error(`${intent.context} has not been observed`);
  const primary = intent.primary === undefined ? undefined : clusterOf(observed, intent.primary);
  const same = primary && sameCluster(primary, leaving);
  if (same) return refused([same]);
  const basics = unreadOf(
    [leaving.bindings, ...(intent.withoutController ? [leaving.controller] : [])],
    leaving.context,
  ).filter(({ unread }) => unread);
  if (basics.length > 0) return refused(basics);

  const arns = arnsToLeave(observed, intent);
  if (arns.length === 0) {
    if (intent.primary === undefined) throw unnamed(intent);
    return refused(withoutBindings(observed, intent));
  }
  const subject = leaveCase(observed, intent, { leaving, arns });
  if (!('ports' in subject)) return refused(subject);

  // The Service may be the one that the load balancer goes down with.
  const owner = ownerOf(observed, { source: leaving, arns });
  const disputed = intent.deleteService ? ownerDisputed(observed, { owner, arns }) : [];
  if (disputed.length > 0) return refused(disputed);

  const found = merged([
    runChecks(leavingClusterChecks, subject),
    runChecks(leavingChecks, subject),
  ]);
  const { blockers, cautions } = weighed(subject, found.blockers);
  const capacity = subject.ports.flatMap((port) => port.capacity ?? []);
  if (blockers.length > 0) return { ...refused(blockers, found.skips), capacity };
  const steps = leaveSteps(subject);
  return {
    steps,
    documents: [],
    rehearsals: steps.flatMap((step) =>
      isClusterStep(step) ? [{ kind: 'step' as const, step }] : [],
    ),
    goals: leaveGoals(subject),
    blockers: [],
    cautions: [...cautions, ...found.cautions],
    settling: [],
    skips: [...found.skips, ...overlooked(observed, [...cautions, ...found.cautions])],
    capacity,
  };
}
