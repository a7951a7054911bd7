import type { KubeObject } from '../kube/object.ts';
import { conditionOf, withCondition, type Condition } from '../kube/conditions.ts';
import type { RolloutRules } from './rollout.ts';

const total = (sets: readonly KubeObject[], field: string): number =>
  sets.reduce((sum, set) => sum + (set.status?.[field] ?? 0), 0);

/** A Deployment's status from its ReplicaSets (pkg/controller/deployment/sync.go). */
export function deploymentStatus(
  deployment: KubeObject,
  rules: RolloutRules,
  current: KubeObject | undefined,
  old: readonly KubeObject[],
  now: string,
): Record<string, unknown> {
  const all = current ? [current, ...old] : old;
  const available = total(all, 'availableReplicas');
  const replicas = total(all, 'replicas');
  const updated = current?.status?.replicas ?? 0;
  const done =
    updated === rules.replicas && replicas === updated && available === rules.replicas && current;
  const words: Condition[] = [
    available >= rules.replicas - rules.maxUnavailable
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
    {
      type: 'Progressing',
      status: 'True',
      reason: done ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
      message: `ReplicaSet "${current?.metadata.name ?? ''}" ${done ? 'has successfully progressed' : 'is progressing'}.`,
    },
  ];
  const before: Condition[] = deployment.status?.conditions ?? [];
  const unavailable = Math.max(0, rules.replicas - available);
  return {
    observedGeneration: deployment.metadata.generation,
    replicas,
    updatedReplicas: updated,
    readyReplicas: total(all, 'readyReplicas'),
    availableReplicas: available,
    ...(unavailable ? { unavailableReplicas: unavailable } : {}),
    conditions: words.reduce((list, word) => noted(list, word, now), before),
  };
}

/** A condition that says what it said before stays as it is, its lastUpdateTime too. */
function noted(list: Condition[], word: Condition, now: string): Condition[] {
  const before = conditionOf(list, word.type);
  const same =
    before?.status === word.status &&
    before.reason === word.reason &&
    before.message === word.message;
  return same ? list : withCondition(list, { ...word, lastUpdateTime: now }, now);
}
