import { Faults } from '../../../src/sandbox/requests/faults.ts';

const asked = { world: 'aws', text: 'elbv2.RegisterTargets' } as const;

test('a rule lets through, hits and is used up as it says, and counts what it hit', () => {
  const faults = new Faults();
  faults.add({ kind: 'cut', match: /Register/, skip: 1, times: 2 });
  const taken = Array.from({ length: 5 }, () => faults.take(asked)?.kind);
  expect(taken).toEqual([undefined, 'cut', 'cut', undefined, undefined]);
  expect(faults.armed.map(({ number, hits }) => [number, hits])).toEqual([[1, 2]]);
});

test('a rule for a controller hits its calls alone, one without hits no controller', () => {
  const faults = new Faults();
  faults.add({ kind: 'cut', caller: 'lbc/blue' });
  expect(faults.take({ ...asked, caller: 'lbc/blue' })).toBeDefined();
  expect(faults.take({ ...asked, caller: 'lbc/green' })).toBeUndefined();
  expect(faults.take(asked)).toBeUndefined();
  faults.clear();
  faults.add({ kind: 'cut' });
  expect(faults.take({ ...asked, caller: 'lbc/blue' })).toBeUndefined();
  expect(faults.take(asked)).toBeDefined();
});

test('a number is never given again', () => {
  const faults = new Faults();
  faults.add({ kind: 'cut' });
  faults.add({ kind: 'hang' });
  faults.remove(2);
  faults.add({ kind: 'cut-after' });
  expect(faults.armed.map(({ number, rule }) => [number, rule.kind])).toEqual([
    [1, 'cut'],
    [3, 'cut-after'],
  ]);
});
