import type { KubeCluster } from '../kube/cluster/cluster.ts';
import type { KubeObject } from '../kube/object.ts';
import { conditionOf } from '../kube/conditions.ts';
import type { WorkerNode } from './nodes.ts';
import { isReady } from './pod-status.ts';
import { servesPod, targetPort, type ServedPort } from './service-endpoints.ts';

/** Where a load balancer knocks: an IP address or an instance id, and a port. */
export interface Address {
  readonly id: string;
  /** The VPC in which the address is; of this cluster's unless named. */
  readonly vpcId?: string;
  readonly port: number;
}

interface ContainerPort {
  readonly containerPort: number;
  readonly protocol?: string;
}

/** What a port of a node leads to. */
export interface Behind {
  /** Ready pods of the Service; with the policy Local only those on the node. */
  readonly pods: readonly KubeObject[];
  /** Whether the Service's traffic policy is Local. */
  readonly local: boolean;
  /** The port of such a pod that the Service leads to; undefined where the pod has none of that name. */
  portOf(pod: KubeObject): number | undefined;
  /** True for the healthCheckNodePort, where kube-proxy itself answers. */
  readonly isHealthPort: boolean;
}

/** Follows kube-proxy from a node port over TCP; undefined where no Service has that port. */
export function podsBehind(
  cluster: KubeCluster,
  node: WorkerNode,
  port: number,
): Behind | undefined {
  for (const service of cluster.list('services')) {
    const { spec } = service;
    const local = spec.externalTrafficPolicy === 'Local';
    const byPort = ((spec.ports ?? []) as ServedPort[]).find(
      (one) => one.nodePort === port && (one.protocol ?? 'TCP') === 'TCP',
    );
    const isHealthPort = local && spec.healthCheckNodePort === port;
    if (!byPort && !isHealthPort) continue;
    const pods = cluster
      .list('pods', service.metadata.namespace)
      .filter((pod) => servesPod(service, pod) && isReady(pod) && !pod.metadata.deletionTimestamp)
      .filter((pod) => !local || pod.spec.nodeName === node.name);
    const portOf = (pod: KubeObject): number | undefined => byPort && targetPort(byPort, pod);
    return { pods, local, portOf, isHealthPort };
  }
  return undefined;
}

/** Whether a container of the pod takes TCP connections at the port. */
export function listens(pod: KubeObject, port: number | undefined): boolean {
  const declared = pod.spec.containers.flatMap(
    (container: { ports?: ContainerPort[] }) => container.ports ?? [],
  ) as ContainerPort[];
  // Declared ports are only a note in Kubernetes; here they say what the container listens on.
  if (declared.length === 0) return port !== undefined;
  return declared.some(
    ({ containerPort, protocol = 'TCP' }) => containerPort === port && protocol === 'TCP',
  );
}

/** A node that does not report answers no request. */
export function isLost(cluster: KubeCluster, name: string): boolean {
  const node = cluster.get('nodes', '', name);
  return conditionOf(node?.status?.conditions, 'Ready')?.status === 'Unknown';
}

const byAddress = new WeakMap<KubeCluster, { at: number; pods: ReadonlyMap<string, KubeObject> }>();

/** The pod with an address. The index is made again when pods have changed: thousands are probed in turn. */
export function podAt(cluster: KubeCluster, address: string): KubeObject | undefined {
  const at = cluster.store.changedAt('pods');
  let found = byAddress.get(cluster);
  if (found?.at !== at) {
    const pods = cluster.list('pods').toReversed();
    found = { at, pods: new Map(pods.map((pod) => [pod.status?.podIP, pod])) };
    byAddress.set(cluster, found);
  }
  return found?.pods.get(address);
}
