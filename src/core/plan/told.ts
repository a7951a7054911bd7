import { eachOnce } from '../model/problem-key.ts';
import type { Problem } from '../model/problem.ts';
import type { Plan } from './plan.ts';

/** What several plans have to tell beside their steps, each of it once. */
export function toldBy(
  plans: readonly Plan[],
): Pick<Plan, 'cautions' | 'notes' | 'settling' | 'skips'> {
  const all = (of: (plan: Plan) => readonly Problem[]): readonly Problem[] =>
    eachOnce(plans.flatMap(of));
  const notes = all((plan) => plan.notes ?? []);
  return {
    cautions: all(({ cautions }) => cautions),
    ...(notes.length > 0 ? { notes } : {}),
    settling: all(({ settling }) => settling),
    skips: all(({ skips }) => skips),
  };
}
