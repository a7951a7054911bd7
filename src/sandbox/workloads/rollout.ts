/** A ReplicaSet as the rollout sees it. */
export interface Crew {
  readonly name: string;
  readonly size: number;
  readonly available: number;
}

export interface RolloutRules {
  readonly replicas: number;
  readonly type: 'RollingUpdate' | 'Recreate';
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** `25%` or a number, of `replicas`; a share is rounded up for surge and down for unavailable. */
function amount(value: unknown, replicas: number, round: (n: number) => number): number {
  const share = /^(\d+)%$/.exec(String(value))?.[1];
  return share === undefined ? Number(value) : round((Number(share) / 100) * replicas);
}

/** A Deployment's strategy in whole pods, with Kubernetes' defaults of 25 %. */
export function rolloutRules(spec: {
  replicas?: number;
  strategy?: { type?: string; rollingUpdate?: { maxSurge?: unknown; maxUnavailable?: unknown } };
}): RolloutRules {
  const replicas = spec.replicas ?? 1;
  const rolling = spec.strategy?.rollingUpdate;
  const maxSurge = amount(rolling?.maxSurge ?? '25%', replicas, Math.ceil);
  const maxUnavailable = amount(rolling?.maxUnavailable ?? '25%', replicas, Math.floor);
  return {
    replicas,
    type: spec.strategy?.type === 'Recreate' ? 'Recreate' : 'RollingUpdate',
    maxSurge,
    // With both at nought nothing could ever move (pkg/controller/deployment/util).
    maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/**
 * The sizes that the ReplicaSets shall have now, by name. At most `maxSurge` pods more than asked
 * exist, and what is available never falls below `replicas - maxUnavailable` by our doing.
 * Follows pkg/controller/deployment/rolling.go. `alive` counts the pods of old ReplicaSets that
 * still exist: Recreate waits for the last of them.
 */
export function nextSizes(
  rules: RolloutRules,
  current: Crew,
  old: readonly Crew[],
  alive: number,
): Map<string, number> {
  const sizes = new Map([current, ...old].map((crew) => [crew.name, crew.size]));
  if (rules.type === 'Recreate') {
    for (const crew of old) sizes.set(crew.name, 0);
    if (alive === 0) sizes.set(current.name, rules.replicas);
    return sizes;
  }

  const total = current.size + sum(old.map((crew) => crew.size));
  const room = rules.replicas + rules.maxSurge - total;
  const missing = rules.replicas - current.size;
  if (missing < 0) sizes.set(current.name, rules.replicas);
  else if (room > 0) sizes.set(current.name, current.size + Math.min(room, missing));

  // The new pods that are not available yet are counted as lost already.
  const floor = rules.replicas - rules.maxUnavailable;
  let spare = total - floor - (current.size - current.available);
  for (const crew of old) {
    const unhealthy = Math.min(crew.size - crew.available, Math.max(spare, 0));
    sizes.set(crew.name, crew.size - unhealthy);
    spare -= unhealthy;
  }
  let removable = current.available + sum(old.map((crew) => crew.available)) - floor;
  for (const crew of old) {
    const size = sizes.get(crew.name) ?? 0;
    const cut = Math.min(size, Math.max(removable, 0));
    sizes.set(crew.name, size - cut);
    removable -= cut;
  }
  return sizes;
}
