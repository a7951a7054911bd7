import { codes } from '../../../src/core/model/codes.ts';
import { typed } from '../typed.ts';
import type { Observed } from '../../../src/core/observed/observed.ts';
import { planEnable } from '../../../src/core/enable/plan-enable.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { exitOfBlockers } from '../../../src/core/plan/exit.ts';
import { known, unknown } from '../../../src/core/model/problem.ts';
import { attributesKey, service, type ClusterBuilder } from '../cluster-builder.ts';
import { codesOf, observed, primary, primaryTargets, unreadable } from '../world.ts';

const intent = { service, context: 'pri', settled: true };

const world = (cluster: ClusterBuilder, more: readonly string[] = []): Observed =>
  observed({ clusters: [cluster], targets: { 80: [...primaryTargets, ...more] } });

const plan = (cluster: ClusterBuilder, more: readonly string[] = []): Plan =>
  planEnable(world(cluster, more), intent);

function edit(o: Observed, over: Partial<Observed['clusters'][number]>): Observed {
  return { ...o, clusters: o.clusters.map((cluster) => ({ ...cluster, ...over })) };
}

describe('refusals', () => {
  test.each<[string, ClusterBuilder]>([
    [
      'service-missing',
      primary()
        .service(undefined)
        .with({ serviceNames: ['ngin', 'web'] }),
    ],
    ['service-terminating', primary().editService({ terminating: true })],
    [
      'service-not-lbc',
      primary()
        .editService({ finalizers: [] })
        .with({ bindings: known([]) }),
    ],
    ['bindings-missing', primary().with({ bindings: known([]) })],
    [
      'bindings-missing',
      primary().editService({
        ports: [80, 443].map((port) => ({ port, targetPort: port, protocol: 'TCP' })),
      }),
    ],
    [
      'protocol-unsupported',
      primary().editService({ ports: [{ port: 80, targetPort: 80, protocol: 'SCTP' }] }),
    ],
    ['attributes-malformed', primary().editService({ annotations: { [attributesKey]: 'a=b,' } })],
    ['controller-missing', primary().controller({ readyReplicas: 0 })],
    ['controller-missing', primary().controller({ watchNamespace: 'other' })],
    ['controller-too-old', primary().controller({ version: '2.9.2' })],
    ['field-stripped', primary().with({ crdMultiCluster: known(false) })],
  ])('%s', (code, cluster) => {
    const refused = plan(cluster);
    expect(codesOf(refused.blockers)).toEqual([code]);
    expect(refused.steps).toEqual([]);
    expect(exitOfBlockers(refused.blockers)).toBe(5);
    expect(typed(refused.blockers[0])).toBeTruthy();
    expect(refused.blockers[0]?.about?.cluster).toBe('pri');
  });

  test('of a Service that is not there, the nearest name is the one to type', () => {
    const cluster = primary()
      .service(undefined)
      .with({ serviceNames: ['web', 'ngin'] });
    const [problem] = plan(cluster).blockers;
    expect(problem?.message).toBe(
      'There is no Service default/nginx in pri; there are ngin and web.',
    );
    expect(typed(problem)).toBe('nlbmc enable ngin -n default --context pri');
  });

  test.each([[['kubernetes']], [['web', 'kubernetes']]])(
    'a name that is nothing like it is listed, and never the advice: %j',
    (serviceNames) => {
      const [problem] = plan(primary().service(undefined).with({ serviceNames })).blockers;
      for (const name of serviceNames) expect(problem?.message).toContain(name);
      expect(typed(problem)).toBe('kubectl --context pri get services --all-namespaces');
    },
  );

  test('a cluster without the kind is known to have no bindings: refused, not unknown', () => {
    const problem = { code: 'crd-missing', message: 'pri does not know the kind.' } as const;
    const { blockers } = plan(primary().with({ bindings: unknown(problem) }));
    expect(codesOf(blockers)).toEqual(['crd-missing']);
    expect(exitOfBlockers(blockers)).toBe(5);
  });

  test('a binding with one stack label, or of another namespace, is not the Service’s', () => {
    const hand = primary().with({ bindings: known([]) });
    for (const over of [
      {},
      { stack: { kind: 'service', namespace: 'other', name: 'nginx' } as const },
    ])
      expect(codesOf(plan(hand.binding(over)).blockers)).toEqual(['bindings-missing']);
  });
});

test.each<[string, ClusterBuilder, string[]]>([
  ['3.5.0', primary(), []],
  ['2.14.1', primary().controller({ version: 'v2.14.1' }), []],
  ['2.14.0', primary().controller({ version: 'v2.14.0' }), ['attributes-malformed']],
  ['a digest', primary().controller({ version: 'sha256' }), ['attributes-malformed']],
  ['unread', primary().with({ controller: unreadable() }), ['attributes-malformed']],
])('an escaped comma is for controllers that are known to read it: %s', (_, cluster, codes) => {
  const annotations = { [attributesKey]: 'access_logs.s3.prefix=a\\,b' };
  const { blockers, steps } = plan(cluster.editService({ annotations }));
  expect(codesOf(blockers)).toEqual(codes);
  if (codes.length === 0)
    expect(steps[0]).toMatchObject({
      after: {
        [attributesKey]: 'access_logs.s3.prefix=a\\,b,deletion_protection.enabled=true',
      },
    });
});

describe('a fact that is needed and unread', () => {
  test.each<[string, (o: Observed) => Observed]>([
    ['the Service', (o) => edit(o, { service: unreadable(), services: {} })],
    ['bindings', (o) => edit(o, { bindings: unreadable() })],
    ['endpoints', (o) => edit(o, { endpoints: { 'default/nginx': unreadable() } })],
    ['endpoints never read', (o) => edit(o, { endpoints: {} })],
    ['the ConfigMap', (o) => edit(o, { tracked: { 'default/k8s-default-nginx-1': unreadable() } })],
    ['the target groups', (o) => ({ ...o, targetGroups: {} })],
    ['the load balancer', (o) => ({ ...o, loadBalancer: unreadable() })],
  ])('%s: no step, and exit 8', (_, change) => {
    const { steps, blockers } = planEnable(change(world(primary())), intent);
    expect(steps).toEqual([]);
    expect(blockers.length).toBeGreaterThan(0);
    expect(exitOfBlockers(blockers)).toBe(8);
  });

  test('one that only improves the answer is a skip, shown', () => {
    const cluster = primary().with({ controller: unreadable(), crdMultiCluster: unreadable() });
    const { steps, blockers, skips } = plan(cluster);
    expect(steps).toHaveLength(1);
    expect(blockers).toEqual([]);
    expect(codesOf(skips)).toEqual(['api-forbidden']);
    expect(skips[0]?.details).toEqual(
      (['controller-missing', 'controller-too-old', 'field-stripped'] as const).map(
        (code) => `Not checked: "${codes[code]}".`,
      ),
    );
  });
});
