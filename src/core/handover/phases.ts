import { type Phase, RELEASED, taggedNote } from '../model/handover.ts';
import { isStopped } from './controller-flags.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import { madeBeside } from '../observed/made-beside.ts';
import type { Goal } from '../plan/goal.ts';
import type { HandoverStep } from '../plan/handover-step.ts';
import type { Step, Wait } from '../plan/plan.ts';
import { adoptGoals, adoptSteps } from './adopt.ts';
import { finishOf, unlabelSteps } from './finish.ts';
import { type HandoverCase, type Side, sidesOf } from './handover-case.ts';
import { placeholdersGone } from './placeholders.ts';
import { releaseGoals, releaseSteps } from './release.ts';
import { notRestarting, restartGoals, restartSteps, toRestart } from './restart.ts';
import { noteSteps, retagGoals, retagSteps } from './retag.ts';
import { adoptionTold } from './adoption-told.ts';
import { isAdopted, isManaged, isNoted, isReturn } from './standing.ts';

/** What a phase does, in its order. */
export interface Part {
  readonly phase: Phase;
  readonly steps: readonly Step[];
}

/**
 * Waits for what a phase has written, and until every target is healthy: no phase begins before. The way
 * back may be the cure of what made them unhealthy: it does not wait for them.
 */
const until = (subject: HandoverCase, phase: Phase, goals: readonly Goal[]): Wait => ({
  kind: 'wait',
  phase,
  goals: isReturn(subject) ? goals : [...goals, ...endGoals(subject)],
});

/** The same, and what comes after it is planned again. */
const waiting =
  (subject: HandoverCase) =>
  (phase: Phase, goals: readonly Goal[]): Wait => ({
    ...until(subject, phase, goals),
    replans: true,
  });

/** The controllers that have to begin before tags change hands: a pass that began before the release may still write tags. */
function startedBefore(
  subject: HandoverCase,
  releasing: boolean,
  tagging: boolean,
): readonly Side[] {
  const { from } = subject;
  // One that a person has stopped begins when it is started again.
  if (!from || isStopped(subject, from)) return [];
  if (releasing) return [from];
  return tagging && isNoted(from, RELEASED) ? toRestart(subject, [from], RELEASED) : [];
}

/** The phases that are left, derived from what is there. */
export function partsOf(subject: HandoverCase): readonly Part[] {
  const { from, to } = subject;
  const wait = waiting(subject);
  const isOver = isAdopted(subject);
  const release = !isOver || isManaged(from) ? releaseSteps(subject) : [];
  const tags = isOver ? [] : retagSteps(subject);
  const first = startedBefore(subject, release.length > 0, tags.length > 0);
  const released: Part = {
    phase: 'release',
    steps: [
      // A pass deletes a labelled binding for which it has made another target group.
      ...(release.length > 0 && strayGroups(subject).length > 0
        ? unlabelSteps(subject, 'release')
        : []),
      ...(release.length > 0 ? [...release, wait('release', releaseGoals(subject))] : []),
      ...(first.length > 0
        ? [
            ...restartSteps(
              subject,
              'release',
              release.length > 0 ? first : notRestarting(subject, first, RELEASED),
            ),
            wait('release', restartGoals(subject, first, RELEASED)),
          ]
        : []),
    ],
  };
  if (isOver) {
    // A run that ended while it waited has not seen that: what only the handover needed stays until then.
    const open = adoptionTold(subject)?.kind === 'silent';
    return [
      released,
      { phase: 'adopt', steps: open ? [until(subject, 'adopt', adoptGoals(subject))] : [] },
      { phase: 'finish', steps: finishOf(subject, false).steps },
    ];
  }
  const note = taggedNote(to?.clusterName);
  const open = tags.length > 0 || (to && sidesOf(subject).some((side) => !isNoted(side, note)));
  const late = open ? sidesOf(subject) : toRestart(subject, sidesOf(subject), note);
  const early = open ? before(subject) : [];
  // What goes before the tags change hands does not go again at the end.
  const again = new Set(early.map((step) => JSON.stringify({ ...step, phase: 'finish' })));
  const last = finishOf(subject, to !== undefined).steps;
  return [
    released,
    {
      phase: 'retag',
      steps: open
        ? [
            ...early,
            ...tags,
            // What follows it is not planned again: only this run has seen the tags settle.
            { ...until(subject, 'retag', retagGoals(subject)), ...(to ? {} : { replans: true }) },
            ...(to ? noteSteps(subject) : []),
          ]
        : [],
    },
    {
      phase: 'restart',
      steps:
        to && late.length > 0
          ? [
              ...restartSteps(subject, 'restart', open ? late : notRestarting(subject, late, note)),
              wait('restart', restartGoals(subject, late, note)),
            ]
          : [],
    },
    {
      phase: 'adopt',
      steps: to ? [...adoptSteps(subject), wait('adopt', adoptGoals(subject))] : [],
    },
    { phase: 'finish', steps: last.filter((step) => !again.has(JSON.stringify(step))) },
  ];
}

/**
 * On the way back, and where no cluster is to own it, no binding may look like that of an owner while tags change
 * hands; what only the handover needed goes, and what a controller made beside it.
 */
const before = (subject: HandoverCase): readonly HandoverStep[] =>
  subject.intent.back || !subject.to
    ? [
        ...unlabelSteps(subject, 'retag'),
        ...placeholdersGone(subject, 'retag'),
        ...strayGroups(subject).map(({ arn, name }): HandoverStep => ({
          kind: 'delete-target-group',
          phase: 'retag',
          arn,
          name,
        })),
      ]
    : [];

/** Target groups that the giver's controller made because it did not find those that were handed over. */
const strayGroups = ({ observed, from, loadBalancer, enrollment }: HandoverCase) =>
  from
    ? madeBeside(observed, {
        ...from,
        loadBalancerArn: loadBalancer.arn,
        targetGroupArns: enrollment.arns,
      }).filter(
        ({ kind, loadBalancerArns }) => kind === 'target-group' && loadBalancerArns.length === 0,
      )
    : [];

/** Each endpoint of each listed cluster is healthy, as it was before. */
export const endGoals = ({ observed, enrollment }: HandoverCase): readonly Goal[] =>
  observed.clusters.flatMap((cluster) =>
    enrollment.arns
      .flatMap((arn) => bindingsOf(cluster, arn))
      .map(({ namespace, name }) => ({
        kind: 'endpoints-healthy' as const,
        cluster: cluster.context,
        binding: { namespace, name },
      })),
  );
