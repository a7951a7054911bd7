import type { Endpoint, ObjectName } from '../core/model/kubernetes.ts';
import type { Reading } from '../core/model/problem.ts';
import { known } from '../core/model/problem.ts';
import { mapBounded } from './bounded.ts';
import type { KubeClient } from './client.ts';
import { readSlices } from './endpoint-slices.ts';
import { readNode } from './nodes.ts';
import { readPod } from './pods.ts';

/**
 * The endpoints of a Service with what is needed to judge whether the controller would register
 * them (`pkg/backend/endpoint_resolver.go`). Pods are read only where an endpoint is not ready and
 * not terminating: never a list of pods, which is ten times the size of the slices. Nodes only where
 * such a pod's containers are ready, or, when no endpoint at all is ready, for the controller's
 * fail-open. A pod or node that may not be read makes the whole answer unknown: it would decide.
 */
export async function readEndpoints(
  kube: KubeClient,
  service: ObjectName,
): Promise<Reading<readonly Endpoint[]>> {
  const slices = await readSlices(kube, service);
  if (!slices.ok || !slices.value.some(isWaiting)) return slices;
  const withPods = await every(slices.value, (endpoint) => addPod(kube, service, endpoint));
  if (!withPods.ok) return withPods;
  const someReady = withPods.value.some((endpoint) => endpoint.ready !== false);
  const asked = (endpoint: Endpoint): boolean =>
    isWaiting(endpoint) && (!someReady || endpoint.podContainersReady === true);
  const nodes = [...new Set(withPods.value.filter(asked).map((endpoint) => endpoint.node))];
  const states = await every(
    nodes.filter((name) => name !== undefined),
    async (name) => {
      const node = await readNode(kube, name);
      return node.ok ? known([name, node.value?.ready ?? 'Unknown'] as const) : node;
    },
  );
  if (!states.ok) return states;
  const readyOf = new Map(states.value);
  return known(
    withPods.value.map((endpoint) => {
      const nodeReady = asked(endpoint) ? readyOf.get(endpoint.node ?? '') : undefined;
      return nodeReady ? { ...endpoint, nodeReady } : endpoint;
    }),
  );
}

const isWaiting = (endpoint: Endpoint): boolean =>
  endpoint.ready === false && !endpoint.terminating && endpoint.pod !== undefined;

async function addPod(
  kube: KubeClient,
  service: ObjectName,
  endpoint: Endpoint,
): Promise<Reading<Endpoint>> {
  if (!isWaiting(endpoint) || endpoint.pod === undefined) return known(endpoint);
  const pod = await readPod(kube, { namespace: service.namespace, name: endpoint.pod });
  if (!pod.ok) return pod;
  // Gone since the slice was written: nothing of it is ready.
  const { containersReady, gatePending } = pod.value ?? {
    containersReady: false,
    gatePending: false,
  };
  return known({ ...endpoint, podContainersReady: containersReady, gatePending });
}

/** All values, or the first Problem. */
async function every<Item, Value>(
  items: readonly Item[],
  read: (item: Item) => Promise<Reading<Value>>,
): Promise<Reading<readonly Value[]>> {
  const readings = await mapBounded(items, read);
  const values: Value[] = [];
  for (const reading of readings) {
    if (!reading.ok) return reading;
    values.push(reading.value);
  }
  return known(values);
}
