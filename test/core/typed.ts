import type { Problem } from '../../src/core/model/problem.ts';
import { hintText } from '../../src/output/hint-text.ts';

/**
 * What a problem gives to type, a line each, as a run without connection flags prints it; or as a
 * document of `-o json` has it, where it is spelled already.
 */
export const typed = (problem: Problem | undefined): string =>
  (problem?.hints ?? [])
    .map((hint) => ('kind' in hint ? hintText(hint, {}).text : (hint as { text: string }).text))
    .join('\n');
