import { millisOf } from '../model/instant.ts';
import type { Binding, KubeEvent, ObjectName, Service } from '../model/kubernetes.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import { known, type Reading, valueOf } from '../model/problem.ts';

/** How many Warnings of one object are told. */
const MOST_TOLD = 3;
/** Longer messages are cut: what comes after is an encoded authorization failure or a whole policy. */
const MOST_LETTERS = 300;

/** The event that ends what was said before (LBC: pkg/k8s/events.go). */
export const SUCCESS = 'SuccessfullyReconciled';

type Named = ObjectName & { readonly kind: string; readonly uid?: string };

/** An object of the same name that was deleted meanwhile is another one. */
const isAbout = ({ about }: KubeEvent, { kind, namespace, name, uid }: Named): boolean =>
  about.kind === kind &&
  about.namespace === namespace &&
  about.name === name &&
  (uid === undefined || about.uid === undefined || about.uid === uid);

const newestFirst = (events: readonly KubeEvent[]): readonly KubeEvent[] =>
  events.toSorted((a, b) => millisOf(b.at) - millisOf(a.at));

/** The newest event of each reason. */
function byReason(events: readonly KubeEvent[]): readonly KubeEvent[] {
  const told = new Map<string, KubeEvent>();
  for (const event of newestFirst(events)) {
    if (!told.has(event.reason)) told.set(event.reason, event);
  }
  return [...told.values()];
}

/**
 * The last Warnings of an object, newest first, one of each reason, at most three. Those that are
 * not newer than the controller's last success are over: it retries until it succeeds, and says so.
 */
export function lastWarnings(events: readonly KubeEvent[], object: Named): readonly KubeEvent[] {
  const own = events.filter((event) => isAbout(event, object));
  const success = newestFirst(own.filter(({ reason }) => reason === SUCCESS))[0];
  const since = success ? millisOf(success.at) : -Infinity;
  return byReason(own.filter(({ type, at }) => type === 'Warning' && millisOf(at) > since)).slice(
    0,
    MOST_TOLD,
  );
}

/** `45s`, `2m`, `3h`: from one time to another, both ISO 8601. */
export function age(at: string, now: string): string {
  const seconds = Math.max(0, Math.round((millisOf(now) - millisOf(at)) / 1000));
  if (seconds < 60) return `${seconds}s`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)}m` : `${Math.floor(seconds / 3600)}h`;
}

/** The transport's part of an AWS error tells nothing: the error's own name and words follow it. */
const shortened = (message: string): string => {
  const text = message
    .replaceAll(/https response error StatusCode: \d+, RequestID: [\w-]*, /g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
};

/** Events as lines: `Warning FailedDeployModel 2m ago: …`; `now` is when they were read. */
export const eventLines = (events: readonly KubeEvent[], now: string): readonly string[] =>
  events.map(
    ({ type, reason, at, message }) =>
      `${type} ${reason}${at === '' ? '' : ` ${age(at, now)} ago`}: ${shortened(message)}`,
  );

const eventsIn = ({ events }: ClusterView, namespace: string): readonly KubeEvent[] => {
  const read = events?.[namespace];
  return (read && valueOf(read)) ?? [];
};

/**
 * The first time that the controller said of this Service that it has reconciled it, by the API server's
 * clock, of each process that said so; or why events could not be read. Undefined: they were not read.
 */
export function firstSuccesses(
  { events }: ClusterView,
  service: Service,
): Reading<readonly string[]> | undefined {
  const read = events?.[service.namespace];
  if (!read?.ok) return read;
  return known(
    read.value
      .filter(
        (event) => event.reason === SUCCESS && isAbout(event, { ...service, kind: 'Service' }),
      )
      .flatMap(({ createdAt }) => createdAt ?? []),
  );
}

/** The last Warnings of a Service; none where events could not be read. */
export const serviceWarnings = (cluster: ClusterView, service: Service | ObjectName) =>
  lastWarnings(eventsIn(cluster, service.namespace), { ...service, kind: 'Service' });

/** The last Warnings of a binding; none where events could not be read. */
export const bindingWarnings = (cluster: ClusterView, binding: Binding | ObjectName) =>
  lastWarnings(eventsIn(cluster, binding.namespace), { ...binding, kind: 'TargetGroupBinding' });

/** The last Warnings of the local Service's pods; read, and so told, only where none is ready. */
export function podWarnings({ podWords }: ClusterView): readonly KubeEvent[] {
  const words = podWords && valueOf(podWords);
  return words ? byReason(words.events).slice(0, MOST_TOLD) : [];
}
