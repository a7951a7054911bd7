import type { ObjectName } from '../core/model/kubernetes.ts';
import { partOf } from '../core/observed/part-of.ts';
import { verifyEnd } from '../core/traffic/traffic-exit.ts';
import { verdictOf } from '../core/verify/verify.ts';
import { judge } from '../engine/judge.ts';
import type { Outcome } from '../engine/pipeline.ts';
import type { Wants } from '../engine/wants.ts';
import type { World } from '../engine/world.ts';

/**
 * The outcome of a run that reached its goals, with the verdict of verify on these clusters as its
 * end. The run's last observation, read for the same wants, is the first look. Raises Interrupted.
 */
export async function withVerdict(
  world: World,
  outcome: Outcome,
  o: {
    readonly wants: Wants;
    readonly service: ObjectName;
    readonly contexts: readonly string[];
    readonly timeoutMs: number;
  },
): Promise<Outcome> {
  const { report, seen } = outcome;
  if (report.exit !== 0 || !seen) return outcome;
  const asked = { service: o.service, minHealthy: 1, knownTargets: [], allowUnprotected: false };
  const first = partOf(seen, o.contexts);
  // Only what changes by itself is waited for: a cluster without pods stays as it is.
  const waits = verdictOf(first, asked).state === 'converging';
  const kube = world.kube.filter(({ context }) => o.contexts.includes(context));
  const { primary, ...rest } = o.wants;
  const stays = primary === undefined || o.contexts.includes(primary);
  const { observed, verdict } = await judge(
    { ...world, kube },
    stays ? o.wants : rest,
    asked,
    waits ? o.timeoutMs : undefined,
    first,
  );
  const end = verifyEnd(verdict, observed.clusters.length, undefined);
  const green = verdict.exit === 0;
  return {
    ...outcome,
    report: {
      ...report,
      exit: end.exit,
      result: green ? report.result : end.result,
      message: green ? `${report.message} ${end.message}` : end.message,
      problems: verdict.problems,
      cautions: [...report.cautions, ...verdict.cautions],
      skips: [...report.skips, ...verdict.skips],
      verdict,
    },
  };
}
