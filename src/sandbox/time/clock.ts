/** Ends a timer that has not fired yet; calling it later or twice does nothing. */
export type Cancel = () => void;

/**
 * The sandbox's only notion of time. Delays are given in the milliseconds that AWS or the
 * controller really takes; a clock decides how long they last here.
 */
export interface Clock {
  /** The date that objects are stamped with. */
  date(): Date;
  /** Simulated milliseconds since the clock was made: for ages and expiries. */
  time(): number;
  /** Runs `fn` once after `ms` simulated milliseconds. */
  after(ms: number, fn: () => void): Cancel;
}

/** setTimeout takes a longer wait for none at all. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly fn: () => void;
}

/** A clock that moves only when told to. Timers due at the same time fire in the order they were set. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  #timers: Timer[] = [];
  readonly #start: number;

  constructor(start = Date.UTC(2026, 0, 5, 9)) {
    this.#start = start;
  }

  date(): Date {
    return new Date(this.#start + this.#now);
  }

  time(): number {
    return this.#now;
  }

  after(ms: number, fn: () => void): Cancel {
    const timer = { due: this.#now + Math.max(0, ms), order: this.#order++, fn };
    const at = this.#timers.findIndex((other) => other.due > timer.due);
    this.#timers.splice(at === -1 ? this.#timers.length : at, 0, timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** When the next timer falls due; undefined while there is none. */
  protected get nextDue(): number | undefined {
    return this.#timers[0]?.due;
  }

  /** Moves time forward by `ms`, firing what falls due, timers set meanwhile included. */
  advance(ms: number): void {
    this.advanceTo(this.#now + ms);
  }

  /** Moves time forward to `time` (simulated ms); a time already passed changes nothing. */
  advanceTo(time: number): void {
    for (let next = this.#timers[0]; next && next.due <= time; next = this.#timers[0]) {
      this.#timers.shift();
      this.#now = Math.max(this.#now, next.due);
      next.fn();
    }
    this.#now = Math.max(this.#now, time);
  }
}

/** How far in the past the dates of a HandoverClock begin, in ms. */
export const HEAD_START_MS = 20 * 60_000;

/**
 * A clock that is wound forward by hand at first, like a VirtualClock, and runs by itself after
 * `goLive`. Pending timers go along. Dates begin HEAD_START_MS ago and are wall time once live: what
 * was made while winding looks some minutes old.
 */
export class HandoverClock extends VirtualClock {
  #live: { readonly speed: number; readonly from: number; readonly at: number } | undefined;
  #pump: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor() {
    super(Date.now() - HEAD_START_MS);
  }

  override date(): Date {
    return this.#live ? new Date() : super.date();
  }

  override time(): number {
    const live = this.#live;
    return live ? live.from + (performance.now() - live.at) * live.speed : super.time();
  }

  override after(ms: number, fn: () => void): Cancel {
    const cancel = super.after(ms + this.time() - super.time(), fn);
    this.#arm();
    return cancel;
  }

  /** Lets the clock run, `speed` times as fast as wall time. */
  goLive(speed: number): void {
    this.#live = { speed, from: super.time(), at: performance.now() };
    this.#arm();
  }

  /** No timer fires any more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#pump);
  }

  /** Sets the one real timer, for the earliest simulated one. It never keeps the process alive. */
  #arm(): void {
    clearTimeout(this.#pump);
    const due = this.nextDue;
    if (!this.#live || this.#stopped || due === undefined) return;
    const wait = (due - this.time()) / this.#live.speed;
    this.#pump = setTimeout(
      () => {
        this.advanceTo(this.time());
        this.#arm();
      },
      Math.min(Math.max(wait, 0), LONGEST_WAIT_MS),
    );
    this.#pump.unref();
  }
}
