import { join } from 'node:path';
import { play } from './exchange.ts';
import { startPractice } from './practice.ts';
import { recordedAnswers } from './recorded.ts';
import { namespaceOf, rows } from './rows.ts';

const answers = recordedAnswers(join(import.meta.dirname, '../../../..'));
let practice: Awaited<ReturnType<typeof startPractice>>;
beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice.close());

describe('the practice API server answers as kube-apiserver did', () => {
  test.each(rows.map((row, i) => [row.name, row, i] as const))('%s', async (name, row, i) => {
    expect(await play(practice.ask, row, namespaceOf(i))).toEqual(answers[name]);
  });
});

describe('the table', () => {
  test('has an answer for each row, and each name once', () => {
    expect(Object.keys(answers).sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  test('is mostly about refusals', () => {
    const refused = Object.values(answers).filter(
      (answer) => (answer as { code: number }).code >= 400,
    );
    expect(refused.length).toBeGreaterThan(rows.length / 2);
  });
});
