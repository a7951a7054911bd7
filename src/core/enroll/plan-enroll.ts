import { assumingShared } from '../enable/assumed.ts';
import { planEnable } from '../enable/plan-enable.ts';
import { planJoins } from '../join/plan-joins.ts';
import type { EnableIntent, JoinIntent } from '../model/intent.ts';
import type { Templates } from '../model/templates.ts';
import type { Observed } from '../observed/observed.ts';
import { partOf } from '../observed/part-of.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { refused } from '../plan/refused.ts';
import { holds } from '../progress/holds.ts';
import { toldBy } from '../plan/told.ts';
import { inEnroll } from './in-enroll.ts';

/** What a person requires of `enroll`. */
export interface EnrollIntent {
  /** The cluster that is to share its target groups; undefined where a load balancer is named instead. */
  readonly enable: EnableIntent | undefined;
  /** One for each cluster that is to join. */
  readonly joins: readonly JoinIntent[];
}

/** What `enable` does before clusters may join: its steps, and the wait until sharing holds. */
const first = ({ steps, goals }: Plan): readonly Step[] => [
  ...steps,
  { kind: 'wait', goals, replans: true },
];

/**
 * Decides how an enrollment is made from its start: the primary shares its target groups, and when
 * that holds, clusters join side by side. While sharing does not hold yet, the joins are planned as
 * if it did; the wait between makes the run plan them again from what is there then. A primary that
 * cannot share refuses all; a cluster that cannot join is left out.
 */
export function planEnroll(observed: Observed, intent: EnrollIntent, templates: Templates): Plan {
  const { enable, joins } = intent;
  const planned = (seen: Observed): Plan =>
    inEnroll(
      planJoins(seen, joins, templates),
      joins.map(({ context }) => context),
    );
  if (!enable) return planned(observed);
  const sharing = planEnable(partOf(observed, [enable.context]), enable);
  if (sharing.blockers.length > 0) return sharing;
  // Without a step, too: a run that was killed after its write may be followed by one before the controller acts.
  const shares = holds(sharing, observed);
  const changes = shares
    ? []
    : [...sharing.steps, ...sharing.goals].flatMap((one) =>
        one.kind === 'annotate-service' ||
        one.kind === 'set-flag' ||
        one.kind === 'binding-multi-cluster'
          ? [one]
          : [],
      );
  const joining = planned(assumingShared(observed, changes));
  const told = toldBy([sharing, joining]);
  if (joining.blockers.length > 0) return refused(joining.blockers, told.skips);
  return {
    ...joining,
    steps: [...(shares ? [] : first(sharing)), ...joining.steps],
    documents: [
      ...sharing.documents,
      ...joining.documents.map((document) => ({ ...document, after: enable.context })),
    ],
    rehearsals: [...sharing.rehearsals, ...joining.rehearsals],
    goals: [...sharing.goals, ...joining.goals],
    ...told,
  };
}
