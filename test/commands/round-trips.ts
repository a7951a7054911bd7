import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../../src/sandbox/server.ts';

/** Requests that were sent together arrive within this time; only then are they answered. */
const QUIET_MS = 400;

/**
 * Counts the levels of requests of a run: how often something was sent that had to wait for an
 * earlier answer. All requests are held back until no more arrive, and answered together. With
 * `last`, counting ends with the first real write of that verb, since what follows is waiting.
 */
export async function roundTrips(
  sandbox: Sandbox,
  run: () => Promise<unknown>,
  last?: string,
): Promise<number> {
  const { faults, clock, journal } = sandbox.world;
  const take = faults.take.bind(faults);
  let arrived = 0;
  let ended = false;
  faults.take = (subject) => {
    if (ended) return take(subject);
    arrived += 1;
    return { kind: 'delay', delayMs: 1 };
  };
  const from = journal.entries.length;
  const running = run().finally(() => (ended = true));
  let levels = 0;
  while (!ended) {
    const before = arrived;
    await sleep(QUIET_MS);
    if (arrived === 0 || arrived !== before) continue;
    arrived = 0;
    levels += 1;
    clock.advance(1);
    const written = journal.entries
      .slice(from)
      .some((entry) => entry.source === 'http' && entry.mutating && entry.verb === last);
    if (written) ended = true;
  }
  await running;
  faults.take = take;
  return levels;
}
