import type { Clock } from '../time/clock.ts';

/** One request or in-process call that reached the sandbox's Kubernetes or AWS model. */
export interface JournalEntry {
  readonly n: number;
  readonly at: string;
  readonly world: 'kube' | 'aws';
  /** Name of the cluster asked; absent for AWS. */
  readonly cluster?: string;
  /** Who asked: a user agent or user for HTTP, `lbc`, `lbc/<cluster>`, `workloads` inside. */
  readonly actor: string;
  /** HTTP verb for Kubernetes; AWS has only the action. */
  readonly verb?: string;
  readonly path?: string;
  /** `elbv2.RegisterTargets` and the like. */
  readonly action?: string;
  /** Body or parameters, as parsed. */
  readonly params?: unknown;
  readonly dryRun?: boolean;
  /** HTTP status answered; 0 for a connection that was cut. */
  readonly status: number;
  /** True when it could have changed something: never for GET, Describe*, reviews or dry runs. */
  readonly mutating: boolean;
  readonly source: 'http' | 'internal';
}

/** The record of everything that reached the sandbox, in order. Tests assert on it. */
export class Journal {
  readonly #entries: JournalEntry[] = [];
  readonly #clock: Clock;
  #count = 0;
  #limit = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** From now on keeps about the last `limit` entries: for a sandbox that may run for days. */
  keepLast(limit: number): void {
    this.#limit = limit;
  }

  add(entry: Omit<JournalEntry, 'n' | 'at'>): void {
    this.#entries.push({ n: ++this.#count, at: this.#clock.date().toISOString(), ...entry });
    // A tenth at a time: taking single entries off the front would move all others each time.
    if (this.#entries.length > this.#limit * 1.1) {
      this.#entries.splice(0, this.#entries.length - this.#limit);
    }
  }
}
