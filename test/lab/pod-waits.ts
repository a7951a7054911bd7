import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import type { KubeRest } from './kube-rest.ts';
import type { LabStage } from './stage.ts';

/** Where pods are waited for. */
export interface PodPlace {
  readonly context: string;
  readonly kube: KubeRest;
  readonly namespace: string;
  readonly until: LabStage['until'];
}

/**
 * Waits until these pods are Ready and, where a Service of the namespace has a selector, in its
 * EndpointSlices. Gives the address of each, in their order.
 */
export async function podsServe(place: PodPlace, names: readonly string[]): Promise<string[]> {
  const { context, kube, namespace, until } = place;
  const look = () => Promise.all(names.map((name) => kube.get('pods', namespace, name)));
  const addressOf = (pod: KubeObject | undefined): string => pod?.['status'].podIP ?? '';
  await until(`pods ${names.join(', ')} of ${context} are ready`, async () => {
    const pods = await look();
    if (!pods.every(isReady)) return false;
    const services = await kube.list('services', namespace);
    if (!services.some((service) => service['spec'].selector)) return true;
    const offered = await offeredIn(place);
    return pods.every((pod) => offered.has(addressOf(pod)));
  });
  return (await look()).map(addressOf);
}

/** Waits until these pods and their `addresses` are gone: no EndpointSlice offers them. */
export async function podsGone(
  place: PodPlace,
  names: readonly string[],
  addresses: readonly string[],
  isFree: (address: string) => boolean,
): Promise<void> {
  const { context, kube, namespace, until } = place;
  await until(`pods ${names.join(', ')} of ${context} are gone`, async () => {
    const left = (await kube.list('pods', namespace)).map(({ metadata }) => metadata.name);
    if (names.some((name) => left.includes(name)) || !addresses.every(isFree)) return false;
    const offered = await offeredIn(place);
    return !addresses.some((address) => offered.has(address));
  });
}

/** Addresses that an EndpointSlice of the namespace offers as ready. */
async function offeredIn({ kube, namespace }: PodPlace): Promise<ReadonlySet<string>> {
  const slices = await kube.list('endpointslices', namespace);
  return new Set(
    slices.flatMap(({ endpoints }) =>
      // An API server gives null for an empty list.
      ((endpoints ?? []) as { addresses: string[]; conditions: { ready: boolean } }[])
        .filter(({ conditions }) => conditions.ready)
        .flatMap(({ addresses }) => addresses),
    ),
  );
}

const isReady = (pod: KubeObject | undefined): boolean =>
  (pod?.['status']?.conditions ?? []).some(
    (one: { type: string; status: string }) => one.type === 'Ready' && one.status === 'True',
  );
