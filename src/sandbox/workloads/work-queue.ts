import type { Cancel, Clock } from '../time/clock.ts';
import { StatusError } from '../kube/status-error.ts';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 300_000;

export interface WorkQueue {
  /** Has `key` looked at soon; a key that waits already is not added again. */
  add(key: string): void;
  readonly stop: () => void;
}

/**
 * Calls `reconcile` with each added key `delayMs` simulated ms later. Listeners of the store run
 * inside a write, so controllers only note the key there and write from here. A refusal of the
 * API server (StatusError) is tried again with growing pauses, as controllers do; any other error
 * is a defect and is thrown.
 */
export function workQueue(
  clock: Clock,
  delayMs: number,
  reconcile: (key: string) => void,
): WorkQueue {
  const waiting = new Map<string, Cancel>();
  const failures = new Map<string, number>();

  const enqueue = (key: string, ms: number): void => {
    if (waiting.has(key)) return;
    waiting.set(
      key,
      clock.after(ms, () => run(key)),
    );
  };

  const run = (key: string): void => {
    waiting.delete(key);
    try {
      reconcile(key);
      failures.delete(key);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      enqueue(key, Math.min(FIRST_RETRY_MS * 2 ** count, LAST_RETRY_MS));
    }
  };

  return {
    add: (key) => enqueue(key, delayMs),
    stop() {
      for (const cancel of waiting.values()) cancel();
      waiting.clear();
    },
  };
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
