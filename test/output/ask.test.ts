import type { Problem } from '../../src/core/model/problem.ts';
import { confirm, openCautions } from '../../src/output/ask.ts';

const mild: Problem = { code: 'no-endpoints', message: 'There is none.' };
const grave: Problem = { code: 'managed-elsewhere', message: 'Argo CD.', grave: true };
const answers = { yes: false, accept: [] as string[], input: true, always: false };

test.each([
  ['nothing', {}, ['no-endpoints', 'managed-elsewhere']],
  ['--yes', { yes: true }, ['managed-elsewhere']],
  ['--accept of the grave one', { accept: ['managed-elsewhere'] }, ['no-endpoints']],
  ['both', { yes: true, accept: ['managed-elsewhere'] }, []],
])('with %s', (_, given, open) => {
  const left = openCautions([mild, grave], { ...answers, ...given });
  expect(left.map(({ code }) => code)).toEqual(open);
});

describe('a command that always asks', () => {
  const style = { glyph: {}, paint: (_: unknown, text: string) => text } as never;
  const closed = { stdin: {}, stderr: {} } as never;
  const always = { ...answers, always: true };
  test('asks without a caution, and says what answers it', async () => {
    await expect(confirm([], always, closed, style)).rejects.toMatchObject({
      problem: {
        code: 'not-a-terminal',
        hints: [{ text: expect.stringContaining('--yes') as string }],
      },
    });
  });
  test('takes --yes for an answer', async () => {
    expect(await confirm([], { ...always, yes: true }, closed, style)).toBe(true);
  });
  test('is not answered by the caution that is accepted', async () => {
    const accepted = { ...always, accept: ['managed-elsewhere'] };
    await expect(confirm([grave], accepted, closed, style)).rejects.toThrow();
  });
});
