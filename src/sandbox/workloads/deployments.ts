import type { Clock } from '../time/clock.ts';
import type { KubeCluster } from '../kube/cluster/cluster.ts';
import { copyOf, sameJson, timestamp, withoutZeros, type KubeObject } from '../kube/object.ts';
import { deploymentStatus } from './deployment-status.ts';
import type { RecordEvent } from './events.ts';
import { podsOf } from './replica-sets.ts';
import { currentSet, forgetOldest, setsOf } from './revisions.ts';
import { nextSizes, rolloutRules, type Crew, type RolloutRules } from './rollout.ts';
import { keyOf, splitKey, reconcileQueue } from './reconcile-queue.ts';
import { controllerManager } from './writers.ts';

const REACTION_MS = 20;

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
  const queue = reconcileQueue(clock, REACTION_MS, (key) => {
    const { namespace, name } = splitKey(key);
    const deployment = cluster.get('deployments.apps', namespace, name);
    if (!deployment || deployment.metadata.deletionTimestamp) return;
    const rules = rolloutRules(deployment.spec);
    const current = currentSet(cluster, deployment);
    const old = setsOf(cluster, deployment).filter(
      (set) => set.metadata.uid !== current.metadata.uid,
    );
    // Paused in the middle of a rollout, everything stays as it is.
    if (!deployment.spec.paused || old.every((set) => set.spec.replicas === 0)) {
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
    () => queue.stop(),
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
  const status = withoutZeros(
    deploymentStatus(deployment, rules, current, old, timestamp(clock.date())),
  );
  if (sameJson(status, deployment.status)) return;
  cluster.update(
    'deployments.apps',
    { ...copyOf(deployment), status },
    controllerManager,
    'status',
  );
}
