import type { VerifyIntent } from '../../src/core/intent.ts';
import type { Observed } from '../../src/core/observed.ts';
import { verdictOf } from '../../src/core/verify.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import {
  arnOf,
  attributesKey,
  cluster,
  codesOf,
  enabledAnnotations,
  enabledPrimary,
  endpointsAt,
  joinedSecondary,
  observed,
  primaryTargets,
  secondary,
  secondaryTargets,
  service,
  unreadable,
  type ClusterBuilder,
  type WorldParts,
} from './world.ts';

const intent: VerifyIntent = { service, minHealthy: 1, knownTargets: [], allowUnprotected: false };
const both = [...primaryTargets, ...secondaryTargets];
const world = (parts: Partial<WorldParts> = {}): Observed =>
  observed({ clusters: [enabledPrimary(), joinedSecondary()], targets: { 80: both }, ...parts });
const verify = (parts: Partial<WorldParts> = {}, over: Partial<VerifyIntent> = {}): Verdict =>
  verdictOf(world(parts), { ...intent, ...over });
const withSecond = (sec: ClusterBuilder, targets: readonly string[] = both): Verdict =>
  verify({ clusters: [enabledPrimary(), sec], targets: { 80: targets } });

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

describe('red', () => {
  const down = joinedSecondary().controller({ readyReplicas: 0 });
  test.each<[string, readonly string[], string, Verdict]>([
    [
      'a listed cluster without a binding',
      ['member-missing'],
      'degraded',
      withSecond(secondary(), primaryTargets),
    ],
    [
      'an exclusive binding',
      ['binding-exclusive'],
      'degraded',
      withSecond(joinedSecondary().editBindings({ multiCluster: false })),
    ],
    [
      'no endpoints',
      ['no-endpoints'],
      'degraded',
      withSecond(joinedSecondary().endpoints([]).tracks('nginx', ''), primaryTargets),
    ],
    [
      'an endpoint that is not tracked',
      ['endpoint-untracked'],
      'degraded',
      withSecond(joinedSecondary().tracks('nginx', '10.0.2.1:80')),
    ],
    [
      'no ConfigMap',
      ['endpoint-untracked', 'endpoint-untracked'],
      'degraded',
      withSecond(joinedSecondary().tracks('nginx', undefined)),
    ],
    [
      'one that somebody took out',
      ['endpoint-unregistered'],
      'degraded',
      withSecond(joinedSecondary(), both.slice(0, -1)),
    ],
    [
      'a new one',
      ['target-converging'],
      'converging',
      withSecond(joinedSecondary().tracks('nginx', '10.0.2.1:80'), both.slice(0, -1)),
    ],
    [
      'a target in its first checks',
      ['target-converging'],
      'converging',
      withSecond(joinedSecondary(), [
        ...both.slice(0, -1),
        '10.0.2.2:80 initial Elb.InitialHealthChecking',
      ]),
    ],
    [
      'all of them so, with too few healthy ones',
      ['target-converging', 'target-converging', 'below-minimum'],
      'converging',
      withSecond(joinedSecondary(), [
        ...primaryTargets,
        '10.0.2.1:80 initial',
        '10.0.2.2:80 initial',
      ]),
    ],
    [
      'an unhealthy target',
      ['target-unhealthy'],
      'degraded',
      withSecond(joinedSecondary(), [
        ...both.slice(0, -1),
        '10.0.2.2:80 unhealthy Target.FailedHealthChecks',
      ]),
    ],
    [
      'a zone that is off',
      ['target-unhealthy'],
      'degraded',
      withSecond(joinedSecondary(), [...both.slice(0, -1), '10.0.2.2:80 unused Target.NotInUse']),
    ],
    ['the controller down', ['controller-missing'], 'degraded', withSecond(down)],
    [
      'a new endpoint with the controller down',
      ['controller-missing', 'endpoint-unregistered'],
      'degraded',
      withSecond(down.tracks('nginx', '10.0.2.1:80'), both.slice(0, -1)),
    ],
    [
      'the Service gone',
      ['service-missing', 'no-endpoints'],
      'degraded',
      withSecond(joinedSecondary().service(undefined)),
    ],
    [
      'an unclaimed target',
      ['target-unclaimed'],
      'degraded',
      verify({ targets: { 80: [...both, '10.0.3.9:80'] } }),
    ],
    [
      'protection off in AWS',
      ['deletion-unprotected'],
      'degraded',
      verify({ protection: 'false' }),
    ],
    [
      'protection in AWS only',
      ['deletion-unprotected'],
      'degraded',
      verify({
        clusters: [
          enabledPrimary().editService({
            annotations: { ...enabledAnnotations, [attributesKey]: '' },
          }),
          joinedSecondary(),
        ],
      }),
    ],
    [
      'too few healthy',
      ['below-minimum', 'below-minimum'],
      'degraded',
      verify({}, { minHealthy: 4 }),
    ],
  ])('%s', (_, codes, state, verdict) => {
    expect(codesOf(verdict.problems)).toEqual(codes);
    expect(verdict.state).toBe(state);
    expect(verdict.exit).toBe(3);
  });

  test('no endpoints is not healthy, even when none is asked for', () => {
    const empty = joinedSecondary().endpoints([]).tracks('nginx', '');
    const { exit } = verify(
      { clusters: [enabledPrimary(), empty], targets: { 80: primaryTargets } },
      { minHealthy: 0 },
    );
    expect(exit).toBe(3);
  });

  test('a contested target names both bindings, also within one cluster', () => {
    const two = verify({
      clusters: [
        enabledPrimary().tracks('k8s-default-nginx-1', both.slice(0, 4).join(',')),
        joinedSecondary(),
      ],
    });
    expect(codesOf(two.problems)).toEqual(['target-contested']);
    expect(two.ports[0]?.notes[0]).toMatchObject({
      kind: 'contested',
      owners: ['pri', 'sec'],
      target: { id: '10.0.2.1' },
    });
    const within = joinedSecondary()
      .binding({ name: 'again', multiCluster: true })
      .tracks('again', '10.0.2.1:80,10.0.2.2:80');
    expect(codesOf(withSecond(within).problems)).toEqual(['target-contested', 'target-contested']);
  });

  test('an address used again is told as what it is', () => {
    const stale = enabledPrimary().tracks(
      'k8s-default-nginx-1',
      [...primaryTargets, '10.0.2.2:80'].join(','),
    );
    const { problems } = verify({
      clusters: [stale, joinedSecondary().tracks('nginx', '10.0.2.1:80')],
      targets: { 80: both.slice(0, -1) },
    });
    expect(codesOf(problems)).toEqual(['endpoint-unregistered']);
    expect(problems[0]?.message).toContain(
      'default/k8s-default-nginx-1 in pri lists that address as its own',
    );
    expect(problems[0]?.hint).toContain('kubectl --context sec -n default delete pod nginx-');
  });

  test('an unclaimed target is told with its owner, and the context to add', () => {
    const owners = { '10.0.3.9': { instance: 'i-9', cluster: 'eu-3', gone: false } };
    const { ports } = verify({ targets: { 80: [...both, '10.0.3.9:80'] }, owners });
    expect(ports[0]?.notes).toMatchObject([
      {
        kind: 'unclaimed',
        text: 'tracked by none of the clusters listed; instance i-9, cluster tag eu-3',
        hint: 'add --context eu-3',
      },
    ]);
  });
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
    expect(verdict.problems[0]?.hint).toBe('nlbmc verify ngin -n default --context pri');
  });
  test('a secondary alone', () =>
    expect(
      codesOf(verdictOf(observed({ clusters: [joinedSecondary()] }), intent).problems),
    ).toEqual(['bindings-missing']));
  test('bindings unread', () =>
    expect(
      verdictOf(observed({ clusters: [cluster('pri').with({ bindings: unreadable() })] }), intent)
        .exit,
    ).toBe(8));
});

const pods = (a: string) => endpointsAt([a], { ports: { p80: 80, p443: 443 } });

test('every port is judged, and one that is red is enough', () => {
  const ports = [80, 443].map((port) => ({
    name: `p${port}`,
    port,
    targetPort: port,
    protocol: 'TCP',
  }));
  const pri = enabledPrimary()
    .editService({ ports })
    .endpoints(pods('10.0.1.1'))
    .tracks('k8s-default-nginx-1', '10.0.1.1:80')
    .binding({
      name: 'k8s-2',
      stack: service,
      servicePort: 443,
      targetGroupArn: arnOf(443),
      multiCluster: true,
    })
    .tracks('k8s-2', '10.0.1.1:443');
  const sec = joinedSecondary()
    .service({ ports })
    .endpoints(pods('10.0.2.1'))
    .tracks('nginx', '10.0.2.1:80');
  const verdict = verdictOf(
    observed({
      clusters: [pri, sec],
      targets: { 80: ['10.0.1.1:80', '10.0.2.1:80'], 443: ['10.0.1.1:443'] },
    }),
    intent,
  );
  expect(verdict.ports.map(({ port }) => port)).toEqual([80, 443]);
  expect(codesOf(verdict.problems)).toEqual(['member-missing']);
  expect(verdict.ports[1]?.members[1]).toMatchObject({ cluster: 'sec', state: 'degraded' });
});

const node = (name: string, instanceId: string) => ({
  name,
  instanceId,
  ready: 'True' as const,
  labels: {},
  taints: [],
});

test('instance targets are judged by nodes', () => {
  const pri = enabledPrimary()
    .editBindings({ targetType: 'instance' })
    .nodes([node('n1', 'i-1')])
    .tracks('k8s-default-nginx-1', 'i-1:30080');
  const sec = joinedSecondary()
    .editBindings({ targetType: 'instance' })
    .nodes([node('n2', 'i-2')])
    .tracks('nginx', 'i-2:30080');
  const targets = { 80: ['i-1:30080', 'i-2:30080'] };
  expect(verdictOf(observed({ clusters: [pri, sec], targets }), intent).exit).toBe(0);
  const unread = verdictOf(
    observed({ clusters: [pri, sec.with({ nodes: unreadable() })], targets }),
    intent,
  );
  expect(unread.exit).toBe(8);
});
