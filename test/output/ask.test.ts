import type { Problem } from '../../src/core/problem.ts';
import { openCautions } from '../../src/output/ask.ts';

const mild: Problem = { code: 'no-endpoints', message: 'There is none.' };
const grave: Problem = { code: 'managed-elsewhere', message: 'Argo CD.', grave: true };
const answers = { yes: false, accept: [] as string[], input: true };

test.each([
  ['nothing', {}, ['no-endpoints', 'managed-elsewhere']],
  ['--yes', { yes: true }, ['managed-elsewhere']],
  ['--accept of the grave one', { accept: ['managed-elsewhere'] }, ['no-endpoints']],
  ['both', { yes: true, accept: ['managed-elsewhere'] }, []],
])('with %s', (_, given, open) => {
  const left = openCautions([mild, grave], { ...answers, ...given });
  expect(left.map(({ code }) => code)).toEqual(open);
});
