import { planLeave } from '../leave/plan-leave.ts';
import type { LeaveIntent } from '../model/intent.ts';
import type { Observed } from '../observed/observed.ts';
import { partFor } from '../observed/part-of.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import { toldBy } from '../plan/told.ts';
import { inReplace } from './in-replace.ts';

/** No endpoint is nothing that could take another cluster's place. */
export function empty({ cautions, notes = [] }: Plan): Plan | undefined {
  const found = [...cautions, ...notes].filter(({ code }) => code === 'no-endpoints');
  return found.length > 0 ? refused(found) : undefined;
}

/** Whether the endpoints of the new cluster are known only once its Service is made. */
export const makesService = ({ steps }: Plan): boolean =>
  steps.some(({ kind }) => kind === 'create-service');

/** How the old cluster leaves; what a person may accept of it is an option of the replace. */
export function leaveOf(world: Observed, leaves: LeaveIntent): Plan {
  const plan = planLeave(partFor(world, leaves), leaves);
  return {
    ...plan,
    blockers: plan.blockers.map(inReplace),
    cautions: plan.cautions.map(inReplace),
  };
}

/** All plans as one: what follows a wait is planned again when the wait is over. */
export function inOrder(plans: readonly Plan[], open: boolean): Plan {
  const last = plans.length - 1;
  const all = <T>(of: (plan: Plan) => readonly T[]): readonly T[] => plans.flatMap(of);
  const later = all((plan) => plan.later ?? []);
  const capacity = all((plan) => plan.capacity ?? []);
  return {
    steps: plans.flatMap(({ steps, goals }, index): readonly Step[] => [
      ...steps,
      ...(index < last || open ? [{ kind: 'wait' as const, goals, replans: true as const }] : []),
    ]),
    ...(later.length > 0 ? { later } : {}),
    documents: [],
    rehearsals: all(({ rehearsals }) => rehearsals),
    // What an open end waits for is its last step.
    goals: open ? [] : (plans.at(-1)?.goals ?? []),
    blockers: [],
    ...toldBy(plans),
    ...(capacity.length > 0 ? { capacity } : {}),
  };
}
