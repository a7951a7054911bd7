import type { Clock } from './clock.ts';

/** How a pass over one object ended; a thrown error means: again, with backoff. */
export type Outcome = { readonly kind: 'done' } | { readonly kind: 'again'; readonly ms: number };

/** One pass over an object; what it yields are milliseconds to sleep in between. */
export type Pass = Generator<number, Outcome, void>;

/** All times in simulated ms. */
export interface QueueRules {
  /** How many keys may have a pass at one time. */
  readonly workers: number;
  /**
   * From a change to the pass that it causes: a watch event takes a moment to arrive, and no pass may
   * ever run inside the very write that caused it.
   */
  readonly delayMs: number;
  /** Whether changes within the delay lead to one pass together; otherwise each leads to one. */
  readonly merges: boolean;
  /** The pause after a key's first failure; it doubles with each further one, up to the last. */
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
  /** Whether a pass that failed is tried again. False: its process has ended. Throws a defect on. */
  retries(error: unknown): boolean;
}

/**
 * client-go's rate-limiting work queue: one pass per key at a time, changes during a pass lead to one
 * more, errors back off.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #rules: QueueRules;
  readonly #run: (key: string) => Pass;
  readonly #due = new Set<string>();
  readonly #waiting = new Set<string>();
  readonly #active = new Set<string>();
  readonly #failures = new Map<string, number>();
  #stopped = false;
  #paused = false;

  constructor(clock: Clock, rules: QueueRules, run: (key: string) => Pass) {
    this.#clock = clock;
    this.#rules = rules;
    this.#run = run;
  }

  add(key: string): void {
    this.addAfter(key, this.#rules.delayMs);
  }

  addAfter(key: string, ms: number): void {
    if (this.#rules.merges && this.#due.has(key)) return;
    this.#due.add(key);
    this.#clock.after(ms, () => {
      this.#due.delete(key);
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
      if (this.#stopped || this.#active.size >= this.#rules.workers) return;
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
      if (!this.#rules.retries(error)) return;
      outcome = { kind: 'again', ms: this.#backoff(key) };
    }
    this.#active.delete(key);
    if (outcome.kind === 'again') this.addAfter(key, outcome.ms);
    this.#clock.after(0, () => this.#pump());
  }

  #backoff(key: string): number {
    const { firstRetryMs, lastRetryMs } = this.#rules;
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    return Math.min(firstRetryMs * 2 ** failures, lastRetryMs);
  }
}
