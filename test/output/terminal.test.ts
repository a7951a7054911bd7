import { plainStyle, styleFor } from '../../src/output/style.ts';
import { tableLines } from '../../src/output/table.ts';
import { spinnerLook, wantsColor, wantsRedraw } from '../../src/output/terminal.ts';

const file = { write: () => undefined };
const tty = { ...file, isTTY: true, columns: 80 };

test.each([
  ['a terminal', tty, {}, 'auto', true],
  ['a file', file, {}, 'auto', false],
  ['NO_COLOR', tty, { NO_COLOR: '1' }, 'auto', false],
  ['an empty NO_COLOR', tty, { NO_COLOR: '' }, 'auto', true],
  ['FORCE_COLOR', file, { FORCE_COLOR: '1' }, 'auto', true],
  ['FORCE_COLOR=0', tty, { FORCE_COLOR: '0' }, 'auto', false],
  ['NO_COLOR over FORCE_COLOR', tty, { NO_COLOR: '1', FORCE_COLOR: '1' }, 'auto', false],
  ['TERM=dumb', tty, { TERM: 'dumb' }, 'auto', false],
  ['--color always', file, { NO_COLOR: '1' }, 'always', true],
  ['--color never', tty, { FORCE_COLOR: '1' }, 'never', false],
] as const)('colour for %s', (_, stream, env, when, wanted) => {
  expect(wantsColor(stream, env, when)).toBe(wanted);
});

test.each([
  ['a terminal', tty, {}, true],
  ['a file', file, {}, false],
  ['TERM=dumb', tty, { TERM: 'dumb' }, false],
  ['CI', tty, { CI: 'true' }, false],
  ['a terminal without columns', { ...tty, columns: 0 }, {}, false],
  ['CI=false', tty, { CI: 'false' }, true],
])('redraw on %s', (_, stream, env, wanted) => {
  expect(wantsRedraw(stream, env, 'auto')).toBe(wanted);
});

test.each([
  [{}, '✓'],
  [{ LANG: 'de_DE.UTF-8' }, '✓'],
  [{ LANG: 'C' }, '+'],
  [{ LC_ALL: 'POSIX', LANG: 'C.UTF-8' }, '+'],
])('glyphs for the locale %j', (env, glyph) => {
  expect(plainStyle(env).glyph.good).toBe(glyph);
});

test.each([
  [{}, { color: 'cyan', spinner: 'dots' }],
  [{ NO_COLOR: '1' }, { color: false, spinner: 'dots' }],
  [{ LC_ALL: 'C' }, { color: 'cyan', spinner: 'line' }],
])('the spinner keeps to %j', (env, look) => {
  expect(spinnerLook(tty, env, 'auto')).toEqual(look);
});

test('columns are aligned by what is seen, not by colour codes', async () => {
  const rows = [
    ['a', { text: 'good', tone: 'good' }, '1'],
    ['longer', { text: 'b', tone: 'bad' }, '100'],
  ] as const;
  const colour = await styleFor(tty, {}, 'always');
  const heading = ['NAME', 'STATE', 'N'];
  const plain = tableLines(heading, rows, plainStyle({}), ['N']);
  expect(plain).toEqual(['NAME    STATE    N', 'a       good     1', 'longer  b      100']);
  const painted = tableLines(heading, rows, colour, ['N']);
  expect(painted.join('')).toContain('\u001B[');
  // eslint-disable-next-line no-control-regex
  expect(painted.map((line) => line.replace(/\u001B\[\d+m/g, ''))).toEqual(plain);
});
