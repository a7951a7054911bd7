import { typed } from '../typed.ts';
import type { RepairIntent } from '../../../src/core/model/intent.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { planRepair } from '../../../src/core/repair/plan-repair.ts';
import { known } from '../../../src/core/model/problem.ts';
import { type ClusterBuilder, endpointsAt, flagKey, service } from '../cluster-builder.ts';
import {
  codesOf,
  enabledAnnotations,
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTags,
  primaryTargets,
  secondary,
  secondaryTargets,
  unreadable,
  type WorldParts,
  vpc,
} from '../world.ts';

const at = '2026-11-23T12:00:00.000Z';
const intent: RepairIntent = { service, knownTargets: [], allowUnprotected: false };
const both = [...primaryTargets, ...secondaryTargets];
const name = 'k8s-default-nginx-1';

/** A secondary whose controller has looked. */
const settled = (): ClusterBuilder => joinedSecondary().editBindings({ checkpoint: 'x/y' });

const plan = (parts: Partial<WorldParts> = {}): Plan =>
  planRepair(
    observed({ clusters: [enabledPrimary(), settled()], targets: { 80: both }, at, ...parts }),
    intent,
  );

const stepsOf = ({ steps }: Plan): readonly string[] =>
  steps.map((step) => (step.kind === 'wait' ? 'wait' : `${step.kind} ${step.cluster ?? ''}`));
const leftOf = ({ unmended }: Plan): readonly string[] => codesOf(unmended ?? []);

/** One endpoint of the secondary is not registered. */
const lost = (sec: ClusterBuilder, over: Partial<WorldParts> = {}): Plan =>
  plan({ clusters: [enabledPrimary(), sec], targets: { 80: both.slice(0, -1) }, ...over });

test('where all is well there is nothing to do, and nothing to wait for', () => {
  expect(plan()).toMatchObject({ steps: [], goals: [], blockers: [], unmended: [], skips: [] });
});

describe('endpoints that are not registered', () => {
  test('the binding is looked at in full, and is judged by what AWS then has', () => {
    const found = lost(settled());
    expect(stepsOf(found)).toEqual(['reset-checkpoint sec']);
    expect(found.goals).toEqual([
      { kind: 'binding-mended', cluster: 'sec', binding: { namespace: 'default', name: 'nginx' } },
    ]);
    expect(found.rehearsals).toHaveLength(1);
    expect(leftOf(found)).toEqual([]);
  });

  test.each<[string, ClusterBuilder, readonly string[]]>([
    [
      'its controller is down',
      settled().controller({ readyReplicas: 0 }),
      ['controller-missing', 'endpoint-unregistered'],
    ],
    ['its Service is gone', settled().service(undefined), ['service-missing', 'no-endpoints']],
    [
      'it is being deleted',
      settled().editBindings({ terminating: true }),
      ['binding-terminating', 'endpoint-unregistered'],
    ],
    [
      'it is exclusive',
      settled().editBindings({ multiCluster: false }),
      ['binding-exclusive', 'endpoint-unregistered'],
    ],
    [
      'it has no ConfigMap',
      settled().tracks('nginx', undefined),
      ['repair-unproven', 'endpoint-untracked'],
    ],
    [
      'it is one of Auto Mode',
      settled().editBindings({ flavour: 'auto-mode' }),
      ['flavour-unverified', 'endpoint-unregistered'],
    ],
  ])('nothing is done where %s', (_, sec, codes) => {
    const found = lost(sec);
    expect(found.steps).toEqual([]);
    expect(codesOf(found.blockers)).toEqual(codes);
  });

  test('nor while a binding of another cluster takes them out again', () => {
    const found = lost(settled(), {
      clusters: [
        enabledPrimary().editBindings({ multiCluster: false }).editService({ annotations: {} }),
        settled(),
      ],
    });
    expect(found.steps).toEqual([]);
    expect(codesOf(found.blockers)[0]).toBe('binding-exclusive');
  });

  test('nor where the record of another cluster has the address', () => {
    const found = lost(settled(), {
      clusters: [
        enabledPrimary().tracks(name, [...primaryTargets, '10.0.2.2:80'].join()),
        settled(),
      ],
    });
    expect(found.steps).toEqual([]);
    expect(codesOf(found.blockers)).toContain('endpoint-unregistered');
  });
});

describe('what a look in full would take out', () => {
  const stranger = '10.0.9.9:80';
  /** The secondary lost an endpoint, and its record has one more. */
  const withRecord = (more: string, over: Partial<WorldParts> = {}): Plan =>
    lost(settled().tracks('nginx', [...secondaryTargets, more].join()), {
      targets: { 80: [...both.slice(0, -1), `${stranger} unhealthy`] },
      ...over,
    });

  test.each<[string, Partial<WorldParts>, readonly string[], number | undefined]>([
    ['nobody is there', { addressEvidence: { '10.0.9.9': { gone: true } } }, [], undefined],
    [
      'its own cluster has the address',
      { addressEvidence: { '10.0.9.9': { gone: false, cluster: 'sec' } } },
      [],
      undefined,
    ],
    [
      'a cluster that is not listed has it',
      { addressEvidence: { '10.0.9.9': { gone: false, cluster: 'third' } } },
      ['repair-harmful'],
      1,
    ],
    [
      'no tag tells whose it is',
      { addressEvidence: { '10.0.9.9': { gone: false, networkInterface: 'eni-1' } } },
      ['repair-unproven'],
      1,
    ],
    ['EC2 was not asked', {}, ['repair-unproven'], 1],
    [
      'EC2 has nothing there, in a VPC that was not read',
      { addressEvidence: { '10.0.9.9': { gone: true } }, vpcs: {} },
      ['repair-unproven'],
      1,
    ],
    [
      'EC2 has nothing there, in a VPC of which another address range is',
      {
        addressEvidence: { '10.0.9.9': { gone: true } },
        vpcs: { 'vpc-1': known({ ...vpc, ranges: ['10.1.0.0/16'] }) },
      },
      ['repair-unproven'],
      1,
    ],
    [
      'something in another VPC has the address',
      { addressEvidence: { '10.0.9.9': { gone: false, cluster: 'third', vpcId: 'vpc-2' } } },
      [],
      undefined,
    ],
    [
      'nothing here has the address, and yet it answers',
      {
        addressEvidence: { '10.0.9.9': { gone: true } },
        targets: { 80: [...both.slice(0, -1), stranger] },
      },
      ['repair-unproven'],
      1,
    ],
    ...['initial Elb.InitialHealthChecking', 'unavailable Target.HealthCheckDisabled'].map(
      (state): [string, Partial<WorldParts>, readonly string[], number] => [
        `nothing here has the address, and it is ${state}`,
        {
          addressEvidence: { '10.0.9.9': { gone: true } },
          targets: { 80: [...both.slice(0, -1), `${stranger} ${state}`] },
        },
        ['repair-unproven'],
        1,
      ],
    ),
    [
      'it is draining',
      { targets: { 80: [...both.slice(0, -1), `${stranger} draining`] } },
      [],
      undefined,
    ],
    ['it is not registered', { targets: { 80: both.slice(0, -1) } }, [], undefined],
  ])('%s', (_, over, codes, saves) => {
    const found = withRecord(stranger, over);
    expect(leftOf(found).filter((code) => code.startsWith('repair-'))).toEqual(codes);
    expect(stepsOf(found)).toEqual(codes.length === 0 ? ['reset-checkpoint sec'] : []);
    expect(found.unmended?.find(({ code }) => code === codes[0])?.saves).toBe(saves);
  });

  test('what another VPC has at that address is not said to be it', () => {
    const found = withRecord(stranger, {
      addressEvidence: { '10.0.9.9': { gone: false, cluster: 'third', vpcId: 'vpc-2' } },
      vpcs: { 'vpc-1': known({ ...vpc, ranges: ['10.1.0.0/16'] }) },
    });
    const unproven = found.unmended?.find(({ code }) => code === 'repair-unproven');
    expect(unproven?.details?.[0]).toContain('its address lies outside vpc-1');
  });

  test('an endpoint of a listed cluster is never let go: the number and the pod are named', () => {
    const found = withRecord('10.0.1.1:80');
    expect(found.steps).toEqual([]);
    expect(found.blockers[0]).toMatchObject({
      code: 'repair-harmful',
      about: { cluster: 'sec' },
      saves: 1,
    });
    expect(typed(found.blockers[0])).toMatch(/^kubectl --context pri .*delete pod /);
  });

  test('nor one that is about to be registered there', () => {
    const found = withRecord('10.0.1.1:80', { targets: { 80: both.slice(1, -1) } });
    const harmful = found.unmended?.find(({ code }) => code === 'repair-harmful');
    expect(harmful).toBeDefined();
    expect(harmful?.saves).toBeUndefined();
    expect(stepsOf(found).filter((step) => step.includes('sec'))).toEqual([]);
  });

  test('where the cluster has no known name, a tag of EC2 proves nothing', () => {
    const [deployment] = [{ namespace: 'kube-system', name: 'lbc', readyReplicas: 1 }];
    const sec = settled()
      .tracks('nginx', [...secondaryTargets, stranger].join())
      .with({ controller: known({ deployments: deployment ? [deployment] : [] }) });
    const found = lost(sec, {
      targets: { 80: [...both.slice(0, -1), `${stranger} unhealthy`] },
      addressEvidence: { '10.0.9.9': { gone: false, cluster: 'sec' } },
    });
    expect(leftOf(found)).toContain('repair-unproven');
  });

  test('a target without an endpoint is itself a reason to look', () => {
    const found = plan({
      clusters: [
        enabledPrimary(),
        settled().tracks('nginx', [...secondaryTargets, stranger].join()),
      ],
      targets: { 80: [...both, `${stranger} unhealthy`] },
      addressEvidence: { '10.0.9.9': { gone: true } },
    });
    expect(stepsOf(found)).toEqual(['reset-checkpoint sec']);
  });

  test('a record of what is neither registered nor an endpoint stays, and that is said', () => {
    const found = plan({
      clusters: [
        enabledPrimary(),
        settled().tracks('nginx', [...secondaryTargets, stranger].join()),
      ],
    });
    expect(found).toMatchObject({ steps: [], blockers: [], unmended: [] });
    expect(codesOf(found.skips)).toEqual(['leftover-tracked-targets']);
    expect(typed(found.skips[0])).toContain('scale');
  });
});

describe('bindings that the controller makes', () => {
  const bare = (): ClusterBuilder =>
    enabledPrimary().with({ bindings: known([]), tracked: {}, leftTracked: known([]) });
  const alone = (pri: ClusterBuilder): Plan => plan({ clusters: [pri], targets: {} });

  test('one that was deleted: the owner is touched', () => {
    const found = alone(bare());
    expect(found.steps).toEqual([
      expect.objectContaining({
        kind: 'annotate-service',
        cluster: 'pri',
        after: { 'nlbmc/touched': 'at-7' },
        before: { 'nlbmc/touched': undefined },
      }),
    ]);
    expect(found.goals).toEqual([{ kind: 'binding-back', cluster: 'pri', service, port: 80 }]);
    expect(leftOf(found)).toEqual([]);
  });

  test('one of several ports', () => {
    const ports = [
      { name: 'http', port: 80, targetPort: 80, protocol: 'TCP' },
      { name: 'https', port: 443, targetPort: 443, protocol: 'TCP' },
    ];
    const pri = enabledPrimary()
      .editService({ ports })
      .with({ leftTracked: known([]) });
    const found = plan({ clusters: [pri], targets: { 80: primaryTargets } });
    expect(found.goals).toEqual([{ kind: 'binding-back', cluster: 'pri', service, port: 443 }]);
    expect(leftOf(found)).toEqual([]);
  });

  test.each<[string, ClusterBuilder, string]>([
    ['the Service asks for no sharing', bare().editService({ annotations: {} }), 'repair-harmful'],
    [
      'the flag cannot be read',
      bare().editService({ annotations: { ...enabledAnnotations, [flagKey]: 'yes' } }),
      'flag-malformed',
    ],
    ['the controller is down', bare().controller({ readyReplicas: 0 }), 'controller-missing'],
    [
      'the Service is being deleted',
      bare().editService({ terminating: true }),
      'service-terminating',
    ],
    [
      'a record of the old one lists what is no endpoint',
      bare().with({
        leftTracked: known([
          {
            namespace: 'default',
            name: 'k8s-default-nginx-9',
            configMap: 'aws-lbc-targets-k8s-default-nginx-9',
            targets: [{ id: '10.0.9.9', port: 80 }],
          },
        ]),
      }),
      'leftover-tracked-targets',
    ],
    ['the records cannot be listed', bare().with({ leftTracked: unreadable() }), 'api-forbidden'],
  ])('not touched where %s', (_, pri, code) => {
    const found = alone(pri);
    expect(found.steps).toEqual([]);
    expect(codesOf(found.blockers)).toContain(code);
  });

  test('without the flag the number of those is named whom an exclusive one would take out', () => {
    const found = plan({
      clusters: [bare().editService({ annotations: {} }), joinedSecondary()],
      targets: { 80: secondaryTargets },
      group: { tags: primaryTags },
    });
    expect(found.blockers[0]).toMatchObject({ code: 'repair-harmful', saves: 2 });
  });

  test('a record that lists endpoints of the Service alone is no hindrance, nor one of others', () => {
    const record = (name: string, id: string) => ({
      namespace: 'default',
      name,
      configMap: `aws-lbc-targets-${name}`,
      targets: [{ id, port: 80 }],
    });
    const found = alone(
      bare().with({
        leftTracked: known([
          record('k8s-default-nginx-9', '10.0.1.1'),
          record('k8s-default-other-9', '10.0.9.9'),
        ]),
      }),
    );
    expect(stepsOf(found)).toEqual(['annotate-service pri']);
  });

  test('one that was turned exclusive, while the Service says otherwise', () => {
    const found = plan({
      clusters: [enabledPrimary().editBindings({ multiCluster: false }), settled()],
    });
    expect(stepsOf(found)).toEqual(['annotate-service pri']);
    expect(found.goals).toEqual([
      { kind: 'binding-multi-cluster', cluster: 'pri', binding: { namespace: 'default', name } },
    ]);
    expect(leftOf(found)).toEqual([]);
  });

  test('not that one while its record has an endpoint of somebody else', () => {
    const found = plan({
      clusters: [
        enabledPrimary()
          .editBindings({ multiCluster: false })
          .tracks(name, [...primaryTargets, '10.0.2.1:80'].join()),
        settled(),
      ],
    });
    expect(found.steps).toEqual([]);
    expect(codesOf(found.blockers)).toContain('repair-harmful');
    // What verify says of it is told without its advice, which is this command.
    const told = found.blockers.find(({ code }) => code === 'binding-exclusive');
    expect(told).toBeDefined();
    expect(told).not.toHaveProperty('hint');
  });
});

describe('records that outlived their binding', () => {
  test('one of which nothing is registered is deleted', () => {
    const found = plan({
      clusters: [enabledPrimary(), secondary().tracks('nginx', '10.0.2.7:80')],
      targets: { 80: primaryTargets },
    });
    expect(stepsOf(found)).toEqual(['delete-tracked sec']);
    expect(leftOf(found)).toEqual(['member-missing']);
  });

  test('one of which something is registered is the only record of whose that is', () => {
    const found = plan({
      clusters: [enabledPrimary(), secondary().tracks('nginx', '10.0.2.7:80')],
      targets: { 80: [...primaryTargets, '10.0.2.7:80 unhealthy'] },
    });
    expect(found.steps).toEqual([]);
    expect(codesOf(found.blockers)).toContain('leftover-tracked-targets');
  });

  test('one whose binding is there is the controller to write', () => {
    const found = plan({
      clusters: [enabledPrimary(), settled().tracks('nginx', '10.0.2.1:80')],
    });
    expect(found.steps).toEqual([]);
    expect(codesOf(found.blockers)).toEqual(['endpoint-untracked']);
    expect(typed(found.blockers[0])).toContain('scale');
  });
});

describe('what could not be read', () => {
  test.each<[string, ClusterBuilder]>([
    ['bindings', settled().with({ bindings: unreadable() })],
    ['a record', settled().with({ tracked: { 'default/nginx': unreadable() } })],
    ['endpoints', settled().with({ endpoints: { 'default/nginx': unreadable() } })],
    ['endpoints that nobody asked for', settled().with({ endpoints: {} })],
    ['nodes that nobody asked for', settled().editBindings({ targetType: 'instance' })],
    ['records that nobody asked for', settled().with({ tracked: {} })],
  ])('%s of any cluster: nothing is done anywhere', (_, sec) => {
    const third = joinedSecondary('third').endpoints(endpointsAt(['10.0.3.1']));
    const found = lost(sec, { clusters: [enabledPrimary(), sec, third] });
    expect(found.steps).toEqual([]);
    expect(found.blockers.length).toBeGreaterThan(0);
    expect(found.blockers.every(({ unread }) => unread)).toBe(true);
  });

  test('targets of the target group', () => {
    const found = plan({ group: { targets: unreadable() } });
    expect(found.blockers.map(({ unread }) => unread)).toEqual([true]);
  });

  test('deletion protection is not needed for it, and is told', () => {
    const found = lost(settled(), { balancer: { attributes: unreadable() } });
    expect(stepsOf(found)).toEqual(['reset-checkpoint sec']);
    expect(codesOf(found.skips)).toEqual(['api-forbidden']);
  });
});

test('what is mended in one cluster does not wait for what cannot be in another', () => {
  const found = lost(settled(), { clusters: [enabledPrimary(), settled(), secondary('third')] });
  expect(stepsOf(found)).toEqual(['reset-checkpoint sec']);
  expect(leftOf(found)).toEqual(['member-missing']);
});
