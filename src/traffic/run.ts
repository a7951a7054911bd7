import type { Attempt, TrafficPort } from '../core/plan/traffic.ts';
import { newAttempts, type TrafficOptions } from './attempts.ts';

/** What a run made. */
export interface TrafficMade {
  readonly startedAt: number;
  readonly attempts: readonly Attempt[];
}

/** Opens `connections` to each port, ports in turn. Ends early when the signal aborts. */
export async function sendTraffic(
  ports: readonly TrafficPort[],
  connections: number,
  o: TrafficOptions,
): Promise<TrafficMade> {
  const attempts = newAttempts(o);
  for (let n = 0; n < connections && !o.signal?.aborted; n += 1)
    for (const port of ports) await attempts.open(port);
  await attempts.settled();
  attempts.close();
  return { startedAt: attempts.startedAt, attempts: attempts.made };
}

/** Ten per second: enough to notice an interruption of a tenth of a second, and an acceptable load. */
const paceMs = 100;

/**
 * Opens connections at a steady pace, ports in turn, while `work` runs; after it as many more as
 * are missing to `atLeast` for each port. `unwatchedMs` is how long the work ran on after `atMost`
 * connections. Rejects as `work` does, once the connections are done.
 */
export async function streamTraffic<T>(
  ports: readonly TrafficPort[],
  o: TrafficOptions & { readonly atLeast: number; readonly atMost: number },
  work: () => Promise<T>,
): Promise<TrafficMade & { readonly done: T; readonly unwatchedMs: number }> {
  const attempts = newAttempts(o);
  const over = new AbortController();
  const stop = AbortSignal.any([over.signal, ...(o.signal ? [o.signal] : [])]);
  const working = work().finally(() => over.abort());
  // Awaited below; until then a rejection is expected.
  working.catch(() => undefined);
  let opened = 0;
  const one = async (): Promise<void> => {
    const port = ports[opened % ports.length];
    opened += 1;
    if (port) await attempts.open(port);
  };
  while (!stop.aborted && opened < o.atMost) {
    await one();
    const waitMs = attempts.startedAt + opened * paceMs - o.now();
    await o.sleep(Math.max(1, waitMs), stop);
  }
  const leftAt = o.now();
  const unwatched = !over.signal.aborted;
  try {
    const done = await working;
    const unwatchedMs = unwatched ? o.now() - leftAt : 0;
    while (opened < Math.min(o.atLeast * ports.length, o.atMost) && !o.signal?.aborted) await one();
    await attempts.settled();
    return { startedAt: attempts.startedAt, attempts: attempts.made, done, unwatchedMs };
  } finally {
    await attempts.settled();
    attempts.close();
  }
}
