import { parseStringMap } from '../../../../src/sandbox/lbc/service/attributes-annotation.ts';

const read = (version: string, raw: string): string | Record<string, string> => {
  try {
    return Object.fromEntries(parseStringMap(version, 'x/y', raw));
  } catch (error) {
    return (error as Error).message;
  }
};
const fault = (raw: string): string => `failed to parse stringMap annotation, x/y: ${raw}`;

// What versions before and since v2.14.1 make of an annotation: both are pkg/annotations/parser.go.
const table: [raw: string, old: ReturnType<typeof read>, now: ReturnType<typeof read>][] = [
  ['a=1,b=2', { a: '1', b: '2' }, { a: '1', b: '2' }],
  ['', {}, {}],
  ['   ', {}, fault('   ')],
  ['a=1, b=2', { a: '1', b: '2' }, { a: '1', b: '2' }],
  ['a = 1', { 'a ': ' 1' }, { a: '1' }],
  ['a=1,a=2', { a: '2' }, { a: '2' }],
  ['a=b,', { a: 'b' }, { a: 'b,' }],
  ['a=b,,c=d', { a: 'b', c: 'd' }, fault('a=b,,c=d')],
  [',a=b', { a: 'b' }, fault(',a=b')],
  ['a=b,c', fault('a=b,c'), fault('a=b,c')],
  ['a=', { a: '' }, { a: '' }],
  ['a=b=c', { a: 'b=c' }, { a: 'b=c' }],
  ['=b', fault('=b'), fault('=b')],
  ['a=b\nc=d', { a: 'b\nc=d' }, { a: 'b\nc=d' }],
  ['a=b\\,c,d=e', fault('a=b\\,c,d=e'), { a: 'b,c', d: 'e' }],
];

test.each(table)('%j is read as v2.14.0 and as v2.14.1 do', (raw, old, now) => {
  expect(read('v2.14.0', raw)).toEqual(old);
  expect(read('v2.14.1', raw)).toEqual(now);
});
