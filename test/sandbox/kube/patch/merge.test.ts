import { mergePatch, patchBetween } from '../../../../src/sandbox/kube/patch/merge.ts';

// RFC 7386, appendix A.
test.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('%j patched with %j is %j', (target, patch, expected) => {
  const before = structuredClone(target);
  expect(mergePatch<unknown>(target, patch)).toEqual(expected);
  expect(target).toEqual(before);
});

test.each([
  [{ a: 1, b: { c: 2, d: 3 } }, { a: 1, b: { c: 4 } }, { b: { c: 4, d: null } }],
  [{ a: [1, 2] }, { a: [2] }, { a: [2] }],
  [{ a: 1 }, { a: { b: 1 } }, { a: { b: 1 } }],
  [{ a: 1, b: 2 }, {}, { a: null, b: null }],
])('from %j to %j it takes %j', (from, to, patch) => {
  expect(patchBetween(from, to)).toEqual(patch);
  expect(mergePatch<unknown>(from, patchBetween(from, to))).toEqual(to);
});

test('between equal values there is no patch', () => {
  expect(patchBetween({ a: [{ b: 1 }] }, { a: [{ b: 1 }] })).toBeUndefined();
});
