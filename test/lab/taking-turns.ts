import type { VirtualClock } from '../../src/sandbox/time/clock.ts';

/** Some turns of the event loop: what runs beside gets on meanwhile, as it would while one waits. */
export async function turns(): Promise<void> {
  for (let n = 0; n < 10; n += 1) await new Promise((resolve) => setImmediate(resolve));
  // Files are read by threads, which on a busy machine take longer than any number of turns.
  await new Promise((resolve) => void setTimeout(resolve, 1));
}

/**
 * A clock that is wound by a script and by a run of nlbmc beside it. Time passes only while both wait:
 * otherwise the one would run out of it because the machine is busy with the other.
 */
export class TakingTurns {
  readonly #clock: VirtualClock;
  /** Scripts that go on beside a run. */
  #scripts = 0;
  /** Runs beside them that have something to do. */
  #busy = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** A pause of nlbmc: it lasts until the script has waited so long, or has ended. */
  async pause(ms: number): Promise<void> {
    const due = this.#clock.time() + ms;
    this.#busy -= 1;
    while (this.#scripts > 0 && this.#clock.time() < due) await turns();
    this.#busy += 1;
    this.#clock.advanceTo(due);
  }

  /** A wait of the script: it begins when nlbmc waits, too. */
  async pass(ms: number): Promise<void> {
    while (this.#scripts > 0 && this.#busy > 0) await turns();
    this.#clock.advance(ms);
  }

  /** Gives what comes of the run, when the script that goes on beside it has ended, too. */
  async beside<T>(run: () => Promise<T>, script: () => Promise<void>): Promise<T> {
    this.#scripts += 1;
    const running = async (): Promise<T> => {
      this.#busy += 1;
      try {
        return await run();
      } finally {
        this.#busy -= 1;
      }
    };
    const acting = async (): Promise<void> => {
      try {
        await script();
      } finally {
        this.#scripts -= 1;
      }
    };
    const [outcome] = await Promise.all([running(), acting()]);
    return outcome;
  }
}
