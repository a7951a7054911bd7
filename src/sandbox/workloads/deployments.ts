import type { Clock } from '../clock.ts';
import type { KubeCluster } from '../kube/cluster.ts';
import { copyOf, sameJson, timestamp, type KubeObject } from '../kube/object.ts';
import { deploymentStatus } from './deployment-status.ts';
import type { RecordEvent } from './events.ts';
import { templateHash } from './names.ts';
import { podsOf } from './replica-sets.ts';
import { nextSizes, rolloutRules, type Crew, type RolloutRules } from './rollout.ts';
import { keyOf, splitKey, workQueue } from './work-queue.ts';
import { controllerManager } from './writers.ts';

const REACTION_MS = 20;
const HASH = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';

/**
 * Keeps a ReplicaSet per template of each Deployment and moves pods from the old ones to the
 * current one within the strategy's bounds. `ownStatus` names Deployments whose status somebody
 * else writes. A rollout that is stuck is never called off: progressDeadlineSeconds is not counted.
 */
export function startDeployments(
  cluster: KubeCluster,
  clock: Clock,
  record: RecordEvent,
  ownStatus: (deployment: KubeObject) => boolean,
): { stop(): void } {
  const queue = workQueue(clock, REACTION_MS, (key) => {
    const { namespace, name } = splitKey(key);
    const deployment = cluster.get('deployments.apps', namespace, name);
    if (!deployment || deployment.metadata.deletionTimestamp) return;
    const rules = rolloutRules(deployment.spec);
    const current = currentSet(cluster, deployment);
    const old = setsOf(cluster, deployment).filter(
      (set) => set.metadata.uid !== current.metadata.uid,
    );
    if (!deployment.spec.paused || old.length === 0) {
      resize(cluster, deployment, rules, current, old, record);
    }
    forgetOldest(cluster, deployment, old);
    if (!ownStatus(deployment)) writeStatus(cluster, key, rules, current.metadata.name, clock);
  });

  const stops = [
    cluster.onChange('deployments.apps', ({ type, object }) => {
      if (type !== 'DELETED') queue.add(keyOf(object));
    }),
    ...['replicasets.apps', 'pods'].map((resource) =>
      cluster.onChange(resource, ({ object }) => {
        const owner = deploymentOf(cluster, object);
        if (owner) queue.add(owner);
      }),
    ),
    queue.stop,
  ];
  return { stop: () => stops.forEach((stop) => stop()) };
}

function deploymentOf(cluster: KubeCluster, object: KubeObject): string | undefined {
  const { namespace = '', ownerReferences = [] } = object.metadata;
  const owner = ownerReferences.find((one) => one.controller);
  if (owner?.kind === 'Deployment') return `${namespace}/${owner.name}`;
  const set = owner && cluster.get('replicasets.apps', namespace, owner.name);
  return set && set.metadata.uid !== object.metadata.uid ? deploymentOf(cluster, set) : undefined;
}

/** The ReplicaSets of a Deployment, oldest revision first. */
function setsOf(cluster: KubeCluster, deployment: KubeObject): KubeObject[] {
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
function currentSet(cluster: KubeCluster, deployment: KubeObject): KubeObject {
  const hash = templateHash(deployment.spec.template);
  const sets = setsOf(cluster, deployment);
  const newest = sets.at(-1);
  const found = sets.find((set) => set.metadata.labels?.[HASH] === hash);
  if (!found && deployment.spec.paused && newest) return newest;
  const number =
    found && found === newest ? revision(found) : revision(newest ?? found ?? deployment) + 1;
  if (revision(deployment) !== number) {
    const next = copyOf(deployment);
    next.metadata.annotations = { ...next.metadata.annotations, [REVISION]: String(number) };
    cluster.update('deployments.apps', next, controllerManager);
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

function resize(
  cluster: KubeCluster,
  deployment: KubeObject,
  rules: RolloutRules,
  current: KubeObject,
  old: readonly KubeObject[],
  record: RecordEvent,
): void {
  const alive = old.reduce((count, set) => count + podsOf(cluster, set).length, 0);
  const sizes = nextSizes(rules, crewOf(current), old.map(crewOf), alive);
  for (const set of [current, ...old]) {
    const size = sizes.get(set.metadata.name);
    const before: number = set.spec.replicas;
    if (size === undefined || size === before) continue;
    const next = copyOf(set);
    next.spec.replicas = size;
    cluster.update('replicasets.apps', next, controllerManager);
    record(deployment, {
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled ${size > before ? 'up' : 'down'} replica set ${set.metadata.name} from ${before} to ${size}`,
      from: 'deployment-controller',
    });
  }
}

function crewOf(set: KubeObject): Crew {
  const size: number = set.spec.replicas;
  return {
    name: set.metadata.name,
    size,
    available: Math.min(set.status?.availableReplicas ?? 0, size),
  };
}

function forgetOldest(
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

function writeStatus(
  cluster: KubeCluster,
  key: string,
  rules: RolloutRules,
  currentName: string,
  clock: Clock,
): void {
  const { namespace, name } = splitKey(key);
  const deployment = cluster.get('deployments.apps', namespace, name);
  if (!deployment) return;
  const sets = setsOf(cluster, deployment);
  const current = sets.find((set) => set.metadata.name === currentName);
  const old = sets.filter((set) => set !== current);
  const status = deploymentStatus(deployment, rules, current, old, timestamp(clock.date()));
  if (sameJson(status, deployment.status)) return;
  cluster.update(
    'deployments.apps',
    { ...copyOf(deployment), status },
    controllerManager,
    'status',
  );
}
