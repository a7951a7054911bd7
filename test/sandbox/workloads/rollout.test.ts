import { nextSizes, rolloutRules } from '../../../src/sandbox/workloads/rollout.ts';

const rules = (replicas: number, maxSurge: unknown, maxUnavailable: unknown) =>
  rolloutRules({ replicas, strategy: { rollingUpdate: { maxSurge, maxUnavailable } } });

test.each([
  ['a share of surge rounds up, of unavailable down', 10, '25%', '25%', 3, 2],
  ['numbers are numbers', 10, 1, 0, 1, 0],
  ['nought and nought would never move', 3, 0, 0, 0, 1],
  ['a small share of few is nought', 2, 0, '25%', 0, 1],
])('%s', (_, replicas, surge, unavailable, maxSurge, maxUnavailable) => {
  expect(rules(replicas, surge, unavailable)).toMatchObject({ maxSurge, maxUnavailable });
});

const crew = (name: string, size: number, available = size) => ({ name, size, available });

test.each([
  ['starts at once where nothing was', 3, crew('new', 0), [], { new: 3 }],
  ['adds the surge first', 4, crew('new', 0), [crew('old', 4)], { new: 1, old: 3 }],
  ['waits while the new ones are not there', 4, crew('new', 2, 0), [crew('old', 3)], { old: 3 }],
  [
    'takes the sick old pods where the others are needed',
    4,
    crew('new', 1),
    [crew('old', 4, 2)],
    { old: 2 },
  ],
  ['takes an old one for each new one', 4, crew('new', 2), [crew('old', 3)], { new: 2, old: 1 }],
  ['ends with the new ones alone', 4, crew('new', 4), [crew('old', 1)], { new: 4, old: 0 }],
  ['shrinks', 1, crew('new', 3), [], { new: 1 }],
])('a rolling update %s', (_, replicas, current, old, expected) => {
  const sizes = nextSizes(rules(replicas, '25%', '25%'), current, old, 0);
  expect(Object.fromEntries(sizes)).toMatchObject(expected);
});
