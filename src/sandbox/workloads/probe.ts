import type { KubeCluster } from '../kube/cluster/cluster.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Kubelet } from './kubelet.ts';
import type { WorkerNode } from './nodes.ts';
import { isLost, listens, podAt, podsBehind, type Address } from './reach.ts';
import { answersCheck, type Serving } from './serving.ts';
import { speechOf, understood } from './speech.ts';

/** A target as a load balancer's health check requests it; the port is the one knocked at. */
export interface ProbeTarget extends Address {
  /** TCP, HTTP or HTTPS. */
  readonly protocol: string;
  /** Whether a proxy protocol header comes first. */
  readonly proxyProtocol?: boolean;
}

type Answer = 'ok' | 'refused' | 'timeout';

/**
 * How an address of this cluster answers a health check; undefined for an address that no pod and
 * no node here has. What security groups drop does not come here.
 */
export function probe(
  cluster: KubeCluster,
  nodes: readonly WorkerNode[],
  kubelet: Kubelet,
  target: ProbeTarget,
): Answer | undefined {
  const node = nodes.find((one) => one.instanceId === target.id);
  if (node) return probeNode(cluster, kubelet, node, target);
  const pod = podAt(cluster, target.id);
  return pod && probePod(cluster, kubelet, pod, target);
}

function probePod(
  cluster: KubeCluster,
  kubelet: Kubelet,
  pod: KubeObject,
  target: ProbeTarget,
): Answer | undefined {
  if (isLost(cluster, pod.spec.nodeName)) return 'timeout';
  const serving = kubelet.serving(pod.metadata.uid ?? '');
  return serving && answerAt(pod, serving, target.port, target);
}

/** The answer of a pod at one of its ports. */
function answerAt(
  pod: KubeObject,
  serving: Serving,
  port: number | undefined,
  check: ProbeTarget,
): Answer {
  const answer = answersCheck(serving, check.protocol);
  if (answer !== 'ok') return answer;
  return port !== undefined && listens(pod, port)
    ? understood(speechOf(pod, port), check)
    : 'refused';
}

function probeNode(
  cluster: KubeCluster,
  kubelet: Kubelet,
  node: WorkerNode,
  target: ProbeTarget,
): Answer {
  if (isLost(cluster, node.name)) return 'timeout';
  const behind = podsBehind(cluster, node, target.port);
  if (!behind || behind.pods.length === 0) return 'refused';
  if (behind.isHealthPort) return 'ok';
  const answers = behind.pods.map((pod) =>
    answerAt(pod, kubelet.serving(pod.metadata.uid ?? '') ?? 'refused', behind.portOf(pod), target),
  );
  return answers.includes('ok') ? 'ok' : (answers[0] ?? 'refused');
}
