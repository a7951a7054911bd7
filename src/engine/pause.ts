import type { World } from './world.ts';

/** The first looks come soon, for what is quick. */
const FIRST_MS = 500;
/** After that, AWS is spared: its controllers in all clusters share the account's limits on requests. */
const LONGEST_MS = 5_000;
/** Up to so much more or less, so that runs that began together do not go on asking together. */
const JITTER = 0.2;
/** Looks are never closer than that, whatever is told; each makes requests to AWS as well. */
const LEAST_MS = { soon: 250, later: 2_000 };
/** What is quick is over by then. */
const SOON_MS = 10_000;

/**
 * How long to wait before look `n` (from 1 on), at most `leftMs`. After ten seconds, looks are never closer than
 * four seconds, and never farther apart than six: a wait ends that soon after what it waits for.
 */
export function pauseBefore({ random }: Pick<World, 'random'>, n: number, leftMs: number): number {
  const pause = Math.min(FIRST_MS * 1.5 ** (n - 1), LONGEST_MS);
  const jitter = 1 + JITTER * (2 * (random?.() ?? 0.5) - 1);
  return Math.max(1, Math.min(pause * jitter, leftMs));
}

/** Whether a wait that began `elapsedMs` ago is still at its beginning. */
const isSoon = (elapsedMs: number): boolean => elapsedMs < SOON_MS;

/** How long a pause is at least that begins `elapsedMs` after the wait, also where Kubernetes has told of a change. */
export const leastBefore = (elapsedMs: number): number =>
  isSoon(elapsedMs) ? LEAST_MS.soon : LEAST_MS.later;

/**
 * Whether a look that is brought forward to `elapsedMs` after the beginning of the wait, and takes `lookMs`, leaves the one
 * that is due at `dueMs` where it is. At the beginning it may put it off, by that little time.
 */
export const leavesTheNext = (o: {
  readonly elapsedMs: number;
  readonly lookMs: number;
  readonly dueMs: number;
}): boolean =>
  isSoon(o.elapsedMs) || o.elapsedMs + o.lookMs + leastBefore(o.elapsedMs + o.lookMs) <= o.dueMs;
