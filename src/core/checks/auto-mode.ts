import { flavours } from '../model/flavours.ts';
import { bindingsOf } from '../observed/enrollment.ts';
import type { Observed } from '../observed/observed.ts';
import type { Plan } from '../plan/plan.ts';
import type { Problem } from '../model/problem.ts';
import { listed } from '../model/words.ts';

/** That these clusters, at least one, have a controller with which nlbmc has never been tested. */
export const untested = (contexts: readonly string[]): Problem => ({
  code: 'flavour-unverified',
  message: `${listed(contexts)} ${contexts.length === 1 ? 'uses' : 'use'} EKS Auto Mode (eks.amazonaws.com/v1). What nlbmc does with it is unverified against AWS: this version has been tested in the practice world only.`,
  ...(contexts.length === 1 && contexts[0] !== undefined
    ? { about: { cluster: contexts[0] } }
    : {}),
});

/** The clusters in which a controller that is not tested has bindings of the enrollment; one problem, or none. */
export function untestedMembers(observed: Observed): readonly Problem[] {
  const contexts = observed.clusters
    .filter((cluster) =>
      Object.keys(observed.targetGroups)
        .flatMap((arn) => bindingsOf(cluster, arn))
        .some(({ flavour }) => !flavours[flavour].tested),
    )
    .map(({ context }) => context);
  return contexts.length === 0 ? [] : [untested(contexts)];
}

/** The plan with the note that a controller is not tested, unless the plan says so already. */
export function withUntested(observed: Observed, plan: Plan): Plan {
  const said = [
    ...plan.blockers,
    ...plan.cautions,
    ...(plan.notes ?? []),
    ...(plan.unmended ?? []),
  ];
  if (said.some(({ code }) => code === 'flavour-unverified')) return plan;
  const notes = untestedMembers(observed);
  return notes.length === 0 ? plan : { ...plan, notes: [...(plan.notes ?? []), ...notes] };
}
