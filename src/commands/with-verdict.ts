import type { ObjectName } from '../core/model/kubernetes.ts';
import { partOf } from '../core/observed/part-of.ts';
import { verifyEnd } from '../core/traffic/traffic-exit.ts';
import { verdictOf } from '../core/verify/verify.ts';
import type { VerifyIntent } from '../core/model/intent.ts';
import type { Observed } from '../core/observed/observed.ts';
import { judge, type Judgement } from '../engine/judge.ts';
import type { Outcome } from '../engine/pipeline.ts';
import type { Wants } from '../engine/wants.ts';
import type { World } from '../engine/world.ts';

/** What verify is asked after a run, and how long to wait for what is on its way, ms. */
interface Asked {
  readonly wants: Wants;
  readonly service: ObjectName;
  readonly contexts: readonly string[];
  readonly timeoutMs: number;
}

/**
 * The outcome of a run that reached its goals, with the verdict of verify on these clusters as its
 * end. The run's last observation, read for the same wants, is the first look. Raises Interrupted.
 */
export async function withVerdict(world: World, outcome: Outcome, o: Asked): Promise<Outcome> {
  const { report, seen } = outcome;
  if (report.exit !== 0 || !seen) return outcome;
  const asked = { service: o.service, minHealthy: 1, knownTargets: [], allowUnprotected: false };
  const first = partOf(seen, o.contexts);
  const now: Judgement = { observed: first, verdict: verdictOf(first, asked) };
  // Only what changes by itself is waited for: a cluster without pods stays as it is.
  const { observed, verdict } =
    now.verdict.state === 'converging' ? await settled(world, asked, o, first) : now;
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

/** The verdict once nothing converges any more, or the time is up. The clusters are those that stay. */
function settled(
  world: World,
  asked: VerifyIntent,
  { wants, contexts, timeoutMs }: Asked,
  first: Observed,
): Promise<Judgement> {
  const kube = world.kube.filter(({ context }) => contexts.includes(context));
  const { primary, ...rest } = wants;
  const stays = primary === undefined || contexts.includes(primary);
  return judge({ ...world, kube }, stays ? wants : rest, asked, timeoutMs, first);
}
