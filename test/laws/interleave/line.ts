import type { World } from '../../../src/sandbox/world.ts';

/** What each request takes of the world's time: what happens meanwhile falls between two requests. */
const LATENCY_MS = 40;

/** A write as it is sent. */
export interface Sent {
  /** Undefined: to AWS. */
  readonly cluster?: string;
  /** The method and path, or AWS's action. */
  readonly name: string;
  readonly body?: unknown;
}

export interface LineOptions {
  /** The run dies as this request (counted from 1) has been carried out, before its answer. */
  readonly dieAfter?: number;
  /** Told of each write before it is carried out; false lets the run die instead. */
  readonly write: (sent: Sent) => boolean;
  /** How long a pause of the run is at least, ms: a busy machine sleeps longer than asked. */
  readonly longMs?: number;
  /** Called after each request, with the world as the run has just seen it. */
  readonly carried?: () => void;
}

/**
 * The connection of one run of nlbmc to its world. A run that has died is never answered again, so
 * that nothing of it goes on: as after a kill, what it had in mind is lost.
 */
export class Line {
  readonly world: World;
  /** Resolves when the run has died. */
  readonly death: Promise<void>;
  readonly #o: LineOptions;
  #requests = 0;
  #dead = false;
  #die: () => void = () => undefined;

  constructor(world: World, options: LineOptions) {
    this.world = world;
    this.#o = options;
    this.death = new Promise((resolve) => {
      this.#die = () => {
        this.#dead = true;
        resolve();
      };
    });
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** How many requests it has carried. */
  get requests(): number {
    return this.#requests;
  }

  /** Carries one request to the world (`sent`: one that writes) and its answer back, or, for a dead run, nothing ever. */
  carry<T>(sent: Sent | undefined, perform: () => T): Promise<T> {
    if (!this.#dead) this.world.clock.advance(LATENCY_MS);
    if (sent && !this.#dead && !this.#o.write(sent)) this.#die();
    if (this.#dead) return never();
    const answer = perform();
    this.#requests += 1;
    this.#o.carried?.();
    if (this.#requests === this.#o.dieAfter) this.#die();
    return this.#dead ? never() : Promise.resolve(answer);
  }

  /** A pause of the run, which moves the world's clock. */
  sleep(ms: number): Promise<void> {
    if (this.#dead) return never();
    this.world.clock.advance(Math.max(ms, this.#o.longMs ?? 12_000));
    return Promise.resolve();
  }
}

const never = (): Promise<never> => new Promise(() => undefined);

const open = new Map<string, Line>();
let count = 0;

/** Gives a line the name by which requests on it are known: token and access key of its run. */
export function openLine(line: Line): string {
  const name = `RUN${(count += 1)}`;
  open.set(name, line);
  return name;
}

export const closeLine = (name: string): boolean => open.delete(name);

/** The line of that name; a closed one leads nowhere, since its run has died. */
export const lineOf = (name: string): Line | undefined => open.get(name);
