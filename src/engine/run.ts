import type { Hint } from '../core/model/hint.ts';
import type { Problem } from '../core/model/problem.ts';
import type { Observed } from '../core/observed/observed.ts';
import type { Goal, Progress } from '../core/plan/goal.ts';
import type { Write } from '../core/plan/report.ts';
import { awaitGoals } from './await.ts';
import type { Change } from './change.ts';
import type { Decision } from './decide.ts';
import { observe } from './observe.ts';
import type { World } from './world.ts';

/** One of several clusters that did not get to the end of its steps. */
export interface Failed {
  readonly cluster: string;
  /** What its last write met. */
  readonly problem?: Problem;
  /** How far the wait came that its next steps depend on. */
  readonly progress?: readonly Progress[];
}

/** What a run has come to so far: enough for a report at any moment. */
export interface Run {
  decision?: Decision;
  writes: Write[];
  /** Writes that were sent and are not answered yet: after an interruption, their result is unknown. */
  sending: number;
  /** Of several clusters side by side, those that the others go on without. */
  failed: Failed[];
  /** The command that goes on from here. */
  rerun?: Hint;
  progress: readonly Progress[];
  /** What was seen last while waiting. */
  seen?: Observed;
  /** When the first wait began, ms since 1970: all waits of a run share its timeout. */
  waitsSince?: number;
}

/** How long the waits of a run may last in all, ms. */
export const timeoutOf = (change: Change, { decision }: Run): number =>
  (decision && change.timeoutFor?.(decision.plan)) ?? change.timeoutMs;

/** Waits for goals, as long as is left of the run's time; gives how far they came. Raises Interrupted. */
export async function waitFor(
  world: World,
  change: Change,
  run: Run,
  o: {
    readonly goals: readonly Goal[];
    readonly observed: Observed;
    readonly first?: Observed;
    readonly sideBySide?: readonly string[];
  },
): Promise<readonly Progress[]> {
  run.waitsSince ??= world.now();
  let reached: readonly Progress[] = [];
  await awaitGoals(world, {
    goals: o.goals,
    timeoutMs: Math.max(1, timeoutOf(change, run) - (world.now() - run.waitsSince)),
    ...(o.first ? { first: o.first } : {}),
    ...(o.sideBySide ? { sideBySide: o.sideBySide } : {}),
    observe: (before) => observe(world, { ...change.wants, waiting: true }, before ?? o.observed),
    seen: (progress, observed) => {
      reached = progress;
      run.progress = progress;
      run.seen = observed;
    },
  });
  return reached;
}
