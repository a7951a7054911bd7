import type { Clock } from '../../time/clock.ts';
import { StatusError } from '../../kube/status-error.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import { Crashed } from '../process/errors.ts';

const DELAY_MS = 30 * 60_000;
const JITTER_MS = 15 * 60_000;

/**
 * controllers/elbv2/targetgroupbinding_deferred_reconciler.go: a binding that was skipped because its
 * checkpoint was equal gets a full pass 30 to 45 minutes later, by blanking the checkpoint; not if
 * this process did a full pass within the sync period. Lost with the process.
 */
export class DeferredQueue {
  readonly #api: ControllerApi;
  readonly #clock: Clock;
  readonly #syncPeriodMs: number;
  readonly #isAlive: () => boolean;
  readonly #processed = new Map<string, number>();
  readonly #queued = new Set<string>();

  constructor(api: ControllerApi, clock: Clock, syncPeriodMs: number, isAlive: () => boolean) {
    this.#api = api;
    this.#clock = clock;
    this.#syncPeriodMs = syncPeriodMs;
    this.#isAlive = isAlive;
  }

  /** The binding `namespace/name` has just had a full pass. */
  markProcessed(key: string): void {
    this.#processed.set(key, this.#clock.time() + this.#syncPeriodMs);
  }

  /** The binding was skipped. */
  defer(key: string): void {
    const processed = (this.#processed.get(key) ?? 0) > this.#clock.time();
    if (processed || this.#queued.has(key)) return;
    this.#queued.add(key);
    this.#clock.after(DELAY_MS + JITTER_MS * spread(key), () => {
      this.#queued.delete(key);
      if (this.#isAlive()) this.#blank(key);
    });
  }

  #blank(key: string): void {
    const [namespace = '', name = ''] = key.split('/');
    const seconds = String(Math.floor(this.#clock.date().getTime() / 1000));
    const { bindings, checkpoint, checkpointTimestamp } = this.#api.names;
    const annotations = { [checkpoint]: '', [checkpointTimestamp]: seconds };
    try {
      const body = { metadata: { annotations } };
      this.#api.patch(bindings, namespace, name, body);
    } catch (error) {
      // Gone meanwhile, or refused: the next skip defers it again. With the process all of this is gone.
      if (!(error instanceof StatusError || error instanceof Crashed)) throw error;
    }
  }
}

/** A number from 0 to 1 that depends on the key alone: jitter that a test can repeat. */
function spread(key: string): number {
  let sum = 0;
  for (const character of key) sum = (sum * 31 + character.codePointAt(0)!) % 1000;
  return sum / 1000;
}
