import type { Emit } from '../core/plan/event.ts';
import type { InTurn } from '../wire/at-most.ts';

/** What talking to AWS needs from the command line and the world. */
export interface AwsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Value of `--profile`. */
  readonly profile?: string;
  /** For one request, its answer included. */
  readonly requestTimeoutMs: number;
  readonly signal?: AbortSignal;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly emit: Emit;
  /** In whose turn a request goes out; without it each goes out at once. */
  readonly inTurn?: InTurn;
}
