import type { Code } from '../model/codes.ts';
import { codes } from '../model/codes.ts';
import { problemKey } from '../model/problem-key.ts';
import type { Problem } from '../model/problem.ts';

/** What a check found. A skip is shown with its reason; it is never a pass. */
export type Finding =
  | { readonly kind: 'pass' }
  | { readonly kind: 'fail'; readonly problems: readonly Problem[] }
  | { readonly kind: 'skip'; readonly reason: string; readonly unread?: Problem };

/**
 * A true-or-false statement about what was observed; its title is the one of its code, a true
 * sentence with a tick before it. `blocker`: refuses; `caution`: asks. The problems of a failure
 * bear the code of the check.
 */
export interface Check<Subject> {
  readonly id: Code;
  readonly severity: 'blocker' | 'caution';
  run(subject: Subject): Finding;
}

/** A failure with these problems; a pass when there are none. */
export const failing = (problems: readonly Problem[]): Finding =>
  problems.length > 0 ? { kind: 'fail', problems } : { kind: 'pass' };

type Skip = Extract<Finding, { kind: 'skip' }>;

export const skipped = (reason: string): Skip => ({ kind: 'skip', reason });

/** What the check needs could not be read. */
export const skippedUnread = (unread: Problem): Skip => ({
  kind: 'skip',
  reason: unread.message,
  unread,
});

/** What a list of checks found, by its effect on a plan. */
export interface Found {
  readonly blockers: readonly Problem[];
  readonly cautions: readonly Problem[];
  readonly skips: readonly Problem[];
}

/** Runs the checks on one subject. */
export function runChecks<Subject>(checks: readonly Check<Subject>[], subject: Subject): Found {
  const results = checks.map((check) => ({ check, finding: check.run(subject) }));
  const failed = (severity: Check<Subject>['severity']): readonly Problem[] =>
    results.flatMap(({ check, finding }) =>
      check.severity === severity && finding.kind === 'fail' ? finding.problems : [],
    );
  return {
    blockers: failed('blocker'),
    cautions: failed('caution'),
    skips: onceUnread(
      results.flatMap(({ check, finding }): readonly Problem[] => {
        if (finding.kind !== 'skip') return [];
        const what = `Not checked: "${codes[check.id]}".`;
        // One fact that could not be read keeps several checks from being made: it is told once.
        if (finding.unread) return [{ ...finding.unread, details: [what] }];
        return [{ code: check.id, message: `${what} ${finding.reason}` }];
      }),
    ),
  };
}

/** Skips for the same unread fact as one, with everything that was not checked for it. */
function onceUnread(skips: readonly Problem[]): readonly Problem[] {
  const found = new Map<string, Problem>();
  for (const skip of skips) {
    const key = problemKey(skip);
    const before = found.get(key);
    const details = [...new Set([...(before?.details ?? []), ...(skip.details ?? [])])];
    found.set(key, { ...(before ?? skip), ...(details.length > 0 ? { details } : {}) });
  }
  return [...found.values()];
}

/** What a check finds wrong. The check adds its own code. */
export type Wrong = Omit<Problem, 'code'>;

/**
 * A check from what it looks for: all that is wrong with a subject (nothing: it passes), or why it
 * cannot tell. Its problems bear its code.
 */
export const check = <Subject>(
  id: Code,
  severity: Check<Subject>['severity'],
  look: (
    subject: Subject,
  ) => readonly Wrong[] | Wrong | Extract<Finding, { kind: 'skip' }> | undefined,
): Check<Subject> => ({
  id,
  severity,
  run(subject) {
    const found = look(subject);
    if (found !== undefined && 'kind' in found) return found;
    const wrong = found === undefined ? [] : 'message' in found ? [found] : found;
    return failing(wrong.map((one) => ({ code: id, ...one })));
  },
});

/**
 * The cautions of a plan. They belong to its steps: a plan without steps needs no decision,
 * and what they found is a note.
 */
export const cautionsOf = (
  { cautions }: Pick<Found, 'cautions'>,
  steps: readonly unknown[],
): { readonly cautions: readonly Problem[]; readonly notes?: readonly Problem[] } =>
  steps.length > 0 || cautions.length === 0 ? { cautions } : { cautions: [], notes: cautions };

/** Several findings as one. */
export const merged = (all: readonly Found[]): Found => ({
  blockers: all.flatMap(({ blockers }) => blockers),
  cautions: all.flatMap(({ cautions }) => cautions),
  skips: onceUnread(all.flatMap(({ skips }) => skips)),
});
