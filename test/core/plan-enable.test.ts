import type { Endpoint } from '../../src/core/kubernetes.ts';
import { judgeEnable } from '../../src/core/judge-enable.ts';
import { manifestOf } from '../../src/core/manifest.ts';
import type { Observed } from '../../src/core/observed.ts';
import { planEnable } from '../../src/core/plan-enable.ts';
import type { Plan } from '../../src/core/plan.ts';
import { exitOfBlockers } from '../../src/core/exit.ts';
import { known } from '../../src/core/problem.ts';
import { applied } from './apply.ts';
import {
  arnOf,
  attributesKey,
  codesOf,
  enabledAnnotations,
  enabledPrimary,
  endpointsAt,
  flagKey,
  forbidden,
  observed,
  primary,
  primaryTargets,
  service,
  unreadable,
  type ClusterBuilder,
} from './world.ts';

const intent = { service, context: 'pri', settled: true };
const world = (cluster: ClusterBuilder, more: readonly string[] = []): Observed =>
  observed({ clusters: [cluster], targets: { 80: [...primaryTargets, ...more] } });
const plan = (cluster: ClusterBuilder, more: readonly string[] = []): Plan =>
  planEnable(world(cluster, more), intent);
const lastApplied = (annotations: Record<string, string>): Record<string, string> => ({
  'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ metadata: { annotations } }),
});

describe('what is written', () => {
  test('both annotations, with what was there before and its resource version', () => {
    const { steps, blockers, cautions, goals, rehearsals, settling } = plan(
      primary().editService({ annotations: { [attributesKey]: 'x.y=1' } }),
    );
    expect({ blockers, cautions, settling }).toEqual({ blockers: [], cautions: [], settling: [] });
    expect(steps).toEqual([
      {
        kind: 'annotate-service',
        cluster: 'pri',
        service,
        resourceVersion: '7',
        before: { [flagKey]: undefined, [attributesKey]: 'x.y=1' },
        after: { [flagKey]: 'true', [attributesKey]: 'x.y=1,deletion_protection.enabled=true' },
      },
    ]);
    expect(rehearsals.map(({ kind }) => kind)).toEqual(['step', 'set-flag']);
    expect(goals.map(({ kind }) => kind)).toEqual([
      'binding-multi-cluster',
      'endpoints-tracked',
      'deletion-protection',
    ]);
  });

  test('nothing when it is enabled, and its goals are looked at all the same', () => {
    const { steps, goals, rehearsals, blockers } = plan(enabledPrimary());
    expect({ steps, rehearsals, blockers }).toEqual({ steps: [], rehearsals: [], blockers: [] });
    expect(goals).toHaveLength(3);
  });

  test('nothing when it is enabled with the controller down: there is nothing to refuse', () => {
    expect(plan(enabledPrimary().controller({ readyReplicas: 0 })).blockers).toEqual([]);
  });

  test('a spelling of true that the controller takes stays', () => {
    const annotations = { [flagKey]: 'T' };
    const [step] = plan(primary().editService({ annotations })).steps;
    expect(step).toMatchObject({ after: { [flagKey]: 'T' } });
  });

  test('a plan that has been carried out leaves none', () => {
    const before = world(primary());
    const after = applied(before, planEnable(before, intent));
    expect(planEnable(after, intent).steps).toEqual([]);
  });

  test('the manifest is the Service with the merged annotations and no more', () => {
    expect(manifestOf(plan(primary()))).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { ...service, annotations: enabledAnnotations },
      },
    ]);
  });
});

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
      primary().editService({ ports: [{ port: 80, targetPort: 80, protocol: 'UDP' }] }),
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
    expect(refused.blockers[0]?.hint).toBeTruthy();
    expect(refused.blockers[0]?.cluster).toBe('pri');
  });

  test('of a Service that is not there, the nearest name is the one to type', () => {
    const cluster = primary()
      .service(undefined)
      .with({ serviceNames: ['web', 'ngin'] });
    expect(plan(cluster).blockers[0]).toMatchObject({
      message: 'There is no Service default/nginx in pri; there is ngin and web.',
      hint: 'nlbmc enable ngin -n default --context pri',
    });
  });

  test('a binding with one stack label, or of another namespace, is not the Service’s', () => {
    const hand = primary().with({ bindings: known([]) });
    for (const over of [{}, { stack: { namespace: 'other', name: 'nginx' } }])
      expect(codesOf(plan(hand.binding(over)).blockers)).toEqual(['bindings-missing']);
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
    expect(codesOf(skips)).toEqual(['controller-missing', 'controller-too-old', 'field-stripped']);
    expect(skips[0]?.message).toContain('It is forbidden.');
  });
});

function edit(o: Observed, over: Partial<Observed['clusters'][number]>): Observed {
  return { ...o, clusters: o.clusters.map((cluster) => ({ ...cluster, ...over })) };
}

const leaving = (address: string): Endpoint[] => [
  ...endpointsAt(['10.0.1.1', '10.0.1.2', '10.0.1.3']),
  ...endpointsAt([address], { ready: false, terminating: true }),
];

describe('a rollout', () => {
  const rolling = primary().endpoints(leaving('10.0.1.9'));

  test('is waited out first', () => {
    const first = planEnable(world(rolling, ['10.0.1.9:80']), { ...intent, settled: false });
    expect(codesOf(first.settling)).toEqual(['rollout-in-progress']);
    expect(first.blockers).toEqual([]);
  });

  test('then an own target refuses, unless exactly that number is accepted', () => {
    const o = world(rolling, ['10.0.1.9:80']);
    const refused = planEnable(o, intent);
    expect(codesOf(refused.blockers)).toEqual(['targets-would-leak']);
    expect(refused.blockers[0]?.hint).toBe(
      'nlbmc enable nginx -n default --context pri --accept-leaking=1',
    );
    expect(planEnable(o, { ...intent, acceptLeaking: 2 }).steps).toEqual([]);
    expect(planEnable(o, { ...intent, acceptLeaking: 1 }).steps).toHaveLength(1);
  });

  test.each(['10.0.1.9:80 draining', '10.0.1.9:80 unused Target.NotRegistered'])(
    'that AWS is done with is none: %s',
    (target) => expect(plan(rolling, [target]).blockers).toEqual([]),
  );

  test('an own pod that is only unready would leak, too', () => {
    const unready = primary().endpoints([
      ...endpointsAt(['10.0.1.1', '10.0.1.2']),
      ...endpointsAt(['10.0.1.3'], { ready: false, podContainersReady: false }),
    ]);
    expect(codesOf(plan(unready).blockers)).toEqual(['targets-would-leak']);
  });

  test('endpoints that are not registered yet are no reason to refuse', () => {
    expect(
      planEnable(observed({ clusters: [primary()], targets: { 80: [] } }), intent).steps,
    ).toHaveLength(1);
  });
});

describe('foreign targets', () => {
  test('are a caution: enabling is their rescue', () => {
    const { cautions, blockers, steps } = plan(primary(), ['10.0.9.9:80']);
    expect(codesOf(cautions)).toEqual(['foreign-targets']);
    expect(blockers).toEqual([]);
    expect(steps).toHaveLength(1);
  });

  test('without evidence may be a pod that has just gone: waited for; with it there is no wait', () => {
    const clusters = [primary()];
    const all = { 80: [...primaryTargets, '10.0.9.9:80'] };
    const early = { ...intent, settled: false };
    expect(planEnable(observed({ clusters, targets: all }), early).settling).toHaveLength(1);
    const owners = { '10.0.9.9': { instance: 'i-1', cluster: 'sec', gone: false } };
    const known = planEnable(observed({ clusters, targets: all, owners }), early);
    expect(known.settling).toEqual([]);
    expect(known.cautions[0]?.details?.[0]).toContain('instance i-1, cluster tag sec');
  });

  test('of this very cluster by evidence would leak', () => {
    const owners = { '10.0.9.9': { instance: 'i-1', cluster: 'pri', gone: false } };
    const o = observed({
      clusters: [primary()],
      targets: { 80: [...primaryTargets, '10.0.9.9:80'] },
      owners,
    });
    expect(codesOf(planEnable(o, intent).blockers)).toEqual(['targets-would-leak']);
  });

  test('in a leftover ConfigMap would be deregistered: refused, with their number', () => {
    const left = primary().tracks('k8s-default-nginx-1', '10.0.9.8:80,10.0.9.9:80,10.0.1.1:80');
    const { blockers } = plan(left, ['10.0.9.8:80', '10.0.9.9:80']);
    expect(blockers).toMatchObject([{ code: 'leftover-tracked-targets', saves: 2 }]);
    expect(blockers[0]?.hint).toContain('delete configmap aws-lbc-targets-k8s-default-nginx-1');
  });

  test('a leftover that lists only what is gone or own does not matter', () => {
    const left = primary().tracks('k8s-default-nginx-1', '10.0.9.9:80,10.0.1.1:80');
    expect(plan(left).blockers).toEqual([]);
    const owners = { '10.0.9.9': { gone: true } };
    const o = observed({
      clusters: [left],
      targets: { 80: [...primaryTargets, '10.0.9.9:80'] },
      owners,
    });
    expect(planEnable(o, intent).blockers).toEqual([]);
  });

  test('an own dying target that the leftover lists is deregistered as it should be', () => {
    const left = primary()
      .tracks('k8s-default-nginx-1', '10.0.1.9:80')
      .endpoints([
        ...endpointsAt(['10.0.1.1', '10.0.1.2', '10.0.1.3']),
        ...endpointsAt(['10.0.1.9'], { ready: false, terminating: true }),
      ]);
    expect(plan(left, ['10.0.1.9:80']).blockers).toEqual([]);
  });
});

describe('somebody else who writes the Service', () => {
  test.each<[string, object, boolean | 'none']>([
    ['nobody', {}, 'none'],
    ['kubectl apply without the annotations', { annotations: lastApplied({ other: '1' }) }, 'none'],
    [
      'kubectl apply with other attributes',
      { annotations: { [attributesKey]: 'a=b', ...lastApplied({ [attributesKey]: 'a=b' }) } },
      true,
    ],
    ['Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }, true],
    ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'x' } }, true],
    ['Helm', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }, true],
    ['a label of another tool', { labels: { 'app.kubernetes.io/managed-by': 'me' } }, 'none'],
    [
      'a controller that owns the annotation',
      { annotationManagers: { [attributesKey]: ['wizard'] } },
      true,
    ],
    ['a person’s patch', { annotationManagers: { [attributesKey]: ['kubectl-patch'] } }, 'none'],
    [
      'a person’s server-side apply',
      { annotationManagers: { [attributesKey]: ['kubectl'] } },
      false,
    ],
    ['Terraform', { annotationManagers: { other: ['Terraform'] } }, true],
  ])('%s', (_, over, grave) => {
    const { cautions, steps } = plan(primary().editService(over));
    expect(steps).toHaveLength(1);
    if (grave === 'none') expect(cautions).toEqual([]);
    else {
      expect(codesOf(cautions)).toEqual(['managed-elsewhere']);
      expect(cautions[0]?.grave ?? false).toBe(grave);
    }
  });

  test('does not matter when nothing is written', () => {
    const annotations = { ...enabledAnnotations, 'argocd.argoproj.io/tracking-id': 'x' };
    expect(plan(enabledPrimary().editService({ annotations })).cautions).toEqual([]);
  });

  test('a flag that is none asks, since the Service has stood still', () => {
    const { cautions, steps } = plan(primary().editService({ annotations: { [flagKey]: 'yes' } }));
    expect(codesOf(cautions)).toEqual(['flag-malformed']);
    expect(steps[0]).toMatchObject({ after: { [flagKey]: 'true' } });
  });
});

const document = (flag?: boolean) =>
  known({
    apiVersion: 'elbv2.k8s.aws/v1beta1',
    kind: 'TargetGroupBinding',
    metadata: service,
    spec: flag === undefined ? {} : { multiClusterTargetGroup: flag },
  });

describe('the echo', () => {
  const o = world(primary());
  const before = planEnable(o, intent);
  const judge = (result: ReturnType<typeof document> | ReturnType<typeof unreadable>, world = o) =>
    judgeEnable(
      before,
      world,
      before.rehearsals.map((rehearsal) => ({
        rehearsal,
        result:
          rehearsal.kind === 'set-flag'
            ? (result as ReturnType<typeof document>)
            : known(undefined),
      })),
    );

  test('with the flag changes nothing', () => expect(judge(document(true))).toEqual(before));

  test.each([undefined, false])('without it (%s) refuses', (flag) => {
    const judged = judge(document(flag));
    expect(codesOf(judged.blockers)).toEqual(['field-stripped']);
    expect(judged.steps).toEqual([]);
  });

  test('forbidden: CRD and version stand in for it; with neither, a caution', () => {
    expect(judge(unreadable()).cautions).toEqual([]);
    expect(codesOf(judge(unreadable()).skips)).toEqual(['api-forbidden']);
    const blind = world(
      primary().with({ controller: unreadable(), crdMultiCluster: unreadable() }),
    );
    expect(codesOf(judge(unreadable(), blind).cautions)).toEqual(['support-unproven']);
  });

  test.each([
    ['webhook-unreachable', 5],
    ['admission-denied', 5],
    ['api-unreachable', 8],
    ['api-error', 8],
  ] as const)('%s refuses with exit %d', (code, exit) => {
    const { blockers, steps } = judge(unreadable({ code, message: 'No.' }));
    expect(steps).toEqual([]);
    expect(exitOfBlockers(blockers)).toBe(exit);
  });

  test('a write that is forbidden refuses before it is made', () => {
    const judged = judgeEnable(before, o, [
      {
        rehearsal: before.rehearsals[0] ?? { kind: 'set-flag', cluster: '', binding: service },
        result: unreadable(forbidden),
      },
    ]);
    expect(exitOfBlockers(judged.blockers)).toBe(5);
  });
});

test('every port counts', () => {
  const ports = [80, 443].map((port) => ({
    name: `p${port}`,
    port,
    targetPort: port,
    protocol: 'TCP',
  }));
  const second = { name: 'k8s-2', stack: service, servicePort: 443, targetGroupArn: arnOf(443) };
  const both = (flag: boolean): ClusterBuilder =>
    primary()
      .editService({ ports })
      .endpoints([])
      .binding({ ...second, multiCluster: flag })
      .tracks('k8s-2', undefined);
  const groups = { 80: [], 443: [] };
  const planned = planEnable(observed({ clusters: [both(false)], targets: groups }), intent);
  expect(planned.goals).toHaveLength(5);
  expect(planned.rehearsals).toHaveLength(3);
  const half = planEnable(observed({ clusters: [both(true)], targets: groups }), intent);
  expect(half.rehearsals).toHaveLength(2);
});
