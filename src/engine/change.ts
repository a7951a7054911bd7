import type { Hint } from '../core/model/hint.ts';
import type { Echo } from '../core/plan/echo.ts';
import type { Observed } from '../core/observed/observed.ts';
import type { Plan, WriteStep } from '../core/plan/plan.ts';
import type { Problem } from '../core/model/problem.ts';
import type { Wants } from './wants.ts';

/** The words of a changing command for its ends. */
export interface ChangeWords {
  /** The asked state holds, and something was written for it. */
  readonly done: string;
  /** It held already. */
  readonly already: string;
  /** It holds, and nothing serves yet. */
  readonly empty: string;
  /** What is true once it holds, as a sentence. */
  readonly message: string;
  /** What to type next. */
  readonly next: Hint;
}

/** A changing command, as the pipeline needs it: what it looks at, how it decides, how it asks. */
export interface Change {
  readonly command:
    | 'enable'
    | 'enroll'
    | 'join'
    | 'leave'
    | 'disable'
    | 'purge'
    | 'repair'
    | 'replace'
    | 'handover';
  readonly wants: Wants;
  plan(observed: Observed, settled: boolean): Plan;
  judge(plan: Plan, observed: Observed, echoes: readonly Echo[]): Plan;
  undo(step: WriteStep): Hint;
  /** The command that goes on from here, told before the first write: what it removes may be what named the rest. */
  rerun?(observed: Observed, plan: Plan): Hint | undefined;
  words(observed: Observed): ChangeWords;
  /** Asks a person about cautions; false is a no. Raises `not-a-terminal`. */
  confirm(cautions: readonly Problem[]): Promise<boolean>;
  /** Whether a person is asked before the first write even where there is no caution. */
  readonly asksAlways?: boolean;
  /**
   * What has to be kept or proven before the steps of a plan are made: before the first write, and
   * again before what is planned after a wait. A problem ends the run before those steps.
   */
  before?(observed: Observed, plan: Plan): Promise<Problem | undefined>;
  readonly dryRun: boolean;
  readonly detailedExitcode: boolean;
  readonly timeoutMs: number;
  /** How long to wait where the plan decides: wins over `timeoutMs`. */
  timeoutFor?(plan: Plan): number;
  /** How long what is about to change by itself is waited for before the first write. */
  readonly settleMs: number;
  /** Whether steps are made again while goals are stuck: controllers may have gone by old lists. */
  readonly repeats?: boolean;
  /** Context of a cluster whose Service is read once more before the first write. */
  readonly recheck?: string;
  /** Everything is read and planned once more just before the first write: whose a target is may change any moment. */
  readonly replans?: boolean;
}
