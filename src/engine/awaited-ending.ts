import type { Observed } from '../core/observed/observed.ts';
import { correctIt, openEvents } from '../core/progress/open-events.ts';
import { type Outcome, exitOf } from '../core/plan/exit.ts';
import type { Progress } from '../core/plan/goal.ts';
import { type Hint, noted } from '../core/model/hint.ts';
import type { ExitCode, Problem } from '../core/model/problem.ts';
import { count } from '../core/model/words.ts';
import type { Report, Write } from '../core/plan/report.ts';
import type { Change, ChangeWords } from './change.ts';
import type { Decision } from './decide.ts';
import { exitOfParted, partedClusters, partedText } from './parted.ts';
import type { Failed } from './run.ts';

/**
 * Whether the same command gets further: `again` as it is, `cured` once a person has removed the
 * cause. Left out: it is at its end, or would only come to the same one.
 */
export type Onward = 'again' | 'cured';

/** The end of a run, as its report tells it. */
export interface Ending extends Pick<Report, 'exit' | 'result' | 'message' | 'problems'> {
  readonly next?: Hint;
  readonly onward?: Onward;
}

/** What a run that waited has come to. */
interface Waited {
  readonly change: Change;
  readonly progress: readonly Progress[];
  /** What was seen last while waiting. */
  readonly seen?: Observed;
  readonly writes: readonly Write[];
  /** Of several clusters, those that did not get to the end of their steps. */
  readonly failed?: readonly Failed[];
}

/**
 * How a run ends that waited: reached, reached but for what could not be repaired, or not reached,
 * with what is still open and what the controllers said about it.
 */
export function awaitedEnding(waited: Waited, decision: Decision): Ending {
  const { change, seen, writes, failed = [] } = waited;
  const { observed, plan } = decision;
  const progress = [...waited.progress, ...failed.flatMap((one) => one.progress ?? [])];
  const unmended = plan.unmended ?? [];
  const written = writes.length;
  const words = change.words(observed);
  const reached = exitOf({ kind: 'awaited', progress, written } satisfies Outcome);
  const parted = partedClusters(plan, progress, failed);
  const exit = parted ? exitOfParted(parted, reached, written) : reached;
  if (exit === 0 && unmended.length > 0) {
    return {
      exit: 7,
      result: 'partly done',
      message: `The rest was repaired; ${count(unmended.length, 'finding')} could not be repaired.`,
      onward: 'cured',
      problems: unmended,
    };
  }
  if (exit === 0) {
    const result = resultOf(words, progress, written);
    return { exit, result, message: words.message, problems: [], next: words.next };
  }
  const accepted = likelyCauses([...plan.cautions, ...(plan.notes ?? [])], progress);
  const late = lateEnding(exit, progress, seen ?? observed, accepted, words.next);
  if (!parted) return { exit, ...late, problems: [...late.problems, ...unmended], message: '' };
  return {
    exit,
    result: exit === 7 ? 'partly done' : late.result,
    message: partedText(parted),
    onward: parted.problems.length > 0 ? 'cured' : (late.onward ?? 'again'),
    problems: [
      ...(progress.every(({ state }) => state === 'done') ? [] : late.problems),
      ...parted.problems,
      ...unmended,
    ],
  };
}

function resultOf(words: ChangeWords, progress: readonly Progress[], written: number): string {
  const serving = progress.filter(({ goal }) => goal.kind === 'endpoints-healthy');
  if (serving.some(({ total }) => total === 0)) return words.empty;
  return written > 0 ? words.done : words.already;
}

/** Whether endpoints are not healthy yet, of this cluster where one is named. */
const areUnhealthy = (progress: readonly Progress[], context?: string): boolean =>
  progress.some(
    ({ goal, state }) =>
      goal.kind === 'endpoints-healthy' &&
      state !== 'done' &&
      (context === undefined || goal.cluster === context),
  );

/**
 * Of what the person went on with, what is by now the likely cause: a controller that was not found;
 * a rule that a security group lacks, where endpoints do not become healthy.
 */
const likelyCauses = (
  told: readonly Problem[],
  progress: readonly Progress[],
): readonly Problem[] =>
  told.filter(
    ({ code, about }) =>
      code === 'controller-missing' ||
      (code === 'security-group-closed' && areUnhealthy(progress, about?.cluster)),
  );

/** What is still open after the time, or will not come by waiting. */
function lateEnding(
  exit: ExitCode,
  progress: readonly Progress[],
  observed: Observed,
  accepted: readonly Problem[],
  next: Hint,
): Pick<Ending, 'result' | 'problems' | 'onward'> {
  const open = progress.filter(({ state }) => state !== 'done');
  const causes = [...open.flatMap(({ problem }) => (problem ? [problem] : [])), ...accepted];
  const stuck = open.some(({ state }) => state === 'stuck');
  const words = openEvents(open, observed);
  // What only takes its time has no cause that a person could remove.
  const onward = stuck || causes.length > 0 || words.length > 0 ? 'cured' : 'again';
  if (exit === 8) return { result: 'unknown', problems: causes, onward };
  // Why targets are not healthy is a question for verify, which looks at more than a wait does.
  const asking = causes.length === 0 && areUnhealthy(open) && next.kind === 'nlbmc';
  const hints = [
    ...(words.length > 0 ? [correctIt] : []),
    ...(asking ? [noted(next, 'says what keeps targets from being healthy')] : []),
  ];
  const timedOut: Problem = {
    code: 'timed-out',
    message: stuck
      ? 'Waiting longer does not help.'
      : 'The time was up before the required state was reached.',
    details: [...open.map(({ text }) => text), ...words],
    ...(hints.length > 0 ? { hints } : {}),
  };
  return { result: stuck ? 'stuck' : 'timed out', problems: [timedOut, ...causes], onward };
}
