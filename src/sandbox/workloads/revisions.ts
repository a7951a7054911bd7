import type { KubeCluster } from '../kube/cluster/cluster.ts';
import { copyOf, type KubeObject } from '../kube/object.ts';
import { templateHash } from './names.ts';
import { controllerManager } from './writers.ts';

const HASH = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';

/** The ReplicaSets of a Deployment, oldest revision first. */
export function setsOf(cluster: KubeCluster, deployment: KubeObject): KubeObject[] {
  const { namespace, uid } = deployment.metadata;
  return cluster
    .list('replicasets.apps', namespace)
    .filter((set) => set.metadata.ownerReferences?.some((owner) => owner.uid === uid))
    .sort((a, b) => revision(a) - revision(b));
}

function revision(object: KubeObject): number {
  return Number(object.metadata.annotations?.[REVISION] ?? 0);
}

/** The ReplicaSet of the Deployment's template, made or brought back as the newest revision. */
export function currentSet(cluster: KubeCluster, deployment: KubeObject): KubeObject {
  const hash = templateHash(deployment.spec.template);
  const sets = setsOf(cluster, deployment);
  const newest = sets.at(-1);
  const found = sets.find((set) => set.metadata.labels?.[HASH] === hash);
  if (!found && deployment.spec.paused && newest) return newest;
  const last = newest ? revision(newest) : 0;
  const number = found && found === newest ? last : last + 1;
  if (revision(deployment) !== number) {
    const next = copyOf(deployment);
    next.metadata.annotations = { ...next.metadata.annotations, [REVISION]: String(number) };
    // With the status, so that it counts no generation (pkg/controller/deployment/sync.go, getNewReplicaSet).
    cluster.update('deployments.apps', next, controllerManager, 'status');
  }
  if (!found) {
    const set = setFrom(deployment, hash, number);
    return cluster.create('replicasets.apps', set, controllerManager);
  }
  if (revision(found) === number) return found;
  const next = copyOf(found);
  next.metadata.annotations = { ...next.metadata.annotations, [REVISION]: String(number) };
  return cluster.update('replicasets.apps', next, controllerManager);
}

function setFrom(deployment: KubeObject, hash: string, number: number): KubeObject {
  const { namespace = 'default', name, uid = '' } = deployment.metadata;
  const { selector, template } = copyOf(deployment.spec);
  const labels = { ...template.metadata.labels, [HASH]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: { [REVISION]: String(number) },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name,
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      replicas: 0,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

/** Deletes idle ReplicaSets beyond revisionHistoryLimit, oldest first; `old` is in that order. */
export function forgetOldest(
  cluster: KubeCluster,
  deployment: KubeObject,
  old: readonly KubeObject[],
): void {
  const kept: number = deployment.spec.revisionHistoryLimit ?? 10;
  const idle = old.filter((set) => set.spec.replicas === 0 && !set.status?.replicas);
  for (const set of idle.slice(0, Math.max(0, idle.length - kept))) {
    const { namespace = '', name } = set.metadata;
    cluster.delete('replicasets.apps', namespace, name, controllerManager);
  }
}
