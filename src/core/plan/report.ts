import type { Hint } from '../model/hint.ts';
import type { Progress } from './goal.ts';
import type { ObjectName } from '../model/kubernetes.ts';
import type { Plan, WriteStep } from './plan.ts';
import type { Problem } from '../model/problem.ts';
import type { TrafficVerdict } from './traffic.ts';
import type { Verdict } from './verdict.ts';

/** A cluster as it is shown before a write: its identity, not only its name. */
export interface ClusterEcho {
  readonly context: string;
  readonly server: string;
  readonly identity: string;
  readonly account?: string;
  readonly region?: string;
  readonly service: ObjectName;
}

/** One write that was made. */
export interface Write {
  readonly step: WriteStep;
  readonly at: string;
  /** The command that takes it back. */
  readonly undo: Hint;
}

/** Said at the end, on stdout: one document whatever the format. */
export interface Report {
  readonly apiVersion: 'nlbmc/v1';
  readonly kind: 'Report';
  readonly command: string;
  readonly at: string;
  /** An ExitCode, or that of the command of `verify --during` where it is worse. */
  readonly exit: number;
  /** A word or a few: `enabled`, `already enabled`, `joined`, `joined without capacity`, `refused`. */
  readonly result: string;
  readonly message: string;
  readonly clusters: readonly ClusterEcho[];
  readonly plan?: Plan;
  readonly writes: readonly Write[];
  /** Blockers, failed checks, failed reads: why it is not 0. */
  readonly problems: readonly Problem[];
  readonly cautions: readonly Problem[];
  /** What differs from what nlbmc would create, but serves. */
  readonly notes?: readonly Problem[];
  /** Facts that would have improved the answer and could not be read. */
  readonly skips: readonly Problem[];
  readonly progress: readonly Progress[];
  readonly verdict?: Verdict;
  /** `verify --traffic`. */
  readonly traffic?: TrafficVerdict;
  readonly next?: Hint;
}
