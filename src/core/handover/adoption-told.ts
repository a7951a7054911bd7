import { taggedNote } from '../model/handover.ts';
import { nameText } from '../model/kubernetes.ts';
import type { Problem } from '../model/problem.ts';
import { firstSuccesses, SUCCESS } from '../observed/events.ts';
import { type Told, toldOfAdoption } from '../progress/adoption-event.ts';
import type { HandoverCase } from './handover-case.ts';
import { isAdopted, isNoted } from './standing.ts';

/** What events say of the adoption by the taker; undefined: its tags have not settled yet, or the handover is over. */
export function adoptionTold({ observed, to }: HandoverCase): Told | undefined {
  const note = taggedNote(to?.clusterName);
  if (!to?.found || !isNoted(to, note)) return undefined;
  return toldOfAdoption(observed, to.cluster, to.found, note, { now: observed.at });
}

/** Why the adoption is not shown by an event: what the Service, its bindings and AWS show has to do. */
export function adoptionUnseen(subject: HandoverCase): readonly Problem[] {
  const why = whyUnseen(subject);
  const { to } = subject;
  if (why === undefined || !to) return [];
  const { service, cluster } = to;
  return [
    {
      code: 'reconcile-failed',
      message: `Not checked: that the controller of ${cluster.context} says of Service ${nameText(service)}, in an event (${SUCCESS}), that it has taken the load balancer on: ${why}. What counts is that it manages the Service with this load balancer, has acted on its bindings, and makes no other for a minute.`,
      about: { cluster: cluster.context, service },
    },
  ];
}

function whyUnseen(subject: HandoverCase): string | undefined {
  const { to } = subject;
  if (!isAdopted(subject)) {
    // What cannot be read now will not be read then.
    const events = to?.found && firstSuccesses(to.cluster, to.found);
    return events && !events.ok ? events.problem.message : undefined;
  }
  const told = adoptionTold(subject);
  if (told?.kind === 'silent') return 'it has not said so yet';
  return told?.kind === 'unknown' ? told.why : undefined;
}
