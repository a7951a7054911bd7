import type { Phase } from '../model/handover.ts';
import type { Goal } from '../plan/goal.ts';
import type { HandoverStep } from '../plan/handover-step.ts';
import type { ObjectName } from '../model/kubernetes.ts';
import { processOf } from './controller-flags.ts';
import type { HandoverCase, Side } from './handover-case.ts';
import { hasRestartedSince, isRestartingSince } from './standing.ts';

const deploymentOf = (subject: HandoverCase, side: Side): readonly ObjectName[] => {
  const controller = processOf(subject, side);
  return controller.ok ? [controller.value.deployment] : [];
};

/** The controllers of these sides that have not begun since their note says that. */
export const toRestart = (
  subject: HandoverCase,
  sides: readonly Side[],
  note: string,
): readonly Side[] => sides.filter((side) => !hasRestartedSince(subject, side, note));

/** Those of them whose restart has not begun: an earlier run may have ended while it waited for it. */
export const notRestarting = (
  subject: HandoverCase,
  sides: readonly Side[],
  note: string,
): readonly Side[] => sides.filter((side) => !isRestartingSince(subject, side, note));

/** New processes of the controllers, as `kubectl rollout restart` makes them; none where a person does it. */
export const restartSteps = (
  subject: HandoverCase,
  phase: Phase,
  sides: readonly Side[],
): readonly HandoverStep[] =>
  subject.intent.restarted
    ? []
    : sides.flatMap((side) =>
        deploymentOf(subject, side).map((deployment) => ({
          kind: 'restart-controller',
          phase,
          cluster: side.cluster.context,
          deployment,
          at: subject.observed.at,
        })),
      );

/** That each process of these controllers is new, and one of them leads. */
export const restartGoals = (
  subject: HandoverCase,
  sides: readonly Side[],
  note: string,
): readonly Goal[] =>
  sides.flatMap((side) =>
    deploymentOf(subject, side).map((deployment) => ({
      kind: 'controller-restarted',
      cluster: side.cluster.context,
      deployment,
      service: side.service,
      note,
    })),
  );
