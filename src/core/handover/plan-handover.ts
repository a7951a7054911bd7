import type { Phase } from '../model/handover.ts';
import type { HandoverIntent } from '../model/intent.ts';
import type { Problem } from '../model/problem.ts';
import { listed } from '../model/words.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import type { Observed } from '../observed/observed.ts';
import { runChecks } from '../plan/check.ts';
import type { Goal } from '../plan/goal.ts';
import type { ClusterStep, HandoverStep, Plan, Rehearsal, Step, Wait } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import { adoptGoals, adoptSteps } from './adopt.ts';
import { handoverChecks } from './checks.ts';
import { finishOf, unlabelSteps } from './finish.ts';
import { verifyGate } from './gate.ts';
import type { HandoverCase, Side } from './handover-case.ts';
import { releaseGoals, releaseSteps } from './release.ts';
import { restartGoals, restartSteps, toRestart } from './restart.ts';
import { noteSteps, retagGoals, retagSteps, sidesOf } from './retag.ts';
import { handoverCase } from './sides.ts';
import { isAdopted, isManaged, isNoted, RELEASED, taggedNote } from './standing.ts';

/** What a phase does, in its order. */
interface Part {
  readonly phase: Phase;
  readonly steps: readonly Step[];
}

/** Waits for what a phase has written, and until every target is healthy: no phase begins before. */
const until = (subject: HandoverCase, phase: Phase, goals: readonly Goal[]): Wait => ({
  kind: 'wait',
  phase,
  goals: [...goals, ...endGoals(subject)],
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
  if (!from) return [];
  if (releasing) return [from];
  return tagging && isNoted(from, RELEASED) ? toRestart(subject, [from], RELEASED) : [];
}

/** The phases that are left, derived from what is there. */
function partsOf(subject: HandoverCase): readonly Part[] {
  const { from, to } = subject;
  const wait = waiting(subject);
  const isOver = isAdopted(subject);
  const release = !isOver || isManaged(from) ? releaseSteps(subject) : [];
  const tags = isOver ? [] : retagSteps(subject);
  const early = startedBefore(subject, release.length > 0, tags.length > 0);
  const released: Part = {
    phase: 'release',
    steps: [
      ...(release.length > 0 ? [...release, wait('release', releaseGoals(subject))] : []),
      ...(early.length > 0
        ? [
            ...restartSteps(subject, 'release', early),
            wait('release', restartGoals(subject, early, RELEASED)),
          ]
        : []),
    ],
  };
  if (isOver) return [released, { phase: 'finish', steps: finishOf(subject, false).steps }];
  const note = taggedNote(to);
  const open = tags.length > 0 || (to && sidesOf(subject).some((side) => !isNoted(side, note)));
  const late = open ? sidesOf(subject) : toRestart(subject, sidesOf(subject), note);
  return [
    released,
    {
      phase: 'retag',
      steps: open
        ? [
            ...before(subject),
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
              ...restartSteps(subject, 'restart', late),
              wait('restart', restartGoals(subject, late, note)),
            ]
          : [],
    },
    {
      phase: 'adopt',
      steps: to ? [...adoptSteps(subject), wait('adopt', adoptGoals(subject))] : [],
    },
    { phase: 'finish', steps: finishOf(subject, to !== undefined).steps },
  ];
}

/** On the way back, and where nobody is to own it, no binding may look like that of an owner while tags change hands. */
const before = (subject: HandoverCase): readonly HandoverStep[] =>
  subject.intent.back || !subject.to
    ? unlabelSteps(subject).map((step) => ({ ...step, phase: 'retag' as const }))
    : [];

/** The parts up to the phase at which this run stops. */
function upTo(parts: readonly Part[], last: Phase | undefined): readonly Part[] {
  const end = parts.findIndex(({ phase }) => phase === last);
  return last === undefined ? parts : parts.slice(0, end + 1);
}

const isClusterStep = (step: Step): step is ClusterStep =>
  step.kind === 'patch-service' ||
  step.kind === 'patch-binding' ||
  step.kind === 'restart-controller';

const isNote = (step: ClusterStep): boolean =>
  step.kind === 'patch-service' && step.phase === 'retag';

/** The first patch of each object is sent as a dry run: a later one depends on it. */
function rehearsalsOf(steps: readonly Step[]): readonly Rehearsal[] {
  const seen = new Set<string>();
  // A note says nothing about whether the patches of other phases would be taken.
  const weighty = steps.filter(isClusterStep).filter((step) => !isNote(step));
  return weighty.flatMap((step): readonly Rehearsal[] => {
    const object =
      step.kind === 'patch-service'
        ? `${step.cluster} service`
        : step.kind === 'patch-binding'
          ? `${step.cluster} ${step.binding.name}`
          : `${step.cluster} controller`;
    if (seen.has(object)) return [];
    seen.add(object);
    return [{ kind: 'step', step }];
  });
}

/** Each endpoint of each listed cluster is healthy: nobody has noticed anything. */
const endGoals = ({ observed, enrollment }: HandoverCase): readonly Goal[] =>
  observed.clusters.flatMap((cluster) =>
    enrollment.arns
      .flatMap((arn) => bindingsOf(cluster, arn))
      .map(({ namespace, name }) => ({
        kind: 'endpoints-healthy' as const,
        cluster: cluster.context,
        binding: { namespace, name },
      })),
  );

/** The person is asked once, and told what no test without AWS has shown. */
const unproven = ({ intent }: HandoverCase): Problem => ({
  code: 'handover-unproven',
  message:
    'Only AWS can show that open connections outlast a change of the security groups of a load balancer, and how soon a written tag is read. nlbmc reads back what it wrote, and stops where it differs.',
  about: { service: intent.service },
});

/** What of the end is not planned yet. */
function openEnd(subject: HandoverCase): readonly Problem[] {
  const { open, staying } = finishOf(subject, !isAdopted(subject));
  const about = { cluster: subject.to?.cluster.context ?? subject.intent.old };
  if (staying.length > 0) {
    return [
      {
        code: 'group-unknown',
        message: `Security group ${listed(staying.map(({ id }) => id))} stays on the load balancer: registered targets that no listed cluster tracks may depend on it. List every cluster with --context to let it go.`,
        about,
      },
    ];
  }
  if (!open || isAdopted(subject)) return [];
  return [
    {
      code: 'group-unknown',
      message: `Not planned yet: how bindings let in the security group of ${about.cluster}, and how that of the old owner leaves the load balancer. Its controller makes the group when it adopts the load balancer.`,
      about,
    },
  ];
}

/**
 * Decides how a load balancer is handed over: what is left of each phase, derived from what is there. What
 * comes after a wait is planned again from what is there then. Nothing is planned unless verify is green,
 * but for who owns the load balancer.
 */
export function planHandover(observed: Observed, intent: HandoverIntent): Plan {
  const subject = handoverCase(observed, intent);
  if (!('enrollment' in subject)) return refused(subject);
  const gate = verifyGate(subject);
  const checked = runChecks(handoverChecks, subject);
  const blockers = [...checked.blockers, ...gate];
  const unread = checked.skips.filter((skip) => skip.unread);
  if (blockers.length > 0 || unread.length > 0) {
    return refused([...blockers, ...unread], checked.skips);
  }
  const parts = upTo(partsOf(subject), intent.until);
  const steps = parts.flatMap((part) => part.steps);
  const last = steps.at(-1);
  const goals = last?.kind === 'wait' || steps.length === 0 ? [] : endGoals(subject);
  const all = intent.until === undefined;
  return {
    steps,
    documents: [],
    rehearsals: rehearsalsOf(steps),
    goals: steps.length === 0 && all ? endGoals(subject) : goals,
    blockers: [],
    cautions: steps.length > 0 ? [...checked.cautions, unproven(subject)] : [],
    settling: [],
    skips: [...checked.skips, ...(all ? openEnd(subject) : [])],
  };
}
