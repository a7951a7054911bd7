import { exitOf } from '../core/plan/exit.ts';
import type { Progress } from '../core/plan/goal.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { ExitCode, Problem } from '../core/model/problem.ts';
import { clustersText, listed } from '../core/model/words.ts';
import type { Failed } from './run.ts';

/** Several clusters of which not all came to the required state. */
export interface Parted {
  readonly done: readonly string[];
  readonly notDone: readonly string[];
  /** Why: refused before the first write, or a write that failed. What is waited for is not in it. */
  readonly problems: readonly Problem[];
  /** The first write that failed. */
  readonly failed: Problem | undefined;
}

/**
 * Which of the clusters that do not wait for one another came to the required state. Undefined: all
 * of them, or the plan is not one of several clusters.
 */
export function partedClusters(
  { sideBySide, leftOut = [] }: Plan,
  progress: readonly Progress[],
  failed: readonly Failed[],
): Parted | undefined {
  if (!sideBySide) return undefined;
  const open = progress.flatMap(({ goal, state }) =>
    state === 'done' ? [] : 'cluster' in goal ? (goal.cluster ?? '') : '',
  );
  // What they share is open for all of them.
  const sharedOpen = open.some((cluster) => !sideBySide.includes(cluster));
  const stopped = new Set([
    ...(sharedOpen ? sideBySide : open),
    ...failed.map(({ cluster }) => cluster),
  ]);
  const done = sideBySide.filter((cluster) => !stopped.has(cluster));
  const notDone = [
    ...sideBySide.filter((cluster) => stopped.has(cluster)),
    ...leftOut.map(({ cluster }) => cluster),
  ];
  if (notDone.length === 0) return undefined;
  const failures = failed.flatMap(({ cluster, problem }): readonly Problem[] =>
    problem ? [{ ...problem, about: { cluster, ...problem.about } }] : [],
  );
  return {
    done,
    notDone,
    problems: [...leftOut.flatMap(({ problems }) => problems), ...failures],
    failed: failures[0],
  };
}

/** 7 where a cluster is done or something was written; else as of one cluster. */
export function exitOfParted(
  { done, failed }: Parted,
  reached: ExitCode,
  written: number,
): ExitCode {
  if (done.length > 0) return 7;
  if (failed) return exitOf({ kind: 'write-failed', problem: failed, done: written });
  return reached;
}

/** Where it is done and where not, as a sentence. */
export const partedText = ({ done, notDone }: Parted): string =>
  done.length === 0 ? '' : `Done in ${clustersText(done)}, not in ${listed(notDone)}.`;
