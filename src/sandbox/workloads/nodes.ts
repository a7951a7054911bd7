import type { AwsAccount } from '../aws/account.ts';
import type { Clock } from '../time/clock.ts';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import { copyOf, timestamp, type KubeObject } from '../kube/object.ts';
import { KUBERNETES_VERSION } from '../kube/version.ts';
import { conditionOf, withCondition, type Condition } from '../kube/conditions.ts';
import { kubelet } from './writers.ts';

export type NodeReadiness = 'True' | 'False' | 'Unknown';

/** A worker node and the instance under it. */
export interface WorkerNode {
  readonly name: string;
  readonly zone: string;
  readonly instanceId: string;
  /** Its InternalIP: the IPv6 address in a cluster of that family. */
  readonly ip: string;
  /** The network interface whose addresses the node's pods get. */
  readonly eniId: string;
}

/** Launches an instance in `zone` (such as `us-east-1a`) and registers it as a Ready node. */
export function addNode(
  { cluster, aws, clock }: { cluster: KubeCluster; aws: AwsAccount; clock: Clock },
  at: {
    readonly clusterName: string;
    readonly zone: string;
    readonly vpcId: string;
    readonly autoMode?: boolean | undefined;
  },
): WorkerNode {
  const { clusterName, zone, vpcId, autoMode = false } = at;
  const name = `${clusterName}-node`;
  const withIpv6 = cluster.ipFamily === 'IPv6';
  const instance = aws.network.launchInstance({ clusterName, zone, vpcId, name, withIpv6 });
  const now = timestamp(clock.date());
  const node = nodeObject({ ...instance, clusterName, zone, now, autoMode });
  cluster.create('nodes', node, kubelet);
  return {
    name: node.metadata.name,
    zone,
    instanceId: instance.instanceId,
    ip: instance.ipv6 ?? instance.privateIp,
    eniId: instance.eniId,
  };
}

/** The Ready node on an instance, as EKS would register it; `now` in RFC 3339. */
export function nodeObject(o: {
  readonly instanceId: string;
  readonly privateIp: string;
  readonly ipv6?: string;
  readonly clusterName: string;
  readonly zone: string;
  readonly now: string;
  /** Nodes of EKS Auto Mode are in no node group (EKS user guide, associate-workload.adoc). */
  readonly autoMode?: boolean;
}): KubeObject {
  const name = `ip-${o.privateIp.replaceAll('.', '-')}.ec2.internal`;
  const capacity = { cpu: '2', memory: '7934516Ki', pods: '29', 'ephemeral-storage': '20893676Ki' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'node.kubernetes.io/instance-type': 'm5.large',
        'topology.kubernetes.io/region': o.zone.slice(0, -1),
        'topology.kubernetes.io/zone': o.zone,
        ...(o.autoMode
          ? { 'eks.amazonaws.com/compute-type': 'auto' }
          : { 'eks.amazonaws.com/nodegroup': `${o.clusterName}-nodes` }),
      },
    },
    // The controller finds a node's instance by this id (pkg/k8s/node_utils.go).
    spec: { providerID: `aws:///${o.zone}/${o.instanceId}` },
    status: {
      addresses: [
        { type: 'InternalIP', address: o.ipv6 ?? o.privateIp },
        { type: 'InternalDNS', address: name },
        { type: 'Hostname', address: name },
      ],
      capacity,
      allocatable: capacity,
      conditions: withCondition([], readyCondition('True', o.now), o.now),
      nodeInfo: {
        architecture: 'amd64',
        operatingSystem: 'linux',
        kubeletVersion: KUBERNETES_VERSION,
        containerRuntimeVersion: 'containerd://1.7.27',
        kernelVersion: '6.1.147-172.266.amzn2023.x86_64',
        osImage: 'Amazon Linux 2023',
      },
    },
  };
}

/** Writes the node's Ready condition. `Unknown` is a node that the cluster lost contact with. */
export function writeNodeReady(
  cluster: KubeCluster,
  clock: Clock,
  name: string,
  status: NodeReadiness,
): void {
  const found = cluster.get('nodes', '', name);
  if (!found) throw new Error(`there is no node ${name} in ${cluster.name}`);
  const node = copyOf(found);
  const now = timestamp(clock.date());
  const conditions: Condition[] = node.status?.conditions ?? [];
  node.status = {
    ...node.status,
    conditions: withCondition(conditions, readyCondition(status, now), now),
  };
  cluster.update('nodes', node, kubelet, 'status');
}

/** Whether the node's Ready condition is True. */
export function isNodeReady(node: KubeObject | undefined): boolean {
  return conditionOf(node?.status?.conditions, 'Ready')?.status === 'True';
}

const READY_WORDS = {
  True: { reason: 'KubeletReady', message: 'kubelet is ready' },
  False: { reason: 'KubeletNotReady', message: 'kubelet is not ready' },
  Unknown: { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' },
} as const;

function readyCondition(status: NodeReadiness, lastHeartbeatTime: string): Condition {
  return { type: 'Ready', status, lastHeartbeatTime, ...READY_WORDS[status] };
}
