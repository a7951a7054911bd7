import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../../src/sandbox/server.ts';
import type { Outcome } from './harness.ts';
import { loaded } from './loaded.ts';

/** Requests that were sent together, in this process, arrive within this time; only then are they answered. */
const QUIET_MS = 50;
const QUIET_TURNS = 20;

/** What Node reads files and looks up names with, in threads of its own. */
const ELSEWHERE = /^(FSReq|GetAddrInfo|FileHandle)/;

/**
 * Waits until nothing has arrived for a while. The time alone does not tell: a process that did not run
 * in it has read nothing. So the event loop has to turn idly, too, and no answer be due from a thread.
 */
async function quiet(arrived: () => number): Promise<void> {
  let before = arrived();
  for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
    await turn();
    if (turns === QUIET_TURNS / 2) await sleep(QUIET_MS);
    const busy = process.getActiveResourcesInfo().some((name) => ELSEWHERE.test(name));
    if (arrived() === before && !busy) continue;
    before = arrived();
    turns = 0;
  }
}

/**
 * The levels of requests of a run, as the number of requests in each: what is in a level had to wait
 * for an answer of the one before, or for its turn. All requests are held back until no more arrive, and
 * answered together. With `last`, counting ends with the first real write of that verb, since what
 * follows is waiting. Fails where the run has ended without that write, or not with exit 0: it would
 * have needed fewer.
 */
export async function requestLevels(
  sandbox: Sandbox,
  run: () => Promise<Outcome>,
  last?: string,
): Promise<readonly number[]> {
  await loaded;
  const { faults, clock, journal } = sandbox.world;
  const take = faults.take.bind(faults);
  let arrived = 0;
  let ended = false;
  let found = false;
  faults.take = (subject) => {
    // A controller's own calls answer nobody's request: held back, its webhook would refuse.
    if (ended || subject.caller !== undefined) return take(subject);
    arrived += 1;
    return { kind: 'delay', delayMs: 1 };
  };
  const from = journal.entries.length;
  const running = run().finally(() => (ended = true));
  const levels: number[] = [];
  while (!ended) {
    await quiet(() => arrived);
    if (ended) break;
    if (arrived === 0) continue;
    levels.push(arrived);
    arrived = 0;
    clock.advance(1);
    const written = journal.entries
      .slice(from)
      .some((entry) => entry.source === 'http' && entry.mutating && entry.verb === last);
    if (written) ended = found = true;
  }
  const { code, stdout, stderr } = await running;
  faults.take = take;
  if (code !== 0 || (last !== undefined && !found))
    throw new Error(`exit ${code}: ${stdout}${stderr}`);
  return levels;
}

/** How many levels of requests a run has. */
export const roundTrips = async (...asked: Parameters<typeof requestLevels>): Promise<number> =>
  (await requestLevels(...asked)).length;
