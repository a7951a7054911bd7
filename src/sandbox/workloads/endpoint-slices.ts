import type { Clock } from '../time/clock.ts';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import { copyOf, sameJson, type KubeObject } from '../kube/object.ts';
import { nameSuffix } from './names.ts';
import {
  endpointGroups,
  servesPod,
  type EndpointGroup,
  type EndpointPort,
} from './service-endpoints.ts';
import { keyOf, splitKey, reconcileQueue } from './reconcile-queue.ts';
import { controllerManager } from './writers.ts';

const REACTION_MS = 100;
/** kube-controller-manager's default of --max-endpoints-per-slice. */
const SLICE_SIZE = 100;
const SERVICE_NAME = 'kubernetes.io/service-name';
const SLICES = 'endpointslices.discovery.k8s.io';

/** Keeps the EndpointSlices of every Service with a selector. */
export function startEndpointSlices(cluster: KubeCluster, clock: Clock): { stop(): void } {
  let made = 0;
  const zoneOf = (node: string): string | undefined =>
    cluster.get('nodes', '', node)?.metadata.labels?.['topology.kubernetes.io/zone'];

  const queue = reconcileQueue(clock, REACTION_MS, (key) => {
    const { namespace, name } = splitKey(key);
    const service = cluster.get('services', namespace, name);
    // The slices of a Service that is gone are collected by their owner reference.
    if (!service || !service.spec.selector) return;
    const groups = endpointGroups(service, cluster.list('pods', namespace), zoneOf);
    // A Service without any endpoint keeps one empty slice, as in a real cluster.
    const wanted = groups.length > 0 ? groups.flatMap(cut) : [{ ports: [], endpoints: [] }];
    const spare = cluster
      .list(SLICES, namespace)
      .filter((slice) => slice.metadata.labels?.[SERVICE_NAME] === name);
    for (const group of wanted) {
      const at = spare.findIndex((slice) => samePorts(slice.ports, group.ports));
      const slice = spare.splice(at === -1 ? 0 : at, 1)[0];
      const next = slice
        ? { ...copyOf(slice), ...copyOf(group) }
        : newSlice(service, group, `${name}-${nameSuffix(`${cluster.name}/${key}/${made++}`, 5)}`);
      if (!slice) cluster.create(SLICES, next, controllerManager);
      else if (
        !sameJson(
          { ...slice, endpoints: slice['endpoints'] ?? [], ports: slice['ports'] ?? [] },
          next,
        )
      )
        cluster.update(SLICES, next, controllerManager);
    }
    for (const slice of spare) {
      cluster.delete(SLICES, namespace, slice.metadata.name, controllerManager);
    }
  });

  const stops = [
    cluster.onChange('services', ({ type, object }) => {
      if (type !== 'DELETED') queue.add(keyOf(object));
    }),
    cluster.onChange('pods', ({ object, old }) => {
      for (const service of cluster.list('services', object.metadata.namespace)) {
        if ([object, old].some((pod) => pod && servesPod(service, pod))) queue.add(keyOf(service));
      }
    }),
    cluster.onChange(SLICES, ({ type, object }) => {
      const name = object.metadata.labels?.[SERVICE_NAME];
      if (type !== 'ADDED' && name) queue.add(`${object.metadata.namespace}/${name}`);
    }),
    () => queue.stop(),
  ];
  return { stop: () => stops.forEach((stop) => stop()) };
}

function cut(group: EndpointGroup): EndpointGroup[] {
  const count = Math.ceil(group.endpoints.length / SLICE_SIZE);
  return Array.from({ length: count }, (_, i) => ({
    ports: group.ports,
    endpoints: group.endpoints.slice(i * SLICE_SIZE, (i + 1) * SLICE_SIZE),
  }));
}

function samePorts(a: readonly EndpointPort[] | null, b: readonly EndpointPort[]): boolean {
  return sameJson(a ?? [], b);
}

function newSlice(service: KubeObject, group: EndpointGroup, name: string): KubeObject {
  const { namespace = 'default', uid = '', labels } = service.metadata;
  return copyOf({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name,
      namespace,
      labels: {
        ...labels,
        [SERVICE_NAME]: service.metadata.name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [
        {
          apiVersion: 'v1',
          kind: 'Service',
          name: service.metadata.name,
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    addressType: service.spec.ipFamilies?.[0] ?? 'IPv4',
    ...group,
    ports: [...group.ports],
    endpoints: [...group.endpoints],
  });
}
