import type { Clock } from '../../time/clock.ts';

/** What a process remembers for a while after it was put in (apimachinery's util/cache, Expiring). */
export class Expiring<T> {
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #entries = new Map<string, { readonly until: number; readonly value: T }>();

  constructor(clock: Clock, ttlMs: number) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    return entry && entry.until > this.#clock.time() ? entry.value : undefined;
  }

  set(key: string, value: T): void {
    this.#entries.set(key, { until: this.#clock.time() + this.#ttlMs, value });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
