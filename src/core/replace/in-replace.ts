import { advice, type Hint } from '../model/hint.ts';
import type { Code } from '../model/codes.ts';
import type { Problem } from '../model/problem.ts';

/**
 * What a person may accept, as an option of the replace: the leave that is spelled for it would take
 * the old cluster out before the new one serves.
 */
function ofReplace(hint: Hint): Hint {
  if (hint.kind !== 'nlbmc' || hint.command !== 'leave' || hint.accepts === undefined) return hint;
  const { accept } = hint.options;
  const given = Array.isArray(accept) ? (accept as readonly string[]) : [];
  if (given.length === 0 || hint.options['without-controller'] === true) return hint;
  const options = given.map((one) => `--accept ${one}`).join(' ');
  return advice(`If you accept that ${hint.accepts}, run the same command again with ${options}.`);
}

/** What is wrong with the Service that is to be deleted. */
const ofDeletion: readonly Code[] = ['service-not-ours', 'service-in-use'];

/** A problem of a leave that is part of a replace. */
export const inReplace = (problem: Problem): Problem =>
  ofDeletion.includes(problem.code)
    ? { ...problem, hints: [advice('Run the same command without --delete-service.')] }
    : problem.hints
      ? { ...problem, hints: problem.hints.map(ofReplace) }
      : problem;
