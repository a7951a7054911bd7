import type { Code } from './codes.ts';
import type { Hint } from './hint.ts';
import type { LastWrite, ObjectName } from './kubernetes.ts';
import type { Target } from './target.ts';

/** Exit codes of the program (docs/cli.md has the table that users read). */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 129 | 130 | 143;

/** What a problem is about. With its code it is the problem's identity; its texts are not. */
export interface About {
  /** Context of the cluster. */
  readonly cluster?: string;
  /** What EC2's tags or a record call a cluster to which no context is known. */
  readonly clusterName?: string;
  readonly service?: ObjectName;
  readonly binding?: ObjectName;
  readonly deployment?: ObjectName;
  readonly target?: Target;
  readonly port?: number | string;
  readonly targetGroup?: string;
  /** Id of a security group. */
  readonly securityGroup?: string;
  /** Name of an admission webhook. */
  readonly webhook?: string;
  /** The request that failed, such as `get services "nginx" in namespace default`. */
  readonly request?: string;
}

/**
 * Trouble as data: used alike for blockers, cautions, failed checks and failed reads.
 * The message is one sentence with the names in it; the first hint is the next thing to type.
 * Two problems are the same where code and `about` are: nothing may be decided by a text.
 */
export interface Problem {
  readonly code: Code;
  readonly message: string;
  readonly about?: About;
  readonly hints?: readonly Hint[];
  /** Lines below the message: the items that it names. */
  readonly details?: readonly string[];
  /** Who set the flag off that must be on, and when at the latest; absent: unknown. */
  readonly setBack?: LastWrite;
  /** Targets that a refusal saves, where it saves any. */
  readonly saves?: number;
  /** A caution that `--yes` does not answer: a person must, or `--accept CODE`. */
  readonly grave?: boolean;
  /** A fact that is needed and could not be read: unknown, not refused (exit 8 instead of 5). */
  readonly unread?: boolean;
}

/** One fact, or the problem why it is unknown. Unknown is never the same as absent. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

export const known = <T>(value: T): Reading<T> => ({ ok: true, value });
export const unknown = <T = never>(problem: Problem): Reading<T> => ({ ok: false, problem });

/** What was read, changed; what could not be read stays as it is. */
export const inReading = <T>(reading: Reading<T>, change: (one: T) => T): Reading<T> =>
  reading.ok ? known(change(reading.value)) : reading;

/** The value of a reading, or undefined when it is unknown: only where unknown may count as nothing. */
export const valueOf = <T>(reading: Reading<T>): T | undefined =>
  reading.ok ? reading.value : undefined;

/**
 * A problem that ends the command before a plan exists: a bad flag, file, context or credential.
 * Thrown, since nothing can go on; `main.ts` catches it and exits with `exit`.
 */
export class ProblemError extends Error {
  readonly problem: Problem;
  readonly exit: ExitCode;

  constructor(problem: Problem, exit: ExitCode = 2) {
    super(problem.message);
    this.problem = problem;
    this.exit = exit;
  }
}
