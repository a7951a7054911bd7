import type { Code } from './codes.ts';

/**
 * What a person accepts by `--accept NAME[=N]`: a problem by its code, or a number of targets:
 * `leaking` (own targets that stay registered) or `removing` (targets that are deregistered).
 */
export interface Acceptance {
  readonly name: Code | 'leaking' | 'removing';
  /** Exactly this number; undefined: whatever the number. */
  readonly count?: number;
}

/** Names that are given with a number only. */
export const countedNames = ['leaking', 'removing'] as const;

/** The codes that are accepted whatever their number. */
export const acceptedCodes = (all: readonly Acceptance[] = []): readonly Code[] =>
  all.flatMap(({ name, count }) =>
    count !== undefined || name === 'leaking' || name === 'removing' ? [] : [name],
  );

/** The number that is accepted by that name; undefined: none was named. The last one counts. */
export const acceptedCount = (
  all: readonly Acceptance[] | undefined,
  name: Acceptance['name'],
): number | undefined => all?.findLast((one) => one.name === name)?.count;
