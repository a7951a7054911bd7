import { readFileSync } from 'node:fs';

/** Written by the lab; see test/lab/golden-answers.ts. */
export const ANSWERS_FILE = 'test/sandbox/kube/golden/answers.jsonl';

/** What the real API server answered, by the name of the row. */
export function recordedAnswers(root: string): Readonly<Record<string, unknown>> {
  const lines = readFileSync(`${root}/${ANSWERS_FILE}`, 'utf8').trim().split('\n');
  const parsed = lines.map((line) => JSON.parse(line) as { row: string; answer: unknown });
  return Object.fromEntries(parsed.map(({ row, answer }) => [row, answer]));
}
