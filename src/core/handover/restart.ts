import type { Phase } from '../model/handover.ts';
import type { Goal } from '../plan/goal.ts';
import type { HandoverStep } from '../plan/handover-step.ts';
import { valueOf } from '../model/problem.ts';
import type { HandoverCase, Side } from './handover-case.ts';
import { hasRestartedSince } from './standing.ts';

const processOf = ({ facts }: HandoverCase, side: Side) => {
  const read = facts.controllers[side.cluster.context];
  return read && valueOf(read);
};

/** The controllers of these sides that have not begun since their note says that. */
export const toRestart = (
  subject: HandoverCase,
  sides: readonly Side[],
  note: string,
): readonly Side[] =>
  sides.filter(
    (side) => processOf(subject, side) !== undefined && !hasRestartedSince(subject, side, note),
  );

/** New processes of the controllers, as `kubectl rollout restart` makes them; none where a person does it. */
export const restartSteps = (
  subject: HandoverCase,
  phase: Phase,
  sides: readonly Side[],
): readonly HandoverStep[] =>
  subject.intent.restarted
    ? []
    : sides.flatMap((side): readonly HandoverStep[] => {
        const controller = processOf(subject, side);
        return controller
          ? [
              {
                kind: 'restart-controller',
                phase,
                cluster: side.cluster.context,
                deployment: controller.deployment,
                at: subject.observed.at,
              },
            ]
          : [];
      });

/** That each process of these controllers is new, and one of them leads. */
export const restartGoals = (
  subject: HandoverCase,
  sides: readonly Side[],
  note: string,
): readonly Goal[] =>
  sides.flatMap((side): readonly Goal[] => {
    const controller = processOf(subject, side);
    return controller
      ? [
          {
            kind: 'controller-restarted',
            cluster: side.cluster.context,
            deployment: controller.deployment,
            service: side.service,
            note,
          },
        ]
      : [];
  });
