import type { KubeCluster } from '../kube/cluster.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Kubelet, Serving } from './kubelet.ts';
import { conditionOf } from './conditions.ts';
import type { WorkerNode } from './nodes.ts';
import { isReady } from './pod-status.ts';
import { servesPod } from './service-endpoints.ts';

/** A target as a load balancer's health check asks for it. */
export interface ProbeTarget {
  /** An IP address or an instance id. */
  readonly id: string;
  /** The port that is knocked at: the health check's. */
  readonly port: number;
}

/**
 * How an address of this cluster answers a connection; undefined for an address that no pod and no
 * node here has. Security groups are not looked at.
 */
export function probe(
  cluster: KubeCluster,
  nodes: readonly WorkerNode[],
  kubelet: Kubelet,
  target: ProbeTarget,
): Serving | undefined {
  const node = nodes.find((one) => one.instanceId === target.id);
  if (node) return probeNode(cluster, kubelet, node, target.port);
  const pod = cluster.list('pods').find((one) => one.status?.podIP === target.id);
  return pod && probePod(cluster, kubelet, pod, target.port);
}

function probePod(
  cluster: KubeCluster,
  kubelet: Kubelet,
  pod: KubeObject,
  port: number,
): Serving | undefined {
  if (isLost(cluster, pod.spec.nodeName)) return 'timeout';
  const serving = kubelet.serving(pod.metadata.uid ?? '');
  if (serving !== 'ok') return serving;
  const listening: number[] = pod.spec.containers.flatMap(
    (container: { ports?: { containerPort: number }[] }) =>
      (container.ports ?? []).map((one) => one.containerPort),
  );
  // Declared ports are only a note in Kubernetes; here they say what the container listens on.
  return listening.length === 0 || listening.includes(port) ? 'ok' : 'refused';
}

/** Follows kube-proxy: a node port leads to ready pods, with the policy Local to the node's own. */
function probeNode(
  cluster: KubeCluster,
  kubelet: Kubelet,
  node: WorkerNode,
  port: number,
): Serving {
  if (isLost(cluster, node.name)) return 'timeout';
  for (const service of cluster.list('services')) {
    const { spec } = service;
    const local = spec.externalTrafficPolicy === 'Local';
    const byPort = (spec.ports ?? []).find((one: { nodePort?: number }) => one.nodePort === port);
    const asksHealth = local && spec.healthCheckNodePort === port;
    if (!byPort && !asksHealth) continue;
    const ready = cluster
      .list('pods', service.metadata.namespace)
      .filter((pod) => servesPod(service, pod) && isReady(pod) && !pod.metadata.deletionTimestamp)
      .filter((pod) => !local || pod.spec.nodeName === node.name);
    if (ready.length === 0) return 'refused';
    if (asksHealth) return 'ok';
    const answers = ready.map((pod) => kubelet.serving(pod.metadata.uid ?? ''));
    return answers.includes('ok') ? 'ok' : (answers[0] ?? 'refused');
  }
  return 'refused';
}

/** A node of which nothing is heard answers nobody. */
function isLost(cluster: KubeCluster, name: string): boolean {
  const node = cluster.get('nodes', '', name);
  return conditionOf(node?.status?.conditions, 'Ready')?.status === 'Unknown';
}
