import { createHash } from 'node:crypto';

/** Ids that look random and are the same in every run with the same seed and the same calls. */
export class Ids {
  readonly #seed: string;
  readonly #counts = new Map<string, number>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** The next `length` hex digits for things of this kind. */
  hex(kind: string, length: number): string {
    const n = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, n);
    return createHash('sha256').update(`${this.#seed}/${kind}/${n}`).digest('hex').slice(0, length);
  }

  /** An EC2 id: `sg-` and 17 hex digits. */
  ec2(prefix: string): string {
    return `${prefix}-${this.hex(prefix, 17)}`;
  }
}
