import { differences } from './compare.ts';

const known = [
  {
    scenarios: /^new-/,
    line: /events\[\] = "Service nginx: Warning/,
    why: 'an example',
    upstream: 'pkg/k8s/events.go:1',
  },
];

test.each([
  ['the same', { a: ['x', 'y'] }, { a: ['y', 'x'] }, []],
  ['a value', { a: 1 }, { a: '1' }, ['only in the sandbox: a = 1', 'only in the lab: a = "1"']],
  ['one more in a list', { a: ['x'] }, { a: ['x', 'y'] }, ['only in the lab: a[] = "y"']],
  ['nothing and an empty list', { a: [], b: 1 }, { b: 1 }, ['only in the sandbox: a = []']],
  [
    'a field of an object in a list',
    { a: [{ b: true, c: 1 }] },
    { a: [{ b: false, c: 1 }] },
    ['only in the sandbox: a[0]/b = true', 'only in the lab: a[0]/b = false'],
  ],
])('names what differs: %s', (_, sandbox, lab, lines) => {
  expect(differences('any', sandbox, lab, [])).toEqual(lines);
});

test('leaves out what is known, in the scenarios where it is known', () => {
  const lab = { events: ['Service nginx: Warning FailedBuildModel', 'Service nginx: Normal Told'] };
  const other = 'only in the lab: events[] = "Service nginx: Normal Told"';
  expect(differences('new-workload', { events: [] }, lab, known)).toEqual([
    'only in the sandbox: events = []',
    other,
  ]);
  expect(differences('existing-nlb', { events: [] }, lab, known)).toHaveLength(3);
});
