import type { Clock } from '../time/clock.ts';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import { copyOf, sameJson, withoutZeros, type KubeObject } from '../kube/object.ts';
import { matchesLabels } from '../kube/selectors.ts';
import { nameSuffix } from './names.ts';
import { isLive, isReady } from './pod-status.ts';
import { keyOf, splitKey, reconcileQueue } from './reconcile-queue.ts';
import { controllerManager } from './writers.ts';

const REACTION_MS = 20;

/** The pods that a ReplicaSet owns, those that are ending included. */
export function podsOf(cluster: KubeCluster, replicaSet: KubeObject): KubeObject[] {
  const { namespace, uid } = replicaSet.metadata;
  return cluster
    .list('pods', namespace)
    .filter((pod) => pod.metadata.ownerReferences?.some((owner) => owner.uid === uid));
}

/** Keeps as many pods as each ReplicaSet requests, and its status true. */
export function startReplicaSets(cluster: KubeCluster, clock: Clock): { stop(): void } {
  let made = 0;

  const queue = reconcileQueue(clock, REACTION_MS, (key) => {
    const { namespace, name } = splitKey(key);
    const replicaSet = cluster.get('replicasets.apps', namespace, name);
    if (!replicaSet || replicaSet.metadata.deletionTimestamp) return;
    const active = podsOf(cluster, replicaSet).filter(
      (pod) => isLive(pod) && !pod.metadata.deletionTimestamp,
    );
    const wanted: number = replicaSet.spec.replicas ?? 1;
    for (let i = active.length; i < wanted; i++) {
      const suffix = nameSuffix(`${cluster.name}/${key}/${made++}`, 5);
      cluster.create('pods', podFrom(replicaSet, `${name}-${suffix}`), controllerManager);
    }
    for (const pod of leastUseful(active).slice(0, Math.max(0, active.length - wanted))) {
      cluster.delete('pods', namespace, pod.metadata.name, controllerManager);
    }
    writeStatus(cluster, replicaSet);
  });

  const stops = [
    cluster.onChange('replicasets.apps', ({ type, object }) => {
      if (type !== 'DELETED') queue.add(keyOf(object));
    }),
    cluster.onChange('pods', ({ object }) => {
      const owner = object.metadata.ownerReferences?.find((one) => one.kind === 'ReplicaSet');
      if (owner) queue.add(`${object.metadata.namespace}/${owner.name}`);
    }),
    () => queue.stop(),
  ];
  return { stop: () => stops.forEach((stop) => stop()) };
}

function podFrom(replicaSet: KubeObject, name: string): KubeObject {
  const { template } = replicaSet.spec;
  return copyOf({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: replicaSet.metadata.namespace ?? 'default',
      labels: template.metadata?.labels,
      ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: replicaSet.metadata.name,
          uid: replicaSet.metadata.uid ?? '',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: template.spec,
  });
}

/** Pods in the order in which scaling down takes them: not ready first, then the youngest. */
function leastUseful(pods: readonly KubeObject[]): KubeObject[] {
  return [...pods].sort((a, b) => usefulness(a) - usefulness(b) || (bornLater(a, b) ? -1 : 1));
}

function usefulness(pod: KubeObject): number {
  if (isReady(pod)) return 2;
  return pod.spec.nodeName ? 1 : 0;
}

function bornLater(a: KubeObject, b: KubeObject): boolean {
  return (a.metadata.creationTimestamp ?? '') > (b.metadata.creationTimestamp ?? '');
}

function writeStatus(cluster: KubeCluster, replicaSet: KubeObject): void {
  const { namespace = '', name } = replicaSet.metadata;
  const latest = cluster.get('replicasets.apps', namespace, name);
  if (!latest) return;
  const active = podsOf(cluster, latest).filter(
    (pod) => isLive(pod) && !pod.metadata.deletionTimestamp,
  );
  const labels = latest.spec.template.metadata?.labels ?? {};
  const ready = active.filter(isReady).length;
  const counts = {
    observedGeneration: latest.metadata.generation,
    replicas: active.length,
    fullyLabeledReplicas: active.filter((pod) =>
      matchesLabels({ matchLabels: labels }, pod.metadata.labels ?? {}),
    ).length,
    readyReplicas: ready,
    availableReplicas: ready,
  };
  const status = withoutZeros(counts, ['replicas']);
  if (sameJson(status, latest.status)) return;
  cluster.update('replicasets.apps', { ...copyOf(latest), status }, controllerManager, 'status');
}
