import { eachOnce } from '../model/problem-key.ts';
import type { Problem } from '../model/problem.ts';
import type { Echo } from '../plan/echo.ts';
import type { Plan } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import { isRejection } from '../plan/rejections.ts';

/** Adds to a plan what its rehearsals showed: a patch that the API server would refuse stops all of it. */
export function judgeHandover(plan: Plan, echoes: readonly Echo[]): Plan {
  const blockers = echoes.flatMap(({ rehearsal, result }): readonly Problem[] => {
    if (rehearsal.kind === 'set-flag' || result.ok) return [];
    const { cluster } = rehearsal.step;
    const problem = { ...result.problem, about: { cluster, ...result.problem.about } };
    return [{ ...problem, ...(isRejection(problem.code) ? {} : { unread: true }) }];
  });
  return blockers.length > 0 ? refused(eachOnce(blockers), plan.skips) : plan;
}
