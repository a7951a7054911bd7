import type { Plan } from './plan.ts';
import type { Problem } from '../model/problem.ts';

/** A plan that does nothing, and why. */
export const refused = (blockers: readonly Problem[], skips: readonly Problem[] = []): Plan => ({
  steps: [],
  documents: [],
  rehearsals: [],
  goals: [],
  blockers,
  cautions: [],
  settling: [],
  skips,
});
