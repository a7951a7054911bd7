import { readFileSync } from 'node:fs';

/** Written by the lab; see test/lab/golden-answers.ts. */
export const ANSWERS_FILE = 'test/sandbox/kube/golden/answers.json';

/** What the real API server answered, by the name of the row. */
export function recordedAnswers(root: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(`${root}/${ANSWERS_FILE}`, 'utf8')) as Record<string, unknown>;
}
