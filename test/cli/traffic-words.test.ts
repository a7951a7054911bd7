import { ownWords, wordsFor } from '../../src/cli/traffic-words.ts';
import { parseText } from '../../src/cli/traffic-values.ts';

const words = (line: string): readonly string[] => line.split(' ');

test.each([
  ['verify nginx --traffic', 'verify nginx --traffic=enough'],
  ['verify --traffic nginx', 'verify --traffic=enough nginx'],
  ['verify --traffic 50 nginx', 'verify --traffic 50 nginx'],
  ['verify nginx --traffic=50', 'verify nginx --traffic=50'],
  [
    'verify nginx --traffic --during nlbmc leave nginx --yes',
    'verify nginx --traffic=enough --during=["nlbmc","leave","nginx","--yes"]',
  ],
  ['verify nginx --during -- nlbmc x --traffic', 'verify nginx --during=["nlbmc","x","--traffic"]'],
  ['verify nginx --during', 'verify nginx --during'],
  ['sandbox -- nlbmc verify --during x', 'sandbox -- nlbmc verify --during x'],
  ['join nginx --traffic', 'join nginx --traffic'],
])('%s', (line, made) => expect(wordsFor(words(line)).join(' ')).toBe(made));

test('options of a command to run are not those of nlbmc', () => {
  expect(ownWords(words('verify x -o json --during y -o yaml'))).toEqual(words('verify x -o json'));
  expect(ownWords(words('sandbox -- y -o yaml'))).toEqual(['sandbox']);
});

test.each([
  ['PING\\r\\n', 'PING\r\n'],
  ['a\\\\nb', 'a\\nb'],
  ['\\x00\\x41\\0\\t', '\0A\0\t'],
  ['\\q', '\\q'],
])('--send %s', (text, sent) => expect(parseText(text)).toBe(sent));
