import type { Echo } from '../plan/echo.ts';
import type { Observed } from '../observed/observed.ts';
import type { Plan } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import { isRejection } from '../plan/rejections.ts';

/** Adds to a plan what its rehearsals showed: a write that a server refuses is refused before the first. */
export function judgeRepair(plan: Plan, _observed: Observed, echoes: readonly Echo[]): Plan {
  const blockers = echoes.flatMap(({ rehearsal, result }) => {
    if (result.ok) return [];
    const cluster = rehearsal.kind === 'step' ? rehearsal.step.cluster : rehearsal.cluster;
    const unread = isRejection(result.problem.code) ? {} : { unread: true };
    return [{ cluster, ...result.problem, ...unread }];
  });
  return blockers.length > 0 ? refused(blockers, plan.skips) : plan;
}
