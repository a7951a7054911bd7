import { advice } from '../core/model/hint.ts';
import { ProblemError } from '../core/model/problem.ts';

/** The command line is wrong (exit 2): why, and what to type instead, each a sentence. */
export const usageError = (message: string, hint: string): ProblemError =>
  new ProblemError({ code: 'usage', message, hints: [advice(hint)] });
