import type { Progress } from './goal.ts';
import type { ExitCode, Problem } from '../model/problem.ts';
import { isRejection } from './rejections.ts';
import type { Verdict } from './verdict.ts';

/** How a command ended. Every exit code but 1, 2, 129, 130 and 143 is decided from one of these. */
export type Outcome =
  /** The plan has blockers, or a person said no: nothing was written. */
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | { readonly kind: 'dry-run'; readonly changes: boolean; readonly detailedExitcode: boolean }
  /** A write failed; `done` were made before it. */
  | { readonly kind: 'write-failed'; readonly problem: Problem; readonly done: number }
  /** All steps were made, or none was needed; this is how far the goals came. */
  | { readonly kind: 'awaited'; readonly progress: readonly Progress[]; readonly written: number }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  /** Only read: these facts could not be. */
  | { readonly kind: 'shown'; readonly problems: readonly Problem[] };

/** The exit code of a command that a signal stopped: 128 and the signal's number, as in a shell. */
export function exitOfSignal(signal: { readonly reason: unknown }): 129 | 130 | 143 {
  if (signal.reason === 'SIGTERM') return 143;
  return signal.reason === 'SIGHUP' ? 129 : 130;
}

/** 8 when a needed fact is unknown (it wins), else 5: refused. */
export const exitOfBlockers = (blockers: readonly Problem[]): 5 | 8 =>
  blockers.some((problem) => problem.unread) ? 8 : 5;

function exitOfProgress(progress: readonly Progress[], written: number): ExitCode {
  if (progress.every(({ state }) => state === 'done')) return 0;
  // A command that wrote something and does not know the end says so as a time-out: run it again.
  const onlyUnknown = progress.every(({ state }) => state === 'done' || state === 'unknown');
  return written === 0 && onlyUnknown ? 8 : 6;
}

/** The exit code of an outcome (table in docs/cli.md), the same for every output format. */
export function exitOf(outcome: Outcome): ExitCode {
  switch (outcome.kind) {
    case 'refused':
      return exitOfBlockers(outcome.problems);
    case 'dry-run':
      return outcome.changes && outcome.detailedExitcode ? 4 : 0;
    case 'write-failed':
      // Without a clear refusal the write may have been made: a cut connection tells nothing.
      return outcome.done === 0 && isRejection(outcome.problem.code) ? 5 : 7;
    case 'awaited':
      return exitOfProgress(outcome.progress, outcome.written);
    case 'verdict':
      return outcome.verdict.exit;
    case 'shown':
      if (outcome.problems.length === 0) return 0;
      return outcome.problems.some((problem) => problem.unread) ? 8 : 3;
  }
}
