import { writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { play, type Ask } from '../sandbox/kube/golden/exchange.ts';
import { ANSWERS_FILE, recordedAnswers } from '../sandbox/kube/golden/recorded.ts';
import { namespaceOf, rows } from '../sandbox/kube/golden/rows.ts';

/**
 * Plays the golden rows on a real API server and gives back the names of those that it answers otherwise than
 * recorded. With RECORD_ANSWERS=1 in the environment it records them instead.
 * @param root the checkout
 */
export async function goldenAnswers(
  ask: Ask,
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const answers: Record<string, unknown> = {};
  for (const [i, row] of rows.entries()) answers[row.name] = await play(ask, row, namespaceOf(i));
  if (env['RECORD_ANSWERS'] === '1') {
    // One answer a line, so that a change of one is a change of one line.
    const lines = Object.entries(answers).map(
      ([row, answer]) => `${JSON.stringify({ row, answer })}\n`,
    );
    writeFileSync(`${root}/${ANSWERS_FILE}`, lines.join(''));
    return [];
  }
  const recorded = recordedAnswers(root);
  return rows
    .map(({ name }) => name)
    .filter((name) => !isDeepStrictEqual(answers[name], recorded[name]));
}
