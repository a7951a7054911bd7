import type { Problem } from '../../src/core/model/problem.ts';
import { ProblemError } from '../../src/core/model/problem.ts';
import type { Plan } from '../../src/core/plan/plan.ts';

/** What is wrong somewhere, and the Problems that the program really raises for it. */
export type Situations = Readonly<Record<string, () => readonly Problem[]>>;

/** All that a plan has to say, but for checks that were skipped: their hints are in the problem that they skip. */
export const saidBy = ({
  blockers,
  cautions,
  settling,
  unmended = [],
  notes = [],
}: Plan): readonly Problem[] => [...blockers, ...cautions, ...settling, ...unmended, ...notes];

/** The Problem that a call throws. */
export function thrownBy(call: () => unknown): readonly Problem[] {
  try {
    call();
  } catch (error) {
    if (error instanceof ProblemError) return [error.problem];
    throw error;
  }
  return [];
}
