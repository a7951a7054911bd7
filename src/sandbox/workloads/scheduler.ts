import type { Clock } from '../time/clock.ts';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import { copyOf, timestamp, type KubeObject } from '../kube/object.ts';
import { matchesLabels } from '../kube/selectors.ts';
import { withCondition } from '../kube/conditions.ts';
import type { RecordEvent } from './events.ts';
import { isNodeReady } from './nodes.ts';
import { keyOf, splitKey, reconcileQueue } from './reconcile-queue.ts';
import { scheduler } from './writers.ts';

const SCHEDULING_MS = 20;

/**
 * Binds each new pod to the usable node with the fewest pods of its kind, then the fewest at all:
 * so replicas spread over zones. A pod that fits nowhere waits until a node changes.
 */
export function startScheduler(
  cluster: KubeCluster,
  clock: Clock,
  record: RecordEvent,
): { stop(): void } {
  const queue = reconcileQueue(clock, SCHEDULING_MS, (key) => {
    const { namespace, name } = splitKey(key);
    const pod = cluster.get('pods', namespace, name);
    if (!pod || pod.spec.nodeName || pod.metadata.deletionTimestamp) return;
    const node = chooseNode(cluster, pod);
    const next = copyOf(pod);
    if (!node) {
      if (next.status?.conditions?.length) return;
      const count = cluster.list('nodes').length;
      const message = `0/${count} nodes are available: no node is ready and takes this pod.`;
      next.status = { ...next.status, phase: 'Pending' };
      next.status.conditions = withCondition(
        [],
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
        timestamp(clock.date()),
      );
      cluster.update('pods', next, scheduler, 'status');
      record(pod, {
        type: 'Warning',
        reason: 'FailedScheduling',
        message,
        from: 'default-scheduler',
      });
      return;
    }
    next.spec.nodeName = node.metadata.name;
    cluster.update('pods', next, scheduler);
    record(pod, {
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${key} to ${node.metadata.name}`,
      from: 'default-scheduler',
    });
  });

  const stops = [
    cluster.onChange('pods', ({ type, object }) => {
      if (type === 'ADDED' && isWaiting(object)) queue.add(keyOf(object));
    }),
    cluster.onChange('nodes', () => {
      for (const pod of cluster.list('pods')) if (isWaiting(pod)) queue.add(keyOf(pod));
    }),
    () => queue.stop(),
  ];
  return { stop: () => stops.forEach((stop) => stop()) };
}

function isWaiting(pod: KubeObject): boolean {
  return !pod.spec.nodeName;
}

function chooseNode(cluster: KubeCluster, pod: KubeObject): KubeObject | undefined {
  const wanted = { matchLabels: pod.spec.nodeSelector ?? {} };
  const usable = cluster
    .list('nodes')
    .filter((node) => isNodeReady(node) && !node.spec.unschedulable)
    .filter((node) => matchesLabels(wanted, node.metadata.labels ?? {}));
  const owner = pod.metadata.ownerReferences?.[0]?.uid;
  const loads = new Map(usable.map(({ metadata }) => [metadata.name, 0]));
  for (const other of cluster.list('pods')) {
    const load = loads.get(other.spec.nodeName);
    if (load === undefined) continue;
    const isKin = owner && other.metadata.ownerReferences?.[0]?.uid === owner;
    loads.set(other.spec.nodeName, load + (isKin ? 1_001 : 1));
  }
  const load = (node: KubeObject): number => loads.get(node.metadata.name) ?? 0;
  return usable.sort(
    (a, b) => load(a) - load(b) || (a.metadata.name < b.metadata.name ? -1 : 1),
  )[0];
}
