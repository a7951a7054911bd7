import { typed } from '../typed.ts';
import type { Verdict } from '../../../src/core/plan/verdict.ts';
import { attributesKey, type ClusterBuilder } from '../cluster-builder.ts';
import {
  codesOf,
  enabledAnnotations,
  enabledPrimary,
  joinedSecondary,
  primaryTargets,
  secondary,
  secondaryTargets,
} from '../world.ts';
import { both, verify, withSecond } from '../verifying.ts';

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
      ['endpoint-untracked'],
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
      ['target-converging', 'below-minimum'],
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
    [
      'a registered target whose endpoint has gone',
      ['target-converging'],
      'converging',
      withSecond(
        joinedSecondary().tracks('nginx', [...secondaryTargets, '10.0.2.9:80'].join(',')),
        [...both, '10.0.2.9:80'],
      ),
    ],
    [
      'a binding that is being deleted',
      ['binding-terminating'],
      'degraded',
      withSecond(joinedSecondary().editBindings({ terminating: true })),
    ],
    [
      'a Service that has lost the port of the binding',
      ['port-missing', 'target-converging', 'no-endpoints'],
      'degraded',
      withSecond(
        joinedSecondary().service({
          ports: [{ name: 'http', port: 81, targetPort: 80, protocol: 'TCP' }],
        }),
      ),
    ],
    [
      'a port of the primary that has no binding',
      ['bindings-missing'],
      'degraded',
      verify({
        clusters: [
          enabledPrimary().editService({
            ports: [80, 443].map((port) => ({
              name: port === 80 ? 'http' : 'https',
              port,
              targetPort: port,
              protocol: 'TCP',
            })),
          }),
          joinedSecondary(),
        ],
      }),
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
      ['service-missing', 'target-converging', 'no-endpoints'],
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

  test('a state that AWS adds later is not healthy, and is told as AWS spells it', () => {
    const { problems, state } = withSecond(joinedSecondary(), [
      ...both.slice(0, -1),
      '10.0.2.2:80 quiescent',
    ]);
    expect(codesOf(problems)).toEqual(['target-unhealthy']);
    expect(problems[0]?.message).toContain('is in a state that nlbmc does not know (quiescent)');
    expect(state).toBe('degraded');
  });

  test('a record with a serving target of a cluster that is not listed never converges', () => {
    const tracked = [...secondaryTargets, '10.0.9.9:80'].join();
    const { problems } = verify({
      clusters: [enabledPrimary(), joinedSecondary().tracks('nginx', tracked)],
      targets: { 80: [...both, '10.0.9.9:80'] },
      addressEvidence: { '10.0.9.9': { cluster: 'third', gone: false } },
    });
    expect(codesOf(problems)).toEqual(['target-contested']);
    expect(typed(problems[0])).toContain('with the context of cluster third for …');
  });

  test.each<[string, ClusterBuilder, string]>([
    [
      'the Service is in deletion',
      joinedSecondary().editService({ terminating: true }),
      'service-terminating',
    ],
    [
      'the controller was rolled back',
      joinedSecondary().controller({ version: '2.9.1' }),
      'controller-too-old',
    ],
    [
      'the CRD lost the field',
      joinedSecondary().with({ crdMultiCluster: { ok: true, value: false } }),
      'field-stripped',
    ],
    [
      '--local-service names a Service that is not there',
      joinedSecondary().with({
        localService: { namespace: 'default', name: 'web' },
        service: { ok: true, value: undefined },
      }),
      'service-missing',
    ],
    [
      'the node port is another one now',
      joinedSecondary().editBindings({ networking: [{ from: [], ports: [{ port: 8080 }] }] }),
      'networking-stale',
    ],
    [
      'its rules open the port for UDP alone',
      joinedSecondary().editBindings({
        networking: [{ from: [], ports: [{ protocol: 'UDP', port: 80 }] }],
      }),
      'networking-stale',
    ],
    [
      'its slices name no pod',
      joinedSecondary().endpoints([
        { address: '10.0.2.1', ports: { http: 80 }, terminating: false },
      ]),
      'no-endpoints',
    ],
  ])('all targets are healthy, and %s', (_, sec, code) => {
    const { problems, exit } = withSecond(sec);
    expect(codesOf(problems)).toContain(code);
    expect(exit).toBe(3);
  });

  test('nodes answer for a cluster that has no ready pod', () => {
    const instance = (c: ClusterBuilder, node: string): ClusterBuilder =>
      c
        .editBindings({ targetType: 'instance', networking: [] })
        .editService({ type: 'NodePort' })
        .nodes([{ name: node, instanceId: node, ready: 'True', labels: {}, taints: [] }]);
    const { problems } = verify({
      clusters: [
        instance(enabledPrimary(), 'i-1').tracks('k8s-default-nginx-1', 'i-1:30080'),
        instance(joinedSecondary(), 'i-2').tracks('nginx', 'i-2:30080').endpoints([]),
      ],
      targets: { 80: ['i-1:30080', 'i-2:30080'] },
    });
    expect(problems).toMatchObject([{ code: 'no-endpoints', about: { cluster: 'sec' } }]);
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
    const { problems } = withSecond(within);
    expect(codesOf(problems)).toEqual(['target-contested']);
    expect(problems[0]?.message).toMatch(
      /^2 targets .* when either releases them, both lose them\.$/,
    );
    expect(problems[0]?.details).toEqual(secondaryTargets);
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
      'default/k8s-default-nginx-1 in pri tracks that address',
    );
    expect(typed(problems[0])).toContain('kubectl --context sec -n default delete pod nginx-');
  });

  test('an unclaimed target is told with its owner, and the context to add', () => {
    const addressEvidence = { '10.0.3.9': { instance: 'i-9', cluster: 'eu-3', gone: false } };
    const { ports, problems } = verify({
      targets: { 80: [...both, '10.0.3.9:80'] },
      addressEvidence,
    });
    expect(ports[0]?.notes).toMatchObject([
      {
        kind: 'unclaimed',
        text: 'is tracked by none of the listed clusters; EC2 gives the address to cluster eu-3, which is not listed (instance i-9, cluster tag eu-3)',
        code: 'target-unclaimed',
      },
    ]);
    expect(typed(problems[0])).toBe(
      [
        'with the context of cluster eu-3 for …: nlbmc verify nginx -n default --context pri,sec,…',
        'nlbmc purge nginx -n default --context pri,sec   # if that cluster is gone',
      ].join('\n'),
    );
  });
});
