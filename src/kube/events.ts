import type { KubeEvent, PodWords, Service } from '../core/model/kubernetes.ts';
import type { Reading } from '../core/model/problem.ts';
import { known } from '../core/model/problem.ts';
import type { KubeClient } from './client.ts';
import { defined, type Json, objectAt, textAt } from './json.ts';
import { readList } from './list.ts';
import { pathOf } from './paths.ts';

/** Kinds whose events are kept: what the controller reconciles. */
const kept = new Set(['Service', 'TargetGroupBinding']);

/**
 * Events of a namespace about Services and bindings, Normal ones too: a later success is what ends a
 * Warning. One request: field selectors cannot say "this kind or that one", so only the pods' own
 * events, by far the most, are left out by the server.
 */
export async function listEvents(
  kube: KubeClient,
  namespace: string,
): Promise<Reading<readonly KubeEvent[]>> {
  const read = await list(kube, namespace, 'involvedObject.kind!=Pod');
  return read.ok ? known(read.value.filter(({ about }) => kept.has(about.kind))) : read;
}

/**
 * The pods that a Service selects, and the Warnings about them. Pods without an address are in no
 * EndpointSlice, so they are listed by the selector; a Service without one has no pods.
 */
export async function readPodWords(
  kube: KubeClient,
  { namespace, selector }: Service,
): Promise<Reading<PodWords>> {
  const labelSelector = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  if (labelSelector === '') return known({ names: [], events: [] });
  const subject = { verb: 'list', resource: 'pods', namespace } as const;
  const [pods, events] = await Promise.all([
    readList(kube, subject, pathOf('pods', { namespace }), { labelSelector }),
    list(kube, namespace, 'involvedObject.kind=Pod,type=Warning'),
  ]);
  if (!pods.ok) return pods;
  if (!events.ok) return events;
  const names = new Set(pods.value.map((pod) => textAt(objectAt(pod, 'metadata'), 'name') ?? ''));
  return known({
    names: [...names],
    events: events.value.filter(({ about }) => names.has(about.name)),
  });
}

async function list(
  kube: KubeClient,
  namespace: string,
  fieldSelector: string,
): Promise<Reading<readonly KubeEvent[]>> {
  const subject = { verb: 'list', resource: 'events', namespace } as const;
  const path = pathOf('events', { namespace });
  const read = await readList(kube, subject, path, { fieldSelector });
  return read.ok ? known(read.value.map(eventOf)) : read;
}

/**
 * An event that was recorded through events.k8s.io has no `lastTimestamp`, but `eventTime` and, once
 * repeated, `series` (api/core/v1/types.go).
 */
function eventOf(item: Json): KubeEvent {
  const about = objectAt(item, 'involvedObject');
  return {
    about: defined({
      kind: textAt(about, 'kind') ?? '',
      namespace: textAt(about, 'namespace') ?? '',
      name: textAt(about, 'name') ?? '',
      uid: textAt(about, 'uid'),
    }),
    type: textAt(item, 'type') ?? '',
    reason: textAt(item, 'reason') ?? '',
    message: textAt(item, 'message') ?? '',
    ...defined({ createdAt: textAt(objectAt(item, 'metadata'), 'creationTimestamp') }),
    at:
      textAt(objectAt(item, 'series'), 'lastObservedTime') ??
      textAt(item, 'lastTimestamp') ??
      textAt(item, 'eventTime') ??
      textAt(objectAt(item, 'metadata'), 'creationTimestamp') ??
      '',
  };
}
