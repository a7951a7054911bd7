import { advice } from '../../src/core/model/hint.ts';
import { enableHint, repairHint } from '../../src/core/model/nlbmc-hints.ts';
import type { Problem } from '../../src/core/model/problem.ts';
import { causeLines } from '../../src/output/causes.ts';
import { plainStyle, type Style } from '../../src/output/style.ts';

const service = { namespace: 'default', name: 'nginx' };
const style: Style = { ...plainStyle({}), screen: { verbose: false } };
const repair = repairHint({ service }, ['pri']);
const untracked = (n: number): Problem => ({
  code: 'endpoint-untracked',
  message: `10.0.0.${n}:80 is not tracked.`,
  hints: [repair],
});
const shown = (problems: readonly Problem[], how = style) =>
  causeLines(problems, how, 'bad', () => 'failed');

test('findings that one command mends are one with a count, and the command comes last', () =>
  expect(shown([untracked(1), untracked(2)])).toEqual({
    lines: [
      '✗ failed 2 findings (endpoint-untracked)',
      '    10.0.0.1:80 is not tracked.',
      '    10.0.0.2:80 is not tracked.',
    ],
    next: ['next  nlbmc repair nginx -n default --context pri'],
  }));

test('two causes have a command each, where they stand, and an equal one once', () => {
  const protection: Problem = {
    code: 'deletion-unprotected',
    message: 'It is off.',
    hints: [enableHint(service, 'pri')],
  };
  const contested: Problem = { code: 'target-contested', message: 'Two.', hints: [repair] };
  expect(shown([untracked(1), protection, contested])).toEqual({
    lines: [
      '✗ failed 10.0.0.1:80 is not tracked. (endpoint-untracked)',
      '    next  nlbmc repair nginx -n default --context pri',
      '✗ failed It is off. (deletion-unprotected)',
      '    next  nlbmc enable nginx -n default --context pri',
      '✗ failed Two. (target-contested)',
    ],
    next: [],
  });
});

test('what else may be typed is no second thing to do next', () =>
  expect(
    shown([
      {
        code: 'targets-of-others',
        message: 'Others.',
        hints: [repair, enableHint(service, 'pri')],
      },
    ]).next,
  ).toEqual([
    'next  nlbmc repair nginx -n default --context pri',
    'or  nlbmc enable nginx -n default --context pri',
  ]));

test('many findings are cut short, and -v lists them all', () => {
  const many = Array.from({ length: 12 }, (_, n) => untracked(n));
  expect(shown(many).lines).toHaveLength(8);
  expect(shown(many).lines.at(-1)).toBe('    and 6 more: -v lists them');
  expect(shown(many, { ...style, screen: { verbose: true } }).lines).toHaveLength(13);
});

test('a sentence leads on as well', () =>
  expect(
    shown([{ code: 'api-throttled', message: 'Too many.', hints: [advice('Later.')] }]),
  ).toEqual({
    lines: ['✗ failed Too many. (api-throttled)'],
    next: ['Later.'],
  }));
