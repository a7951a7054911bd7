import type { Phase } from '../model/handover.ts';
import type { HandoverIntent } from '../model/intent.ts';
import { eachOnce } from '../model/problem-key.ts';
import type { Problem } from '../model/problem.ts';
import { listed } from '../model/words.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import type { Observed } from '../observed/observed.ts';
import { runChecks } from '../plan/check.ts';
import type { ClusterStep, Plan, Rehearsal, Step } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import { adoptionUnseen } from './adoption-told.ts';
import { handoverChecks } from './checks.ts';
import { finishOf } from './finish.ts';
import { finishLater } from './finish-later.ts';
import { verifyGate, verifyVerdict } from './gate.ts';
import type { HandoverCase } from './handover-case.ts';
import { endGoals, type Part, partsOf } from './phases.ts';
import { handoverCase } from './sides.ts';
import { isAdopted } from './standing.ts';

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

/**
 * The first patch of each object is sent as a dry run: a later one depends on it. So is that of a status, which is a
 * right of its own; of a Service of another type no API server takes one.
 */
function rehearsalsOf(subject: HandoverCase, steps: readonly Step[]): readonly Rehearsal[] {
  const seen = new Set<string>();
  const hasStatus = subject.from?.found?.type === 'LoadBalancer';
  // A note says nothing about whether the patches of other phases would be taken.
  const weighty = steps
    .filter(isClusterStep)
    .filter((step) => !isNote(step))
    .filter((step) => hasStatus || step.kind !== 'patch-service' || !step.subresource);
  return weighty.flatMap((step): readonly Rehearsal[] => {
    const object =
      step.kind === 'patch-service'
        ? `${step.cluster} service ${step.subresource ?? ''}`
        : step.kind === 'patch-binding'
          ? `${step.cluster} ${step.binding.name}`
          : `${step.cluster} controller`;
    if (seen.has(object)) return [];
    seen.add(object);
    return [{ kind: 'step', step }];
  });
}

/** Each binding on the target groups: most of them are written, if only at the end. */
const probesOf = ({ observed, enrollment: { arns } }: HandoverCase): readonly Rehearsal[] =>
  observed.clusters.flatMap((cluster) =>
    arns
      .flatMap((arn) => bindingsOf(cluster, arn))
      .map(({ namespace, name }): Rehearsal => ({
        kind: 'set-flag',
        cluster: cluster.context,
        binding: { namespace, name },
      })),
  );

/** The person is asked once, and told what no test without AWS has shown. */
const unproven = ({ intent }: HandoverCase): Problem => ({
  code: 'handover-unproven',
  message:
    'Only AWS can show that open connections outlast a change of the security groups of a load balancer, and how soon a written tag is read. nlbmc reads back what it wrote, and stops where it differs. docs/handover.md lists what is not proven.',
  about: { service: intent.service },
});

/** What of the end is not done, since it is not known who needs it. */
function openEnd(subject: HandoverCase): readonly Problem[] {
  const { staying } = finishOf(subject, !isAdopted(subject));
  if (staying.length === 0) return [];
  return [
    {
      code: 'group-unknown',
      message: `Security group ${listed(staying.map(({ id }) => id))} stays on the load balancer: registered targets that no listed cluster tracks may depend on it. List every cluster with --context to let it go.`,
      about: { cluster: subject.to?.cluster.context ?? subject.intent.old },
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
  const verdict = verifyVerdict(subject);
  const gate = verifyGate(subject, verdict);
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
  const later = all && steps.length > 0 ? finishLater(subject, steps) : [];
  return {
    steps,
    ...(later.length > 0 ? { later } : {}),
    documents: [],
    rehearsals: steps.length > 0 ? [...rehearsalsOf(subject, steps), ...probesOf(subject)] : [],
    goals: steps.length === 0 && all ? endGoals(subject) : goals,
    blockers: [],
    cautions: steps.length > 0 ? [...checked.cautions, unproven(subject)] : [],
    settling: [],
    skips: eachOnce([
      ...checked.skips,
      ...verdict.skips,
      ...adoptionUnseen(subject),
      ...(all ? openEnd(subject) : []),
    ]),
  };
}
