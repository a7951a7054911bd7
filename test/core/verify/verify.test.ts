import type { Verdict } from '../../../src/core/plan/verdict.ts';
import { endpointsAt } from '../cluster-builder.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  primaryTargets,
  secondaryTargets,
  unreadable,
} from '../world.ts';
import { both, verify, withSecond } from '../verifying.ts';

test('all is well: green, four sets for each cluster, and no note', () => {
  const { state, exit, ports, problems } = verify();
  expect({ state, exit, problems }).toEqual({ state: 'ready', exit: 0, problems: [] });
  expect(ports).toHaveLength(1);
  expect(ports[0]?.notes).toEqual([]);
  expect(ports[0]?.members).toMatchObject([
    {
      cluster: 'pri',
      role: 'primary',
      eligible: 3,
      tracked: 3,
      registered: 3,
      healthy: 3,
      draining: 0,
      state: 'ready',
    },
    {
      cluster: 'sec',
      role: 'secondary',
      binding: { name: 'nginx' },
      eligible: 2,
      tracked: 2,
      registered: 2,
      healthy: 2,
      draining: 0,
      state: 'ready',
    },
  ]);
});

test('roles do not depend on the order of the contexts', () => {
  const { ports } = verify({ clusters: [joinedSecondary(), enabledPrimary()] });
  expect(ports[0]?.members.map(({ cluster: c, role }) => [c, role])).toEqual([
    ['sec', 'secondary'],
    ['pri', 'primary'],
  ]);
});

describe('not red', () => {
  test.each<[string, Verdict]>([
    [
      'draining targets of nobody',
      verify({
        targets: { 80: [...both, '10.0.3.9:80 draining Target.DeregistrationInProgress'] },
      }),
    ],
    [
      'a tracked target whose endpoint has gone',
      withSecond(joinedSecondary().tracks('nginx', [...secondaryTargets, '10.0.2.9:80'].join(','))),
    ],
    [
      'protection that is not asked for',
      verify({ protection: 'false' }, { allowUnprotected: true }),
    ],
    [
      'attributes unread that are not asked for',
      verify({ balancer: { attributes: unreadable() } }, { allowUnprotected: true }),
    ],
    [
      'a target registered by hand on purpose',
      verify({ targets: { 80: [...both, '10.0.3.9:80'] } }, { knownTargets: [{ id: '10.0.3.9' }] }),
    ],
    [
      'the same, with its port',
      verify(
        { targets: { 80: [...both, '10.0.3.9:80'] } },
        { knownTargets: [{ id: '10.0.3.9', port: 80 }] },
      ),
    ],
    [
      'a controller that could not be read',
      verify({
        clusters: [enabledPrimary().with({ controller: unreadable() }), joinedSecondary()],
      }),
    ],
  ])('%s', (_, verdict) => {
    expect(verdict.problems).toEqual([]);
    expect(verdict.exit).toBe(0);
  });

  test('another port of a target that is known does not hide it', () =>
    expect(
      verify(
        { targets: { 80: [...both, '10.0.3.9:80'] } },
        { knownTargets: [{ id: '10.0.3.9', port: 81 }] },
      ).exit,
    ).toBe(3));
});

test('each target that is not simply healthy has a note in plain words', () => {
  const sec = joinedSecondary()
    .endpoints([...endpointsAt(['10.0.2.1', '10.0.2.2', '10.0.2.3'])])
    .tracks('nginx', '10.0.2.1:80,10.0.2.8:80,10.0.2.9:80');
  const { ports } = withSecond(sec, [
    ...primaryTargets,
    '10.0.2.1:80 unhealthy Target.Timeout',
    '10.0.2.2:80',
    '10.0.2.8:80',
    '10.0.2.7:80 draining Target.DeregistrationInProgress',
  ]);
  expect(ports[0]?.notes.map(({ target, kind, owners }) => [target.id, kind, ...owners])).toEqual([
    ['10.0.2.1', 'state', 'sec'],
    ['10.0.2.2', 'untracked', 'sec'],
    ['10.0.2.8', 'gone', 'sec'],
    ['10.0.2.7', 'state'],
    ['10.0.2.3', 'unregistered', 'sec'],
    ['10.0.2.9', 'gone', 'sec'],
  ]);
  expect(ports[0]?.notes[0]?.text).toBe(
    'does not answer health checks in time (unhealthy, Target.Timeout)',
  );
});

test('a draining target of a listed cluster is said to be of that cluster, by what EC2 knows', () => {
  const gone = '10.0.2.9:80 draining Target.DeregistrationInProgress';
  const parts = { targets: { 80: [...both, gone] } };
  const addressEvidence = { '10.0.2.9': { instance: 'i-9', cluster: 'sec', gone: false } };
  expect(verify({ ...parts, addressEvidence }).ports[0]?.notes).toMatchObject([
    { owners: ['sec'], kind: 'state' },
  ]);
  // Nothing tells whose it was: that is not the same as nobody's.
  expect(verify(parts).ports[0]?.notes).toMatchObject([{ owners: [], kind: 'state' }]);
});

test.each<[string, string]>([
  ['a range', '10.0.3.0/24'],
  ['its instance', 'i-0abc'],
  ['its address', '10.0.3.9'],
])('a virtual machine that is named by %s is a note', (_, id) => {
  const addressEvidence = { '10.0.3.9': { instance: 'i-0abc', gone: false } };
  const named = verify(
    { targets: { 80: [...both, '10.0.3.9:80'] }, addressEvidence },
    { knownTargets: [{ id }] },
  );
  expect(named.exit).toBe(0);
  expect(named.ports[0]?.notes).toMatchObject([{ kind: 'known', target: { id: '10.0.3.9' } }]);
  const other = verify({ targets: { 80: [...both, '10.0.4.9:80'] } }, { knownTargets: [{ id }] });
  expect(other.exit).toBe(3);
});

test('what was not needed and could not be read is a skip', () => {
  const pri = enabledPrimary().with({ controller: unreadable(), identity: unreadable() });
  const { exit, skips } = verify({ clusters: [pri, joinedSecondary()] });
  expect(exit).toBe(0);
  expect(skips).toMatchObject([{ code: 'api-forbidden', about: { cluster: 'pri' } }]);
});

test('one cluster under two contexts is not two', () => {
  const twin = joinedSecondary('twin').with(joinedSecondary().view).with({ context: 'twin' });
  const { problems, exit } = verify({ clusters: [enabledPrimary(), joinedSecondary(), twin] });
  expect(codesOf(problems)).toContain('same-cluster');
  expect(exit).toBe(3);
});
