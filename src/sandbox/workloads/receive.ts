import type { KubeCluster } from '../kube/cluster/cluster.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Kubelet } from './kubelet.ts';
import type { WorkerNode } from './nodes.ts';
import { speechOf, type Speech } from './speech.ts';
import { isLost, listens, podAt, podsBehind, type Address } from './reach.ts';

/** A connection that a load balancer hands to one of its targets. */
export interface Arriving extends Address {
  /** The source address that the target sees. */
  readonly client: string;
  /** From 0 up to 1: chooses among the pods behind a node port. */
  readonly dice: number;
}

/** What becomes of it. */
export type Received =
  | { readonly kind: 'refused' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'accepted'; readonly pod: ReceivingPod; readonly client: string };

/** The pod at the end of a connection. */
export interface ReceivingPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The image of its first container. */
  readonly image: string;
  /** What it expects at the port that was reached. */
  readonly speech: Speech;
  /** Whether it answers requests now: false for a process that hangs. */
  answers(): boolean;
}

/**
 * Which pod of this cluster takes a connection, and as whose it sees it; undefined for an address
 * that no workload here has. What security groups drop does not come here.
 */
export function receive(
  cluster: KubeCluster,
  nodes: readonly WorkerNode[],
  kubelet: Kubelet,
  arriving: Arriving,
): Received | undefined {
  const node = nodes.find((one) => one.instanceId === arriving.id);
  if (node) return throughNode(cluster, kubelet, node, arriving);
  const pod = podAt(cluster, arriving.id);
  if (!pod) return undefined;
  if (!listens(pod, arriving.port)) return { kind: 'refused' };
  return atPod(cluster, kubelet, pod, arriving);
}

function throughNode(
  cluster: KubeCluster,
  kubelet: Kubelet,
  node: WorkerNode,
  { port, client, dice }: Arriving,
): Received {
  if (isLost(cluster, node.name)) return { kind: 'lost' };
  const behind = podsBehind(cluster, node, port);
  const pod = behind?.pods[Math.floor(dice * behind.pods.length)];
  const target = pod && behind?.portOf(pod);
  if (!behind || behind.isHealthPort || !pod || target === undefined) return { kind: 'refused' };
  if (!listens(pod, target)) return { kind: 'refused' };
  // With the policy Cluster kube-proxy puts the node's address in the place of the client's.
  const seen = behind.local ? client : node.ip;
  return atPod(cluster, kubelet, pod, { port: target, client: seen });
}

function atPod(
  cluster: KubeCluster,
  kubelet: Kubelet,
  pod: KubeObject,
  { port, client }: Pick<Arriving, 'port' | 'client'>,
): Received {
  if (isLost(cluster, pod.spec.nodeName)) return { kind: 'lost' };
  const { namespace = '', name, uid = '' } = pod.metadata;
  switch (kubelet.serving(uid)) {
    case 'refused':
    case 'checks-only':
    case undefined:
      return { kind: 'refused' };
    case 'timeout':
      return { kind: 'lost' };
    case 'ok':
    case 'stuck':
      break;
  }
  const answers = (): boolean => {
    const serving = kubelet.serving(uid);
    return serving === 'ok' || serving === 'checks-only';
  };
  const image: string = pod.spec.containers[0]?.image ?? '';
  const speech = speechOf(pod, port);
  return { kind: 'accepted', pod: { namespace, name, uid, image, speech, answers }, client };
}
