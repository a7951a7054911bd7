import { millisOf } from '../model/instant.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Service } from '../model/kubernetes.ts';
import { valueOf } from '../model/problem.ts';
import { firstSuccesses } from '../observed/events.ts';
import type { Observed } from '../observed/observed.ts';

/** How long an API server keeps an event (kube-apiserver, --event-ttl). */
const KEPT_MS = 3_600_000;

/**
 * What the events say of an adoption. `reconciled`: a process of the controller that started after the tags
 * settled has deployed the Service. `silent`: it has not said so yet. `unknown`: nothing can be told from
 * them, and why.
 */
export type Told =
  | { readonly kind: 'reconciled' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'unknown'; readonly why: string };

const unknown = (why: string): Told => ({ kind: 'unknown', why });

/**
 * LBC says `SuccessfullyReconciled` at the end of a pass, when load balancer, listeners, bindings and status
 * are as it wants them (controllers/service/service_controller.go, v2.10.0 to v3.5.0). A process makes a new
 * Event for what it says for the first time, and counts up only those that it made itself (client-go,
 * tools/record/events_cache.go). No controller manages the Service from its release to the adoption, so an
 * Event that was made since the processes of the controller started is one of theirs. The time of the note is
 * as good, and is that of one API server with the Event.
 */
export function toldOfAdoption(
  { handover }: Observed,
  cluster: ClusterView,
  service: Service,
  note: string,
  o: {
    readonly now: string;
    /** Whether it is known that no controller managed the Service a moment ago: its event is to come. */
    readonly fresh?: boolean;
  },
): Told {
  const written = service.handoverNote;
  if (written?.value !== note) return unknown('the note of the handover is not on the Service');
  const successes = firstSuccesses(cluster, service);
  if (!successes) return unknown('events have not been read');
  if (!successes.ok) return unknown(successes.problem.message);
  const controller = handover?.controllers[cluster.context];
  const started = ((controller && valueOf(controller)?.pods) ?? []).flatMap(
    ({ startedAt }) => startedAt ?? [],
  );
  const since = Math.min(...[written.at, ...started].map(millisOf));
  if (successes.value.some((at) => millisOf(at) >= since)) return { kind: 'reconciled' };
  if (o.fresh !== true && millisOf(o.now) - since > KEPT_MS) {
    return unknown('an API server keeps an event for an hour');
  }
  return { kind: 'silent' };
}
