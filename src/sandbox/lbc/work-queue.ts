import type { Clock } from '../time/clock.ts';
import { Crashed, isDefect } from './errors.ts';

/** How a pass over one object ended; a thrown error means: again, with backoff. */
export type Outcome = { readonly kind: 'done' } | { readonly kind: 'again'; readonly ms: number };

/** One pass over an object; what it yields are milliseconds to sleep in between. */
export type Pass = Generator<number, Outcome, void>;

/**
 * Milliseconds from a change to the pass that it causes: a watch event takes a moment to arrive, and
 * no pass may ever run inside the very write that caused it.
 */
const LATENCY_MS = 20;

/**
 * client-go's rate-limiting work queue with `workers` workers: one pass per key at a time, changes
 * during a pass lead to one more, errors back off from 5 ms, doubling up to `maxBackoffMs`.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #workers: number;
  readonly #maxBackoffMs: number;
  readonly #run: (key: string) => Pass;
  readonly #waiting = new Set<string>();
  readonly #active = new Set<string>();
  readonly #failures = new Map<string, number>();
  #stopped = false;
  #paused = false;

  constructor(clock: Clock, workers: number, maxBackoffMs: number, run: (key: string) => Pass) {
    this.#clock = clock;
    this.#workers = workers;
    this.#maxBackoffMs = maxBackoffMs;
    this.#run = run;
  }

  add(key: string): void {
    this.addAfter(key, LATENCY_MS);
  }

  addAfter(key: string, ms: number): void {
    this.#clock.after(ms, () => {
      this.#waiting.add(key);
      this.#pump();
    });
  }

  /** Nothing runs any more, what sleeps in a pass never wakes up. */
  stop(): void {
    this.#stopped = true;
  }

  /** No new pass starts until `resume`; what comes in waits. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#pump();
  }

  #pump(): void {
    if (this.#paused) return;
    for (const key of this.#waiting) {
      if (this.#stopped || this.#active.size >= this.#workers) return;
      if (this.#active.has(key)) continue;
      this.#waiting.delete(key);
      this.#active.add(key);
      this.#step(key, this.#run(key));
    }
  }

  #step(key: string, pass: Pass): void {
    if (this.#stopped) return;
    let outcome: Outcome;
    try {
      const step = pass.next();
      if (!step.done) {
        this.#clock.after(step.value, () => this.#step(key, pass));
        return;
      }
      outcome = step.value;
      this.#failures.delete(key);
    } catch (error) {
      if (error instanceof Crashed) return;
      if (isDefect(error)) throw error;
      outcome = { kind: 'again', ms: this.#backoff(key) };
    }
    this.#active.delete(key);
    if (outcome.kind === 'again') this.addAfter(key, outcome.ms);
    this.#clock.after(0, () => this.#pump());
  }

  #backoff(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    return Math.min(5 * 2 ** failures, this.#maxBackoffMs);
  }
}
