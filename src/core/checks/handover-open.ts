import { nameText } from '../model/kubernetes.ts';
import type { Problem } from '../model/problem.ts';
import { handoverUnderWay } from '../observed/handover-under-way.ts';
import type { Observed } from '../observed/observed.ts';
import { handoverBegunHints } from './handover-begun.ts';

/** What is said of a handover that has begun and has not come to its end; undefined: none has. */
export function openText(observed: Observed): string | undefined {
  const open = handoverUnderWay(observed);
  if (!open) return undefined;
  const where = open.noted.map(
    ({ service, cluster }) => `${nameText(service)} of ${cluster.context}`,
  );
  return `A handover has begun and has not come to its end (${where.join(', ')}${open.back ? '; it is on its way back' : ''}): phase ${open.done} is done. The last note of it is of ${open.at}. Do not change tags, labels or Services by hand before it has ended.`;
}

/** The same where a Service owns the load balancer already, or no cluster is to: it serves, and is not at its end. */
export function handoverOpen(observed: Observed): readonly Problem[] {
  const message = openText(observed);
  if (message === undefined) return [];
  const about = { service: observed.service };
  return [{ code: 'handover-open', message, about, hints: handoverBegunHints(observed) }];
}
