import type { KubeCluster } from '../../kube/cluster/cluster.ts';
import { copyOf, sameJson } from '../../kube/object.ts';
import type { KubeObject } from '../../kube/object.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';

type Status = Record<string, unknown>;

/**
 * The status of the controller's Deployment: whether its process runs. Once it was rolled out again, its
 * ReplicaSets are counted, so that `kubectl rollout status` waits for the new pods.
 */
export function statusOf(cluster: KubeCluster, found: KubeObject, running: boolean): Status {
  const sets = cluster
    .list('replicasets.apps', found.metadata.namespace)
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ uid }) => uid === found.metadata.uid),
    )
    .toSorted((a, b) => revision(a) - revision(b));
  const current = sets.at(-1);
  return current && sets.length > 1
    ? rolledOut(found, sets, current, running)
    : steady(found, running);
}

function steady({ metadata, spec }: KubeObject, running: boolean): Status {
  const replicas: number = spec.replicas ?? 1;
  const ready = running ? replicas : 0;
  return {
    observedGeneration: metadata.generation,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: ready,
    availableReplicas: ready,
    unavailableReplicas: replicas - ready,
  };
}

function rolledOut(
  { metadata, spec, status }: KubeObject,
  sets: readonly KubeObject[],
  current: KubeObject,
  running: boolean,
): Status {
  const total = (field: string): number =>
    sets.reduce((sum, set) => sum + (set['status']?.[field] ?? 0), 0);
  const ready = running ? total('readyReplicas') : 0;
  const isSeen = sameJson(withoutHash(current['spec'].template), spec.template);
  return {
    observedGeneration: isSeen ? metadata.generation : status?.observedGeneration,
    replicas: total('replicas'),
    updatedReplicas: isSeen ? (current['status']?.replicas ?? 0) : 0,
    readyReplicas: ready,
    availableReplicas: ready,
    unavailableReplicas: Math.max(0, (spec.replicas ?? 1) - ready),
  };
}

const revision = ({ metadata }: KubeObject): number =>
  Number(metadata.annotations?.[REVISION] ?? 0);

function withoutHash(template: KubeObject): KubeObject {
  const plain = copyOf(template);
  delete plain.metadata.labels?.[HASH];
  return plain;
}
