import type { Hint } from '../core/model/hint.ts';
import { exitOf, exitOfSignal } from '../core/plan/exit.ts';
import type { Observed } from '../core/observed/observed.ts';
import { refusalsWithEvents } from '../core/observed/told-by-controllers.ts';
import type { Progress } from '../core/plan/goal.ts';
import type { Problem } from '../core/model/problem.ts';
import type { Report, Write } from '../core/plan/report.ts';
import { isRejection } from '../core/plan/rejections.ts';
import { awaitedEnding, type Ending, type Onward } from './awaited-ending.ts';
import type { Change } from './change.ts';
import type { Decision } from './decide.ts';
import { echoesOf } from './echoes.ts';
import type { Failed } from './run.ts';

/** How a changing command's run came to its end. */
export type ChangeEnd =
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | { readonly kind: 'declined' }
  | { readonly kind: 'dry-run' }
  | { readonly kind: 'write-failed'; readonly problem: Problem; readonly done: number }
  | { readonly kind: 'awaited' }
  | { readonly kind: 'interrupted'; readonly signal: string };

interface Facts {
  readonly change: Change;
  readonly end: ChangeEnd;
  readonly at: string;
  readonly decision?: Decision;
  /** What was seen last while waiting. */
  readonly seen?: Observed;
  readonly writes: readonly Write[];
  /** How many writes were on their way when the run ended. */
  readonly sending?: number;
  /** Of several clusters, those that did not get to the end of their steps. */
  readonly failed?: readonly Failed[];
  readonly progress: readonly Progress[];
  /** The command that goes on from here, where it differs from the command that was typed. */
  readonly rerun?: Hint;
}

/** The report of a changing command: the same facts whatever the format, one exit code. */
export function changeReport(facts: Facts): Report {
  const { change, decision, writes, progress } = facts;
  const ending = onward(endingOf(facts), facts);
  // What has become the cause of the failure is told there.
  const isOpen = (caution: Problem): boolean => !ending.problems.includes(caution);
  return {
    apiVersion: 'nlbmc/v1',
    kind: 'Report',
    command: change.command,
    at: facts.at,
    exit: ending.exit,
    result: ending.result,
    message: ending.message.trim(),
    clusters: decision ? echoesOf(decision.observed) : [],
    ...(decision ? { plan: decision.plan } : {}),
    writes,
    problems: ending.problems,
    cautions: (decision?.plan.cautions ?? []).filter(isOpen),
    ...(decision?.plan.notes ? { notes: decision.plan.notes.filter(isOpen) } : {}),
    skips: decision?.plan.skips ?? [],
    progress,
    ...(ending.next === undefined ? {} : { next: ending.next }),
  };
}

const NOTHING = 'Nothing was written.';
const UNSURE = 'It is unknown whether the change was made.';

/** How the same command, or the one that `rerun` names, gets further. */
const onwardText: Readonly<Record<Onward, { readonly same: string; readonly other: string }>> = {
  again: {
    same: 'You can safely run the same command again: it continues from here.',
    other: 'The next command continues from here.',
  },
  cured: {
    same: 'Once the cause is removed, the same command continues from here.',
    other: 'Once the cause is removed, the next command continues from here.',
  },
};

/** A write may have removed what the same command needs: then a different command continues. */
function onward(ending: Ending, { rerun, writes, sending }: Facts): Ending {
  if (ending.onward === undefined) return ending;
  const { same, other } = onwardText[ending.onward];
  const changed = writes.length > 0 || (sending ?? 0) > 0;
  return rerun === undefined || !changed
    ? { ...ending, message: `${ending.message} ${same}` }
    : { ...ending, message: `${ending.message} ${other}`, next: rerun };
}

function endingOf(facts: Facts): Ending {
  const { change, end, decision } = facts;
  switch (end.kind) {
    case 'refused':
      return refusedEnding(
        decision ? refusalsWithEvents(decision.observed, end.problems) : end.problems,
      );
    case 'declined':
      return {
        exit: 5,
        result: 'declined',
        message: NOTHING,
        problems: [{ code: 'declined', message: 'The question was not answered with yes.' }],
      };
    case 'dry-run':
      return dryRunEnding(change, decision);
    case 'write-failed':
      return writeEnding(end.problem, end.done);
    case 'awaited':
      return decision ? awaitedEnding(facts, decision) : unreachable();
    case 'interrupted':
      return {
        exit: exitOfSignal({ reason: end.signal }),
        result: 'interrupted',
        message: interruptedMessage(facts),
        onward: 'again',
        problems: [{ code: 'interrupted', message: `The command was stopped by ${end.signal}.` }],
      };
  }
}

function interruptedMessage({ writes, sending }: Facts): string {
  if (sending) return UNSURE;
  return writes.length === 0 ? NOTHING : '';
}

function unreachable(): never {
  throw new Error('a run was awaited that had decided nothing');
}

/** Codes of what is wrong on the person's side before a cluster or AWS has said anything. */
const configuration = [
  'credentials-refused',
  'plugin-failed',
  'aws-credentials-missing',
  'aws-credentials-refused',
];

function refusedEnding(problems: readonly Problem[]): Ending {
  const exit = exitOf({ kind: 'refused', problems });
  const unread = problems.filter((problem) => problem.unread);
  if (exit === 8 && unread.every(({ code }) => configuration.includes(code))) {
    return {
      exit: 2,
      result: 'not started',
      message: `Credentials are missing or not accepted. ${NOTHING}`,
      problems,
    };
  }
  return exit === 8
    ? {
        exit,
        result: 'unknown',
        message: `A required fact could not be read. ${NOTHING}`,
        problems,
      }
    : { exit, result: 'refused', message: NOTHING, problems };
}

function dryRunEnding(change: Change, decision: Decision | undefined): Ending {
  const changes = (decision?.plan.steps.length ?? 0) > 0;
  const leftOut = (decision?.plan.leftOut ?? []).flatMap(({ problems: found }) => found);
  const problems = [...leftOut, ...(decision?.plan.unmended ?? [])];
  const { detailedExitcode } = change;
  if (leftOut.length > 0) {
    return {
      exit: exitOf({ kind: 'refused', problems: leftOut }),
      result: 'partly refused',
      message: `This was a dry run. ${NOTHING}`,
      problems,
    };
  }
  return {
    exit: exitOf({ kind: 'dry-run', changes, detailedExitcode }),
    result: changes ? 'changes pending' : 'nothing to change',
    message: `This was a dry run. ${NOTHING}`,
    problems,
  };
}

function writeEnding(problem: Problem, done: number): Ending {
  const exit = exitOf({ kind: 'write-failed', problem, done });
  if (exit === 5) return { exit, result: 'refused', message: NOTHING, problems: [problem] };
  const message =
    done === 0
      ? UNSURE
      : `${done === 1 ? 'One change was' : `${done} changes were`} made, and the next one failed.`;
  return {
    exit,
    result: 'partly done',
    message,
    // A refusal stays one until its cause is gone; an object that moved is read afresh.
    onward: isRejection(problem.code) && problem.code !== 'object-changed' ? 'cured' : 'again',
    problems: [{ code: 'partly-done', message }, problem],
  };
}
