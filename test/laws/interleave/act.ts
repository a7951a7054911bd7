import { StatusError } from '../../../src/sandbox/kube/status-error.ts';
import type { WorldCluster } from '../../../src/sandbox/world.ts';
import type { Name, Scene } from './scene.ts';

/**
 * Something that happens. `churn` is everyday life, which nlbmc has to bear with at any time; `hand`
 * is what a person does past nlbmc, whose consequences are their own.
 */
export interface Act {
  readonly kind: 'churn' | 'hand';
  readonly weight: number;
  /** Where it happens; without it, everywhere. */
  readonly on?: readonly Name[];
  /** `n` (0 to 999) is what else varies. */
  readonly play: (scene: Scene, cluster: Name, n: number) => void;
}

export const person = { actor: 'person', manager: 'kubectl-edit', internal: true };
export const minutes = (n: number): number => n * 60_000;

export const merge = (
  cluster: WorldCluster,
  resource: string,
  name: string,
  body: object,
): void => {
  cluster.kube.patch(resource, 'default', name, { type: 'merge', body }, person);
};

const lost = new WeakSet<WorldCluster>();

/** Whether a cluster does not exist any more: nothing happens there. */
export const isLost = (cluster: WorldCluster): boolean => lost.has(cluster);

/** From now on it does not exist any more. */
export const lose = (cluster: WorldCluster): void => void lost.add(cluster);

/** Acts in a cluster, as long as it exists. */
const there =
  (play: (scene: Scene, cluster: WorldCluster, n: number) => void): Act['play'] =>
  (scene, name, n) => {
    const cluster = scene.world.cluster(name);
    if (!isLost(cluster)) play(scene, cluster, n);
  };

/** Lets a person's mistakes be refused: the server may know better. */
function tried(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}

export const churn = (
  weight: number,
  play: (scene: Scene, cluster: WorldCluster, n: number) => void,
): Act => ({
  kind: 'churn',
  weight,
  play: there(play),
});

export const hand = (
  weight: number,
  play: (scene: Scene, cluster: WorldCluster, n: number) => void,
  on?: readonly Name[],
): Act => ({
  kind: 'hand',
  weight,
  ...(on ? { on } : {}),
  play: there((scene, cluster, n) => tried(() => play(scene, cluster, n))),
});
