import type { AwsAccount } from '../aws/account.ts';
import type { Clock } from '../time/clock.ts';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import { controllerPods, isControllerDeployment } from './controller-pods.ts';
import { startDeployments } from './deployments.ts';
import { startEndpointSlices } from './endpoint-slices.ts';
import { eventRecorder } from './events.ts';
import { startKubelet } from './kubelet.ts';
import { addNode, writeNodeReady, type NodeReadiness, type WorkerNode } from './nodes.ts';
import { accessLine, podLogs, type AccessLogEntry } from './pod-logs.ts';
import { probe, type ProbeTarget } from './probe.ts';
import type { Address } from './reach.ts';
import { receive, type Arriving, type Received } from './receive.ts';
import { startReplicaSets } from './replica-sets.ts';
import { startScheduler } from './scheduler.ts';
import type { Serving } from './serving.ts';

/** The kubelets and controllers of one cluster, and what a test or a demonstration can do to them. */
export interface Workloads {
  readonly nodes: readonly WorkerNode[];
  readonly vpcId: string;
  /** A node that is not ready takes its pods out of Services; `Unknown` also cuts its network. */
  setNodeReady(name: string, status: NodeReadiness): void;
  /** How a running pod answers. A readiness probe notices after its own thresholds. Throws for a pod that does not run. */
  setPodServing(name: string, serving: Serving, namespace?: string): void;
  /** Whether the process in the pods of the load balancer controller runs; said again, its containers were restarted. */
  setControllerRunning(running: boolean): void;
  /** Notes a request that a pod answered in its log. */
  logRequest(
    pod: { readonly namespace: string; readonly name: string },
    entry: AccessLogEntry,
  ): void;
  /** How one of this cluster's addresses answers a health check; undefined when it has no such address. */
  probe(target: ProbeTarget): 'ok' | 'refused' | 'timeout' | undefined;
  /** Who takes a connection to one of this cluster's addresses; undefined when it has no such address. */
  receive(arriving: Arriving): Received | undefined;
  stop(): void;
}

/**
 * Starts kubelets, scheduler and controllers for a cluster: Deployments, ReplicaSets, pods with
 * addresses from the nodes' network interfaces, EndpointSlices. Reacts to the store and to the
 * clock only. What lived on a node that is lost is not evicted.
 */
export function startWorkloads(o: {
  readonly cluster: KubeCluster;
  readonly aws: AwsAccount;
  readonly clock: Clock;
  readonly clusterName: string;
  readonly nodes: readonly { readonly zone: string }[];
  /** Whether EKS Auto Mode runs the nodes. */
  readonly autoMode?: boolean;
  /** Where the nodes are: in the first VPC of the account, unless another is named. */
  readonly vpcId?: string;
}): Workloads {
  const { cluster, clock, vpcId = o.aws.network.vpcId } = o;
  const record = eventRecorder(cluster, clock);
  const logs = podLogs(clock);
  const { clusterName, autoMode } = o;
  const nodes = o.nodes.map(({ zone }) => addNode(o, { clusterName, zone, vpcId, autoMode }));
  const kubelet = startKubelet({ ...o, nodes, vpcId, record, logs });
  const controller = controllerPods(cluster, kubelet);
  const parts = [
    startScheduler(cluster, clock, record),
    startDeployments(cluster, clock, record, isControllerDeployment),
    startReplicaSets(cluster, clock),
    startEndpointSlices(cluster, clock),
    controller,
    kubelet,
  ];
  const uidOf = (namespace: string, name: string): string =>
    cluster.get('pods', namespace, name)?.metadata.uid ?? '';
  cluster.podLogs = (namespace, name) => logs.lines(uidOf(namespace, name));

  /** Another VPC may have the same addresses. */
  const isElsewhere = (at: Address): boolean => at.vpcId !== undefined && at.vpcId !== vpcId;

  return {
    nodes,
    vpcId,
    setNodeReady: (name, status) => writeNodeReady(cluster, clock, name, status),
    setPodServing(name, serving, namespace = 'default') {
      const pod = cluster.get('pods', namespace, name);
      if (!pod) throw new Error(`there is no pod ${namespace}/${name} in ${cluster.name}`);
      kubelet.setServing(pod, serving);
    },
    setControllerRunning: (running) => controller.setRunning(running),
    logRequest: ({ namespace, name }, entry) =>
      logs.append(uidOf(namespace, name), accessLine(entry)),
    probe: (target) => (isElsewhere(target) ? undefined : probe(cluster, nodes, kubelet, target)),
    receive: (arriving) =>
      isElsewhere(arriving) ? undefined : receive(cluster, nodes, kubelet, arriving),
    stop: () => parts.forEach((part) => part.stop()),
  };
}
