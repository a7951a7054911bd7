import { typed } from '../typed.ts';
import { exitOfBlockers } from '../../../src/core/plan/exit.ts';
import type { ControllerDeployment } from '../../../src/core/model/kubernetes.ts';
import type { JoinIntent } from '../../../src/core/model/intent.ts';
import type { Observed } from '../../../src/core/observed/observed.ts';
import { planJoin } from '../../../src/core/join/plan-join.ts';
import { known } from '../../../src/core/model/problem.ts';
import { arnOf, endpointsAt, service, type ClusterBuilder } from '../cluster-builder.ts';
import { intent, plan, spec, world } from '../joining.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  primary,
  secondary,
  templates,
  unreadable,
  primaryTargets,
  secondaryTargets,
} from '../world.ts';

describe('refusals', () => {
  const pri = enabledPrimary;
  test.each<[string, ClusterBuilder, Partial<JoinIntent>, ClusterBuilder]>([
    ['same-cluster', secondary().with({ identity: known('uid-pri') }), {}, pri()],
    [
      'same-cluster',
      secondary().with({ identity: unreadable() }).editService({ uid: 'uid-service-pri' }),
      {},
      pri(),
    ],
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
    [
      'family-mismatch',
      secondary()
        .service({ ipFamilies: ['IPv4', 'IPv6'] })
        .controller({ version: '3.4.2' }),
      {},
      pri(),
    ],
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
    for (const problem of refused.blockers) expect(typed(problem)).toBeTruthy();
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

  test.each<[string, Partial<ControllerDeployment>, boolean]>([
    ['the VPC of neither is known', {}, true],
    ['the same VPC', { vpcId: 'vpc-1' }, true],
    ['another VPC', { vpcId: 'vpc-2' }, false],
  ])('controllers of one --cluster-name: %s', (_, place, refuses) => {
    const named = secondary().controller({ clusterName: 'pri', ...place });
    const { blockers } = plan(named, {}, pri().controller({ vpcId: 'vpc-1' }));
    expect(codesOf(blockers)).toEqual(refuses ? ['same-cluster-name'] : []);
  });

  test('a Service in deletion: what holds it, and the way on once it is gone', () => {
    expect(typed(plan(secondary().service({ terminating: true }), {}, pri()).blockers[0])).toBe(
      [
        "kubectl --context sec -n default get service nginx -o 'jsonpath={.metadata.finalizers}'   # what still holds it",
        'nlbmc join nginx -n default --context sec --primary pri --create-service   # when it is gone',
      ].join('\n'),
    );
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
    expect(typed(plan(exclusive).blockers[0])).toBe(
      'if you accept that nlbmc takes default/nginx over and sets its flag: nlbmc join nginx -n default --context sec --primary pri --adopt',
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

  test.each(['lbc', 'auto-mode'] as const)(
    'a record of an earlier shared life keeps an exclusive %s binding from being adopted',
    (flavour) => {
      const exclusive = joinedSecondary().editBindings({ multiCluster: false, flavour });
      const [foreign] = primaryTargets;
      const left = exclusive.tracks('nginx', [...secondaryTargets, foreign].join());
      const prefix = flavour === 'lbc' ? 'aws' : 'eks';
      expect(plan(left, { adopt: true })).toMatchObject({
        steps: [],
        blockers: [
          {
            code: 'leftover-tracked-targets',
            saves: 1,
            about: { cluster: 'sec', binding: service },
            details: [`${foreign} healthy`],
          },
        ],
      });
      expect(typed(plan(left, { adopt: true }).blockers[0])).toContain(
        `kubectl --context sec -n default delete configmap ${prefix}-lbc-targets-nginx`,
      );
      // A record of what the binding has itself, or of what AWS does not have, takes nothing out.
      for (const harmless of [secondaryTargets.join(), '10.0.7.7:80']) {
        const { blockers, steps } = plan(exclusive.tracks('nginx', harmless), { adopt: true });
        expect([blockers, steps.length]).toEqual([[], 1]);
      }
      // What cannot be read is not what is missing.
      const unread = exclusive.with({ tracked: { 'default/nginx': unreadable() } });
      expect(plan(unread, { adopt: true })).toMatchObject({
        steps: [],
        blockers: [{ code: 'api-forbidden', unread: true }],
      });
    },
  );

  test('a Service that is missing does not hide a primary that is not enabled', () => {
    const missing = secondary().service(undefined);
    const { blockers } = plan(missing, {}, primary());
    expect(codesOf(blockers)).toEqual(['primary-not-enabled', 'service-missing']);
    expect(blockers[0]?.message).toContain('deregister every target of sec');
  });

  test('a slip in the name leaves the local name that was typed alone', () => {
    const localService = { namespace: 'store', name: 'site' };
    const wrong = { ...service, name: 'ngin' };
    const pri = enabledPrimary()
      .service(undefined)
      .with({ serviceNames: ['nginx'] });
    expect(typed(plan(secondary(), { service: wrong, localService }, pri).blockers[0])).toBe(
      'nlbmc join nginx -n default --context sec --primary pri --local-service store/site',
    );
    expect(typed(plan(secondary(), { service: wrong, localService: wrong }, pri).blockers[0])).toBe(
      'nlbmc join nginx -n default --context sec --primary pri',
    );
  });

  test('of a binding for another Service name the way to join that one', () => {
    const other = secondary().binding({ name: 'x', serviceName: 'web', multiCluster: true });
    expect(typed(plan(other).blockers[0])).toBe(
      'nlbmc join nginx -n default --context sec --primary pri --local-service default/web\n' +
        'nlbmc join nginx -n default --context sec --primary pri --local-service default/nginx   # if default/nginx is to serve beside it',
    );
  });
});

test('a primary that does not track some of its own: the cure, and the number that may be accepted', () => {
  const two = enabledPrimary().tracks('k8s-default-nginx-1', '10.0.1.1:80');
  const [problem] = plan(secondary(), {}, two).blockers;
  expect(problem?.code).toBe('primary-not-enabled');
  expect(typed(problem).split('\n')).toEqual([
    'kubectl --context pri -n default scale deployment/nginx --replicas=4',
    'if you accept that 2 targets of pri will stay registered when their pods are gone: nlbmc join nginx -n default --context sec --primary pri --accept leaking=2',
  ]);
  expect(plan(secondary(), { acceptLeaking: 1 }, two).steps).toEqual([]);
  for (const settled of [true, false]) {
    const accepted = plan(secondary(), { acceptLeaking: 2, settled }, two);
    expect([accepted.blockers, accepted.settling]).toEqual([[], []]);
    expect(accepted.steps).toHaveLength(1);
  }
  const exclusive = two.editBindings({ multiCluster: false });
  expect(codesOf(plan(secondary(), { acceptLeaking: 2 }, exclusive).blockers)).toEqual([
    'primary-not-enabled',
  ]);
});

test('an endpoint that the primary is about to track is waited for, and refuses once that is over', () => {
  const lagging = enabledPrimary().tracks('k8s-default-nginx-1', '10.0.1.1:80');
  const first = plan(secondary(), { settled: false }, lagging);
  expect(codesOf(first.settling)).toEqual(['primary-not-enabled']);
  expect(first.blockers).toEqual([]);
  expect(codesOf(plan(secondary(), {}, lagging).blockers)).toEqual(['primary-not-enabled']);
  const unwritten = enabledPrimary().tracks('k8s-default-nginx-1', undefined);
  expect(codesOf(plan(secondary(), { settled: false }, unwritten).blockers)).toEqual([
    'primary-not-enabled',
  ]);
});
