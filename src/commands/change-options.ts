import { acceptedCodes, acceptedCount, type Acceptance } from '../core/model/acceptance.ts';
import type { LeaveIntent } from '../core/model/intent.ts';
import type { WriteStep } from '../core/plan/plan.ts';
import type { Problem } from '../core/model/problem.ts';
import type { Io } from '../io.ts';
import { confirm } from '../output/ask.ts';
import type { Format } from '../output/render.ts';
import type { Session, SessionOptions } from './session.ts';
import { undoOf } from '../core/plan/undo.ts';

/** Options of commands that change something. */
export interface ChangeOptions extends SessionOptions {
  readonly context?: string | undefined;
  readonly output: Format;
  /** Folder for one manifest file for each cluster, instead of stdout. */
  readonly outputDir?: string | undefined;
  readonly dryRun?: true | undefined;
  readonly detailedExitcode?: true | undefined;
  readonly yes?: true | undefined;
  readonly accept?: readonly Acceptance[] | undefined;
  readonly input: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

/** The number of targets that a person accepts to be deregistered: both spellings mean the same. */
export function removingOf(
  options: Pick<ChangeOptions, 'accept'> & { readonly acceptRemoving?: number | undefined },
): { readonly acceptRemoving?: number } {
  const count = options.acceptRemoving ?? acceptedCount(options.accept, 'removing');
  return count === undefined ? {} : { acceptRemoving: count };
}

/** What a person accepts of a leave: the number of targets, and that the Service stays bound elsewhere. */
export const acceptedLeaving = (
  options: Parameters<typeof removingOf>[0],
): Pick<LeaveIntent, 'acceptRemoving' | 'acceptStillBound'> => ({
  ...removingOf(options),
  ...(acceptedCodes(options.accept).includes('still-bound') ? { acceptStillBound: true } : {}),
});

/**
 * The part of a Change that every changing command takes from its options in the same way. Commands
 * that take something away ask `always`, the others where there is a caution.
 */
export const changeBasics = (
  options: Omit<ChangeOptions, 'context'>,
  { live, err }: Session,
  io: Io,
  asks: 'on-caution' | 'always' = 'on-caution',
) => ({
  // A manifest is for somebody else to apply: making it changes nothing.
  dryRun: options.dryRun === true || options.output === 'manifest',
  detailedExitcode: options.detailedExitcode === true,
  timeoutMs: options.timeout,
  asksAlways: asks === 'always' && options.yes !== true,
  undo: (step: WriteStep) => undoOf(step),
  confirm: (cautions: readonly Problem[]) => {
    live.pause();
    const answers = {
      yes: options.yes === true,
      accept: acceptedCodes(options.accept),
      input: options.input,
      always: asks === 'always',
    };
    return confirm(
      cautions,
      answers,
      io,
      err,
      err.screen !== undefined && live.told.has('planned'),
    );
  },
});
