import type { VirtualClock } from './time/clock.ts';
import type { Journal } from './requests/journal.ts';

const STEP_MS = 5_000;
/** Longer than a new target needs with slow health checks: those write nothing anybody could see. */
const QUIET_MS = 180_000;
const LONGEST_MS = 20 * 60_000;

/**
 * Winds the clock until nothing was written to Kubernetes or AWS for three simulated minutes.
 * Throws after twenty: something goes round in circles then. Refused writes do not count, since
 * controllers try for ever.
 */
export function settle(clock: VirtualClock, journal: Journal): void {
  let quiet = 0;
  for (let waited = 0; quiet < QUIET_MS; waited += STEP_MS) {
    if (waited > LONGEST_MS) throw new Error('the practice world does not come to rest');
    const from = journal.entries.length;
    clock.advance(STEP_MS);
    const fresh = journal.entries.slice(from);
    const wrote = fresh.some((entry) => entry.mutating && entry.status < 400);
    quiet = wrote ? 0 : quiet + STEP_MS;
  }
}
