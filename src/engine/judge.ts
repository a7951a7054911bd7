import type { VerifyIntent } from '../core/model/intent.ts';
import type { ClusterView } from '../core/model/cluster-view.ts';
import type { Observed } from '../core/observed/observed.ts';
import type { Verdict } from '../core/plan/verdict.ts';
import type { Telling } from '../core/progress/told-by-kubernetes.ts';
import { hopelessAmong } from '../core/verify/hopeless.ts';
import { verdictOf } from '../core/verify/verify.ts';
import { observe } from './observe.ts';
import type { Wants } from './wants.ts';
import { watchesOf } from './watches.ts';
import { stopIfInterrupted, type World } from './world.ts';

/** A verdict with the observation that it was made from. */
export interface Judgement {
  readonly observed: Observed;
  readonly verdict: Verdict;
}

/**
 * Observes and judges; with `waitMs`, again and again until the verdict is good, that time is
 * up or waiting cannot help, and gives the last one. With `first`, that observation, read for these
 * wants, is the first look. Raises Interrupted.
 */
export async function judge(
  world: World,
  wants: Wants,
  intent: VerifyIntent,
  waitMs: number | undefined,
  first?: Observed,
): Promise<Judgement> {
  const started = world.now();
  const watches = watchesOf(world);
  try {
    let observed = first ?? (await observe(world, wants));
    for (;;) {
      const verdict = verdictOf(observed, intent);
      const elapsedMs = world.now() - started;
      if (verdict.exit === 0 || waitMs === undefined) return { observed, verdict };
      world.emit({ kind: 'judged', verdict, elapsedMs });
      if (elapsedMs >= waitMs || hopelessAmong(verdict.problems)) return { observed, verdict };
      await watches.pause(waitMs - elapsedMs, {
        observed,
        telling: observed.clusters.map(told),
      });
      stopIfInterrupted(world);
      observed = await observe(world, wants, observed);
    }
  } finally {
    watches.close();
  }
}

/** What tells that a cluster may have become ready: its Service and the bindings of that. */
const told = ({ context, localService }: ClusterView): Telling => ({
  cluster: context,
  service: localService,
  bindings: { of: localService },
});
