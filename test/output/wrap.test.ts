import { unbroken, wrapped } from '../../src/output/wrap.ts';

test('a line is broken between words, and its rest is indented under it', () =>
  expect(wrapped(['  one two three four'], 12)).toEqual(['  one two', '    three', '    four']));

test('a command stays on one line, below what is said of it', () =>
  expect(wrapped([`then: ${unbroken('nlbmc join nginx --context a')}`], 12)).toEqual([
    'then:',
    '  nlbmc join nginx --context a',
  ]));

test('a word that is wider than the terminal stays whole', () =>
  expect(wrapped(['a arn:aws:elasticloadbalancing b'], 10)).toEqual([
    'a',
    '  arn:aws:elasticloadbalancing',
    '  b',
  ]));

test('colour takes no room', () =>
  expect(wrapped(['\u001B[32mready\u001B[39m now'], 9)).toEqual(['\u001B[32mready\u001B[39m now']));

test('without a terminal lines are as long as they are', () =>
  expect(wrapped([`a ${unbroken('b c')} d`], undefined)).toEqual(['a b c d']));
