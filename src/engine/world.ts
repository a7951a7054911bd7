import type { AwsClient } from '../aws/connect.ts';
import type { readLoadBalancer } from '../aws/load-balancers.ts';
import type { readTargetGroups } from '../aws/target-groups.ts';
import type { Emit } from '../core/plan/event.ts';
import type { KubeClient } from '../kube/client.ts';

/** What the engine works with: connections, the clock, and `emit`, which receives progress. */
export interface World {
  /** In the order in which the clusters were named. */
  readonly kube: readonly KubeClient[];
  readonly aws: AwsClient;
  /** What several observations of one run read once; absent: each reads for itself. */
  readonly shared?: {
    readonly targetGroups: typeof readTargetGroups;
    readonly loadBalancer: typeof readLoadBalancer;
  };
  readonly emit: Emit;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 up to 1; absent: pauses are always the same. */
  readonly random?: () => number;
  readonly signal?: AbortSignal;
}

/** SIGINT or SIGTERM has stopped the run. */
export class Interrupted extends Error {}

/**
 * Raises Interrupted once the signal has aborted. Adapters answer an abort with a problem like any
 * other, so the engine asks here after each level of reads, before it uses them.
 */
export function stopIfInterrupted(world: Pick<World, 'signal'>): void {
  if (world.signal?.aborted) throw new Interrupted('interrupted');
}

/** The connection to a cluster by its context. A plan that names an unknown context is a defect. */
export function clientOf(world: Pick<World, 'kube'>, context: string): KubeClient {
  const client = world.kube.find((one) => one.context === context);
  if (!client) throw new Error(`there is no connection to ${context}`);
  return client;
}
