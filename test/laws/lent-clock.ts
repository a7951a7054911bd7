import { HEAD_START_MS, VirtualClock } from '../../src/sandbox/time/clock.ts';

const TICK_MS = 5;

/**
 * A clock that is wound by hand, except while a process of its own is in the world: that one has the
 * time of the machine, and waits for real.
 */
export class LentClock extends VirtualClock {
  /** What the date was when its time began. */
  #epoch = Date.now() - HEAD_START_MS;
  #pump: NodeJS.Timeout | undefined;

  override date(): Date {
    return this.#pump ? new Date() : new Date(this.#epoch + this.time());
  }

  /** From now on it runs by itself, `speed` times as fast as wall time on a machine that is not busy. */
  lend(speed: number): void {
    this.#pump = setInterval(() => this.advance(TICK_MS * speed), TICK_MS);
  }

  takeBack(): void {
    clearInterval(this.#pump);
    this.#pump = undefined;
    this.#epoch = Date.now() - this.time();
  }
}
