import type { Clock } from '../time/clock.ts';
import { StatusError } from '../kube/status-error.ts';
import { WorkQueue, type Pass } from '../time/work-queue.ts';

const RULES = { workers: Infinity, merges: true, firstRetryMs: 1_000, lastRetryMs: 300_000 };

/** A refusal of the API server is tried again, as controllers do; any other error is a defect. */
function retries(error: unknown): boolean {
  if (!(error instanceof StatusError)) throw error;
  return true;
}

/**
 * Calls `reconcile` with each added key `delayMs` simulated ms later. Listeners of the store run
 * inside a write, so controllers only note the key there and write from here.
 */
export function reconcileQueue(
  clock: Clock,
  delayMs: number,
  reconcile: (key: string) => void,
): WorkQueue {
  // oxlint-disable-next-line require-yield -- these controllers never sleep within a pass
  return new WorkQueue(clock, { ...RULES, delayMs, retries }, function* (key): Pass {
    reconcile(key);
    return { kind: 'done' };
  });
}

/** `namespace/name`, the key under which controllers queue an object. */
export function keyOf(object: { metadata: { namespace?: string; name: string } }): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** The two halves of a key made by `keyOf`. */
export function splitKey(key: string): { namespace: string; name: string } {
  const at = key.indexOf('/');
  return { namespace: key.slice(0, at), name: key.slice(at + 1) };
}
