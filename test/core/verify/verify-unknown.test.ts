import { typed } from '../typed.ts';
import type { Observed } from '../../../src/core/observed/observed.ts';
import { verifyEnd } from '../../../src/core/traffic/traffic-exit.ts';
import { verdictOf } from '../../../src/core/verify/verify.ts';
import type { Verdict } from '../../../src/core/plan/verdict.ts';
import { cluster } from '../cluster-builder.ts';
import { codesOf, enabledPrimary, joinedSecondary, observed, unreadable } from '../world.ts';
import { intent, world } from '../verifying.ts';

describe('unknown wins over red', () => {
  const red = joinedSecondary().tracks('nginx', '10.0.2.1:80');
  const edit = (over: Partial<Observed['clusters'][number]>): Verdict => {
    const o = world({ clusters: [enabledPrimary(), red] });
    return verdictOf(
      {
        ...o,
        clusters: [
          o.clusters[0] as never,
          { ...(o.clusters[1] as never as Observed['clusters'][number]), ...over },
        ],
      },
      intent,
    );
  };
  test.each<[string, Verdict]>([
    ['bindings', edit({ bindings: unreadable() })],
    ['ConfigMap', edit({ tracked: {} })],
    ['endpoints', edit({ endpoints: {} })],
    ['Service', edit({ services: { 'default/nginx': unreadable() } })],
    [
      'target group',
      verdictOf({ ...world({ clusters: [enabledPrimary(), red] }), targetGroups: {} }, intent),
    ],
    [
      'load balancer',
      verdictOf(
        { ...world({ clusters: [enabledPrimary(), red] }), loadBalancer: unreadable() },
        intent,
      ),
    ],
  ])('%s', (_, verdict) => {
    expect(verdict.exit).toBe(8);
    expect(verdict.state).toBe('unknown');
  });

  test('and a count that could not be read is null, and nobody is called unclaimed', () => {
    const { ports } = edit({ tracked: {} });
    expect(ports[0]?.members[1]).toMatchObject({
      tracked: null,
      registered: null,
      healthy: null,
      state: 'unknown',
    });
    expect(ports[0]?.notes.filter(({ kind }) => kind === 'unclaimed')).toEqual([]);
  });
});

describe('nothing to judge', () => {
  test('no Service', () => {
    const none = cluster('pri').with({ serviceNames: ['ngin'] });
    const verdict = verdictOf(observed({ clusters: [none] }), intent);
    expect(verdict).toMatchObject({ exit: 3, state: 'degraded', ports: [] });
    expect(typed(verdict.problems[0])).toBe('nlbmc verify ngin -n default --context pri');
  });
  test('bindings unread', () =>
    expect(
      verdictOf(observed({ clusters: [cluster('pri').with({ bindings: unreadable() })] }), intent)
        .exit,
    ).toBe(8));
});

test.each<[string, Partial<Observed['clusters'][number]>]>([
  ['records', { tracked: { 'default/nginx': unreadable() } }],
  ['endpoints', { endpoints: { 'default/nginx': unreadable() } }],
])('unread %s are not told as absent ones', (_, over) => {
  const sec = joinedSecondary().with(over);
  const { exit, problems, ports } = verdictOf(world({ clusters: [enabledPrimary(), sec] }), intent);
  expect(exit).toBe(8);
  expect(codesOf(problems)).toEqual(['api-forbidden']);
  expect(ports[0]?.notes).toEqual([]);
});

test('a cluster that does not answer is told once, not for each thing that was asked of it', () => {
  const late = (what: string) =>
    unreadable<never>({ code: 'api-unreachable', message: `It timed out, asked to ${what}.` });
  const sec = joinedSecondary().with({
    bindings: late('list bindings'),
    identity: late('get kube-system'),
    controller: late('list deployments'),
  });
  const { problems, skips, exit } = verdictOf(world({ clusters: [enabledPrimary(), sec] }), intent);
  expect(exit).toBe(8);
  expect(codesOf(problems)).toEqual(['api-unreachable']);
  expect(skips).toEqual([]);
});

test('a cluster whose bindings may be listed in one namespace only is said to be so', () => {
  const sec = joinedSecondary().with({ bindingsScope: 'namespace' });
  const narrow = world({ clusters: [enabledPrimary(), sec] });
  const { problems, exit, state } = verdictOf(narrow, intent);
  // An exclusive binding in another namespace would take these targets out.
  expect({ exit, state }).toEqual({ exit: 8, state: 'unknown' });
  expect(typed(problems[0])).toBe(
    [
      'kubectl --context sec auth can-i list targetgroupbindings.elbv2.k8s.aws -A',
      'if you accept that a binding in another namespace may deregister these targets: nlbmc verify nginx -n default --context pri,sec --accept unread',
    ].join('\n'),
  );
  const accepted = verdictOf(narrow, { ...intent, acceptUnread: true });
  expect(accepted).toMatchObject({ exit: 0, problems: [] });
  expect(verifyEnd(accepted, 2, undefined).result).toBe('ready in what could be read');
  const { skips } = accepted;
  expect(skips).toMatchObject([{ about: { cluster: 'sec' } }]);
  expect(typed(skips[0])).toBe(
    'kubectl --context sec auth can-i list targetgroupbindings.elbv2.k8s.aws -A',
  );
});
