import { exitOfBlockers } from '../../src/core/exit.ts';
import type { JoinIntent } from '../../src/core/intent.ts';
import { judgeJoin } from '../../src/core/judge-join.ts';
import { manifestOf } from '../../src/core/manifest.ts';
import type { Observed } from '../../src/core/observed.ts';
import { planJoin } from '../../src/core/plan-join.ts';
import type { Plan } from '../../src/core/plan.ts';
import { primaryStillShared } from '../../src/core/primary-still-shared.ts';
import { known } from '../../src/core/problem.ts';
import { undoOf } from '../../src/core/undo.ts';
import { applied } from './apply.ts';
import {
  arnOf,
  attributesKey,
  cluster,
  codesOf,
  enabledAnnotations,
  enabledPrimary,
  endpointsAt,
  flagKey,
  joinedSecondary,
  observed,
  primary,
  primaryTargets,
  secondary,
  secondaryTargets,
  service,
  serviceWith,
  templates,
  unreadable,
  type ClusterBuilder,
} from './world.ts';

const intent: JoinIntent = {
  service,
  localService: service,
  primary: 'pri',
  context: 'sec',
  createService: false,
  adopt: false,
  forceConflicts: false,
};
const world = (
  sec: ClusterBuilder,
  pri = enabledPrimary(),
  more: readonly string[] = [],
): Observed => observed({ clusters: [pri, sec], targets: { 80: [...primaryTargets, ...more] } });
const plan = (sec: ClusterBuilder, over: Partial<JoinIntent> = {}, pri = enabledPrimary()): Plan =>
  planJoin(world(sec, pri), { ...intent, ...over }, templates);
const spec = {
  targetGroupARN: arnOf(80),
  targetType: 'ip',
  ipAddressType: 'ipv4',
  multiClusterTargetGroup: true,
  serviceRef: { name: 'nginx', port: 80 },
  networking: {
    ingress: [
      { from: [{ securityGroup: { groupID: 'sg-back' } }], ports: [{ protocol: 'TCP', port: 80 }] },
    ],
  },
};

describe('what is written', () => {
  test('a binding for the port, and nothing of LBC’s own labels', () => {
    const { steps, blockers, cautions, goals } = plan(secondary());
    expect({ blockers, cautions }).toEqual({ blockers: [], cautions: [] });
    expect(steps).toEqual([
      {
        kind: 'apply-binding',
        cluster: 'sec',
        force: false,
        changes: [],
        document: {
          apiVersion: 'elbv2.k8s.aws/v1beta1',
          kind: 'TargetGroupBinding',
          metadata: {
            name: 'nginx',
            namespace: 'default',
            labels: { team: 'web', 'app.kubernetes.io/managed-by': 'nlbmc' },
          },
          spec: { ...spec, iamRoleArnToAssume: 'arn:role' },
        },
      },
    ]);
    expect(goals.map(({ kind }) => kind)).toEqual([
      'still-multi-cluster',
      'binding-multi-cluster',
      'endpoints-healthy',
    ]);
  });

  test('ports are the local Service’s, rule by rule, and never left out', () => {
    const local = secondary()
      .service({ ports: [{ name: 'web', port: 80, targetPort: 'web', protocol: 'TCP' }] })
      .endpoints(endpointsAt(['10.0.2.1'], { ports: { web: 8080 } }));
    const from = [{ ipBlock: { cidr: '10.0.0.0/16' } }];
    const pri = enabledPrimary().editBindings({
      networking: [
        { from, ports: [{ protocol: 'TCP', port: 80 }] },
        { from: [], ports: [] },
      ],
    });
    expect(plan(local, {}, pri).steps[0]).toMatchObject({
      document: {
        spec: {
          networking: {
            ingress: [
              { from, ports: [{ protocol: 'TCP', port: 'web' }] },
              { from: [], ports: [{ protocol: 'TCP', port: 'web' }] },
            ],
          },
        },
      },
    });
  });

  test('no networking where the primary has none', () => {
    const [binding] = enabledPrimary().view.bindings.ok
      ? [...(enabledPrimary().view.bindings as { value: readonly object[] }).value]
      : [];
    const { networking: _, ...bare } = binding as { networking?: unknown };
    const pri = enabledPrimary().with({ bindings: known([bare as never]) });
    const [step] = plan(secondary(), {}, pri).steps;
    expect(
      step?.kind === 'apply-binding' && 'networking' in (step.document['spec'] as object),
    ).toBe(false);
  });

  test('several ports, several bindings, named after their ports', () => {
    const ports = [80, 443].map((port) => ({
      name: `p${port}`,
      port,
      targetPort: port,
      protocol: 'TCP',
    }));
    const pri = enabledPrimary()
      .editService({ ports })
      .endpoints([])
      .binding({
        name: 'k8s-2',
        stack: service,
        servicePort: 443,
        targetGroupArn: arnOf(443),
        multiCluster: true,
      })
      .tracks('k8s-2', '');
    const sec = secondary()
      .service({ ports })
      .tracks('nginx-80', undefined)
      .tracks('nginx-443', undefined);
    const o = observed({ clusters: [pri, sec], targets: { 80: [], 443: [] } });
    const { steps, goals } = planJoin(o, intent, templates);
    expect(
      steps.map((step) => step.kind === 'apply-binding' && step.document.metadata.name),
    ).toEqual(['nginx-80', 'nginx-443']);
    expect(goals).toHaveLength(6);
  });

  test('a missing Service where that was asked for, with the primary’s selector and ports', () => {
    const none = cluster('sec').tracks('nginx', undefined);
    const { steps, skips } = plan(none, { createService: true });
    expect(steps.map(({ kind }) => kind)).toEqual(['create-service', 'apply-binding']);
    expect(steps[0]).toMatchObject({
      document: {
        metadata: { name: 'nginx', labels: { 'app.kubernetes.io/managed-by': 'nlbmc' } },
        spec: {
          type: 'ClusterIP',
          selector: { app: 'nginx' },
          ports: [{ name: 'http', port: 80, targetPort: 80, protocol: 'TCP' }],
        },
      },
    });
    expect(codesOf(skips)).toContain('no-endpoints');
    expect(manifestOf(plan(none, { createService: true }))).toHaveLength(2);
  });

  test('for instance targets that Service is NodePort, on the primary’s node port', () => {
    const pri = enabledPrimary()
      .editBindings({
        targetType: 'instance',
        networking: [{ from: [], ports: [{ protocol: 'TCP', port: 30080 }] }],
      })
      .nodes([]);
    const none = cluster('sec').tracks('nginx', undefined);
    const { steps } = plan(none, { createService: true }, pri);
    expect(steps).toMatchObject([
      { document: { spec: { type: 'NodePort', ports: [{ nodePort: 30080 }] } } },
      { document: { spec: { networking: { ingress: [{ ports: [{ port: 30080 }] }] } } } },
    ]);
  });

  test.each<[string, ClusterBuilder, Partial<JoinIntent>]>([
    ['join', secondary(), {}],
    ['join with a new Service', cluster('sec').tracks('nginx', undefined), { createService: true }],
    ['adopt', joinedSecondary().editBindings({ multiCluster: false }), { adopt: true }],
  ])('a plan that has been carried out leaves none: %s', (_, sec, over) => {
    const before = world(sec);
    const planned = planJoin(before, { ...intent, ...over }, templates);
    expect(planned.steps.length).toBeGreaterThan(0);
    expect(planJoin(applied(before, planned), { ...intent, ...over }, templates).steps).toEqual([]);
  });
});

describe('refusals', () => {
  const pri = enabledPrimary;
  test.each<[string, ClusterBuilder, Partial<JoinIntent>, ClusterBuilder]>([
    ['same-cluster', secondary().with({ identity: known('uid-pri') }), {}, pri()],
    ['same-cluster-name', secondary().controller({ clusterName: 'pri' }), {}, pri()],
    ['wrong-region', secondary(), { region: 'eu-west-1' }, pri()],
    [
      'wrong-region',
      secondary().endpoints(endpointsAt(['10.0.2.1'], { zone: 'eu-west-1a' })),
      {},
      pri(),
    ],
    [
      'service-missing',
      secondary()
        .service(undefined)
        .with({ serviceNames: ['web'] }),
      {},
      pri(),
    ],
    ['service-missing', secondary(), {}, pri().service(undefined)],
    [
      'service-not-lbc',
      secondary(),
      {},
      pri()
        .editService({ finalizers: [] })
        .with({ bindings: known([]) }),
    ],
    [
      'port-missing',
      secondary().service({ ports: [{ port: 8080, targetPort: 80, protocol: 'TCP' }] }),
      {},
      pri(),
    ],
    [
      'protocol-mismatch',
      secondary().service({ ports: [{ name: 'http', port: 80, targetPort: 80, protocol: 'UDP' }] }),
      {},
      pri(),
    ],
    ['family-mismatch', secondary().service({ ipFamilies: ['IPv6'] }), {}, pri()],
    ['service-terminating', secondary().service({ terminating: true }), {}, pri()],
    ['type-mismatch', secondary().service({ type: 'ExternalName' }), {}, pri()],
    [
      'type-mismatch',
      secondary().nodes([]),
      {},
      pri().editBindings({ targetType: 'instance' }).nodes([]),
    ],
    ['primary-not-enabled', secondary(), {}, primary()],
    ['primary-not-enabled', secondary(), {}, pri().tracks('k8s-default-nginx-1', '10.0.1.1:80')],
    ['primary-not-enabled', secondary(), {}, pri().tracks('k8s-default-nginx-1', undefined)],
    ['primary-not-enabled', secondary(), {}, pri().editService({ annotations: {} })],
    ['binding-exclusive', joinedSecondary().editBindings({ multiCluster: false }), {}, pri()],
    ['binding-exclusive', secondary(), {}, pri().binding({ namespace: 'b', name: 'other' })],
    ['binding-conflict', joinedSecondary().binding({ name: 'two', multiCluster: true }), {}, pri()],
    [
      'binding-conflict',
      secondary().binding({ name: 'x', serviceName: 'other', multiCluster: true }),
      {},
      pri(),
    ],
    ['binding-conflict', joinedSecondary().editBindings({ terminating: true }), {}, pri()],
    ['leftover-tracked-targets', secondary().tracks('nginx', '10.0.1.1:80'), {}, pri()],
    ['overlapping-addresses', secondary().endpoints(endpointsAt(['10.0.1.1'])), {}, pri()],
    ['controller-missing', secondary().controller({ readyReplicas: 0 }), {}, pri()],
    ['controller-too-old', secondary().controller({ version: 'v2.8.1' }), {}, pri()],
    ['field-stripped', secondary().with({ crdMultiCluster: known(false) }), {}, pri()],
  ])('%s', (code, sec, over, from) => {
    const refused = plan(sec, over, from);
    expect(new Set(codesOf(refused.blockers))).toEqual(new Set([code]));
    expect(refused.steps).toEqual([]);
    expect(exitOfBlockers(refused.blockers)).toBe(5);
    for (const { hint } of refused.blockers) expect(hint).toBeTruthy();
  });

  test('an account that does not know the ARN', () => {
    const o: Observed = {
      ...world(secondary()),
      targetGroups: { [arnOf(80)]: unreadable({ code: 'aws-not-found', message: 'No.' }) },
      account: known('999999999999'),
    };
    const { blockers } = planJoin(o, intent, templates);
    expect(codesOf(blockers)).toEqual(['wrong-account']);
  });

  test('say how many targets they save', () => {
    expect(plan(secondary(), {}, primary()).blockers[0]?.saves).toBe(2);
    expect(plan(joinedSecondary().editBindings({ multiCluster: false })).blockers[0]?.saves).toBe(
      3,
    );
    expect(plan(secondary().tracks('nginx', '10.0.1.1:80')).blockers[0]?.saves).toBe(1);
  });

  test('an exclusive local binding is adopted, never deleted', () => {
    const exclusive = joinedSecondary().editBindings({ multiCluster: false });
    expect(plan(exclusive).blockers[0]?.hint).toBe(
      'nlbmc join nginx -n default --context sec --primary pri --adopt',
    );
    const { steps, blockers } = plan(exclusive, { adopt: true });
    expect(blockers).toEqual([]);
    expect(steps).toMatchObject([
      {
        force: true,
        changes: [{ path: 'spec.multiClusterTargetGroup', before: false, after: true }],
        document: { metadata: { name: 'nginx' }, spec },
      },
    ]);
    const [step] = steps;
    expect(step?.kind === 'apply-binding' && step.document.metadata.labels).toBeUndefined();
  });

  test('of a binding for another Service name the way to join that one', () => {
    const other = secondary().binding({ name: 'x', serviceName: 'web', multiCluster: true });
    expect(plan(other).blockers[0]?.hint).toBe(
      'nlbmc join nginx -n default --context sec --primary pri --local-service default/web',
    );
  });
});

describe('joined already', () => {
  test('by hand, under any name: no step, and its goals are looked at', () => {
    const hand = secondary()
      .binding({ name: 'by-hand', multiCluster: true })
      .tracks('by-hand', secondaryTargets.join(','));
    const { steps, blockers, cautions, goals } = plan(hand);
    expect({ steps, blockers, cautions }).toEqual({ steps: [], blockers: [], cautions: [] });
    expect(goals[2]).toMatchObject({ binding: { name: 'by-hand' } });
  });

  test('with the flag and type left to the webhook, and a port by name', () => {
    const hand = joinedSecondary().editBindings({
      servicePort: 'http',
      spec: {
        targetGroupARN: arnOf(80),
        multiClusterTargetGroup: true,
        serviceRef: { name: 'nginx', port: 'http' },
        networking: spec.networking,
      },
    });
    expect(plan(hand)).toMatchObject({ steps: [], cautions: [] });
  });

  test('with other rules: shown, left as it is, and taken over when asked', () => {
    const open = [
      { from: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ protocol: 'TCP', port: 80 }] },
    ];
    const hand = joinedSecondary().editBindings({
      networking: open,
      spec: { ...spec, networking: { ingress: open } },
    });
    expect(plan(hand)).toMatchObject({ steps: [], cautions: [{ code: 'binding-differs' }] });
    const adopted = plan(hand, { adopt: true });
    expect(adopted.cautions).toEqual([]);
    expect(adopted.steps).toMatchObject([{ force: true, changes: [{ path: 'spec.networking' }] }]);
    expect(
      undoOf(
        adopted.steps[0] ?? { kind: 'create-service', cluster: '', document: adopted as never },
      ),
    ).toContain('patch targetgroupbinding nginx --type=merge');
  });

  test('is no matter of overlapping addresses or of the controller any more', () => {
    expect(plan(joinedSecondary().controller({ readyReplicas: 0 })).blockers).toEqual([]);
  });
});

describe('cautions', () => {
  test.each<[string, ClusterBuilder, ClusterBuilder]>([
    ['no-endpoints', secondary().endpoints([]), enabledPrimary()],
    [
      'zone-not-served',
      secondary().endpoints(endpointsAt(['10.0.2.1'], { zone: 'us-east-1f' })),
      enabledPrimary(),
    ],
    [
      'peer-not-attached',
      secondary(),
      enabledPrimary().editBindings({
        networking: [
          {
            from: [{ securityGroup: { groupID: 'sg-x' } }],
            ports: [{ protocol: 'TCP', port: 80 }],
          },
        ],
      }),
    ],
  ])('%s', (code, sec, pri) => {
    const { cautions, steps } = plan(sec, {}, pri);
    expect(codesOf(cautions)).toEqual([code]);
    expect(steps).toHaveLength(1);
  });

  test('health checks on the primary’s node port, and a node selector that selects none', () => {
    const pri = enabledPrimary()
      .editService({ externalTrafficPolicy: 'Local' })
      .editBindings({ targetType: 'instance', nodeSelector: { matchLabels: { edge: 'yes' } } })
      .nodes([]);
    const sec = secondary()
      .service({ type: 'NodePort' })
      .nodes([{ name: 'n', instanceId: 'i-1', ready: 'True', labels: {}, taints: [] }]);
    const healthCheck = {
      enabled: true,
      protocol: 'HTTP',
      port: '31234',
      intervalSeconds: 10,
      timeoutSeconds: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
    };
    const o = observed({
      clusters: [pri, sec],
      targets: { 80: [] },
      group: { targetType: 'instance', healthCheck },
    });
    expect(codesOf(planJoin(o, intent, templates).cautions)).toEqual([
      'no-endpoints',
      'health-check-node-port',
      'node-selector-empty',
    ]);
  });
});

const edit =
  (context: string, over: Partial<Observed['clusters'][number]>) =>
  (o: Observed): Observed => ({
    ...o,
    clusters: o.clusters.map((c) => (c.context === context ? { ...c, ...over } : c)),
  });

describe('a fact that is needed and unread', () => {
  test.each<[string, (o: Observed) => Observed]>([
    ['the primary’s identity', edit('pri', { identity: unreadable() })],
    ['the local identity', edit('sec', { identity: unreadable() })],
    ['the primary’s Service', edit('pri', { service: unreadable() })],
    ['the primary’s bindings', edit('pri', { bindings: unreadable() })],
    ['the primary’s ConfigMap', edit('pri', { tracked: {} })],
    ['the primary’s endpoints', edit('pri', { endpoints: {} })],
    ['the local Service', edit('sec', { service: unreadable() })],
    ['the local bindings', edit('sec', { bindings: unreadable() })],
    ['the local endpoints', edit('sec', { endpoints: {} })],
    ['the ConfigMap of the new name', edit('sec', { tracked: {} })],
    ['the target groups', (o) => ({ ...o, targetGroups: {} })],
  ])('%s: no step, and exit 8', (_, change) => {
    const { steps, blockers } = planJoin(change(world(secondary())), intent, templates);
    expect(steps).toEqual([]);
    expect(exitOfBlockers(blockers)).toBe(8);
  });

  test('what only improves the answer is a skip', () => {
    const o = edit('sec', { controller: unreadable(), crdMultiCluster: unreadable() })({
      ...world(secondary()),
      loadBalancer: unreadable(),
    });
    const { steps, skips } = planJoin(o, intent, templates);
    expect(steps).toHaveLength(1);
    expect(codesOf(skips)).toEqual([
      'same-cluster-name',
      'controller-missing',
      'controller-too-old',
      'field-stripped',
      'zone-not-served',
      'peer-not-attached',
    ]);
  });
});

describe('the name of the binding', () => {
  test('gets digits of the ARN when it is taken', () => {
    const taken = secondary().binding({
      name: 'nginx',
      serviceName: 'x',
      targetGroupArn: 'arn:else',
    });
    const { steps } = plan(taken);
    expect(steps).toMatchObject([{ document: { metadata: { name: 'nginx-ab0080' } } }]);
  });

  test.each([
    ['3.4.0', 'b-c-ab0080'],
    ['3.5.0', 'b-c'],
  ])('and where controller %s would confuse a/b-c with a-b/c: %s', (version, name) => {
    const local = { namespace: 'a', name: 'b-c' };
    const sec = cluster('sec')
      .with({ localService: local, tracked: { [`a/${name}`]: known({ kind: 'missing' }) } })
      .service(local)
      .endpoints(endpointsAt(['10.0.2.1']), 'a/b-c')
      .controller({ version })
      .binding({ namespace: 'a-b', name: 'c', targetGroupArn: 'arn:else', multiCluster: true });
    expect(plan(sec, { localService: local }).steps).toMatchObject([
      { document: { metadata: { namespace: 'a', name } } },
    ]);
  });
});

describe('the echo', () => {
  const o = world(secondary());
  const before = planJoin(o, intent, templates);
  const [rehearsal] = before.rehearsals;
  const judge = (result: Parameters<typeof judgeJoin>[2][number]['result']): Plan =>
    judgeJoin(before, o, rehearsal ? [{ rehearsal, result }] : []);

  test('without the flag saves every registered target', () => {
    const judged = judge(known({ apiVersion: '', kind: '', metadata: service, spec: {} }));
    expect(judged.blockers).toMatchObject([{ code: 'field-stripped', saves: 3 }]);
    expect(judged.steps).toEqual([]);
  });

  test('with it lets the plan be', () => {
    const spec = { multiClusterTargetGroup: true };
    expect(judge(known({ apiVersion: '', kind: '', metadata: service, spec }))).toEqual(before);
  });

  test('a conflict tells how to take over', () => {
    const judged = judge(unreadable({ code: 'field-conflict', message: 'Conflict.' }));
    expect(judged.blockers[0]?.hint).toBe(
      'nlbmc join nginx -n default --context sec --primary pri --force-conflicts',
    );
    expect(exitOfBlockers(judged.blockers)).toBe(5);
  });
});

const check = (over: object | undefined) =>
  primaryStillShared(known(over && serviceWith(over)), { context: 'pri', service })?.code;

describe('the primary’s Service, read again before the apply', () => {
  test.each([
    [{ annotations: enabledAnnotations }, undefined],
    [{ annotations: { [attributesKey]: 'a=b' } }, 'primary-not-enabled'],
    [{ annotations: { [flagKey]: 'false' } }, 'primary-not-enabled'],
    [{ annotations: enabledAnnotations, terminating: true }, 'service-terminating'],
    [undefined, 'service-missing'],
  ])('%j: %s', (over, code) => expect(check(over)).toBe(code));

  test('unread is no yes', () =>
    expect(primaryStillShared(unreadable(), { context: 'pri', service })?.unread).toBe(true));
});
