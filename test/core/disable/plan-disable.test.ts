import { typed } from '../typed.ts';
import type { DisableIntent } from '../../../src/core/model/intent.ts';
import type { Observed } from '../../../src/core/observed/observed.ts';
import { deletionHint } from '../../../src/core/disable/after-disable.ts';
import { hintText } from '../../../src/output/hint-text.ts';
import { planDisable } from '../../../src/core/disable/plan-disable.ts';
import { known } from '../../../src/core/model/problem.ts';
import { applied } from '../apply.ts';
import {
  arnOf,
  attributesKey,
  type ClusterBuilder,
  endpointsAt,
  flagKey,
  service,
} from '../cluster-builder.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  observed,
  primary,
  primaryTargets,
  secondary,
  secondaryTargets,
  unreadable,
  type WorldParts,
} from '../world.ts';

const both: DisableIntent = { service, context: 'pri', allowDeletion: true, exclusive: true };
const allow = { ...both, exclusive: false };
const alone = { ...both, allowDeletion: false };

const world = (
  clusters: readonly ClusterBuilder[] = [enabledPrimary()],
  more: readonly string[] = [],
  parts: Partial<WorldParts> = {},
): Observed => observed({ clusters, targets: { 80: [...primaryTargets, ...more] }, ...parts });

const listeners = known([{ port: 443, protocol: 'TCP', targetGroupArns: [] }]);

describe('what is written', () => {
  test('both annotations say no aloud, and the other attributes stay byte for byte', () => {
    const text = ' a = b ,deletion_protection.enabled=true,c=d';
    const pri = enabledPrimary().editService({
      annotations: { [flagKey]: 'true', [attributesKey]: text },
    });
    const { steps, rehearsals, goals, blockers } = planDisable(world([pri]), both);
    expect(blockers).toEqual([]);
    expect(steps).toEqual([
      {
        kind: 'annotate-service',
        cluster: 'pri',
        service,
        resourceVersion: '7',
        before: { [flagKey]: 'true', [attributesKey]: text },
        after: {
          [flagKey]: 'false',
          [attributesKey]: ' a = b ,deletion_protection.enabled=false,c=d',
        },
      },
    ]);
    expect(rehearsals.map(({ kind }) => kind)).toEqual(['step']);
    expect(goals).toEqual([
      {
        kind: 'binding-exclusive',
        cluster: 'pri',
        binding: { namespace: 'default', name: 'k8s-default-nginx-1' },
      },
      { kind: 'deletion-unprotected', cluster: 'pri', aws: true },
    ]);
  });

  test.each([
    ['--allow-deletion', allow, [attributesKey], ['deletion-unprotected']],
    ['--exclusive', alone, [flagKey], ['binding-exclusive']],
  ] as const)('%s touches its own annotation alone', (_, intent, keys, goals) => {
    const plan = planDisable(world(), intent);
    expect(
      plan.steps.flatMap((step) =>
        step.kind === 'annotate-service' ? Object.keys(step.after) : [],
      ),
    ).toEqual(keys);
    expect(plan.goals.map(({ kind }) => kind)).toEqual(goals);
    expect(Object.keys(plan.documents[0]?.document.metadata.annotations ?? {})).toEqual(keys);
  });

  test('a plan that has been carried out leaves none, and its goals are looked at all the same', () => {
    const before = world();
    const after = applied(before, planDisable(before, both));
    const again = planDisable(after, both);
    expect([again.steps, again.cautions, again.blockers]).toEqual([[], [], []]);
    expect(again.goals).toHaveLength(2);
    expect(again.documents).toEqual(planDisable(before, both).documents);
  });

  test('nothing where it was never enabled: what is not said and does not hold stays unsaid', () => {
    const { steps, blockers } = planDisable(world([primary()], [], { protection: 'false' }), both);
    expect({ steps, blockers }).toEqual({ steps: [], blockers: [] });
  });

  test('protection that only AWS has is taken off by saying so', () => {
    const pri = primary().editService({ annotations: { [attributesKey]: 'a=b' } });
    const [step] = planDisable(world([pri]), allow).steps;
    expect(step).toMatchObject({
      after: { [attributesKey]: 'a=b,deletion_protection.enabled=false' },
    });
  });

  test('a spelling of false that the controller takes stays', () => {
    const pri = enabledPrimary().editService({
      annotations: { [flagKey]: '0', [attributesKey]: 'deletion_protection.enabled=F' },
    });
    // The binding still has the flag: the controller has not acted on the annotation yet.
    expect(planDisable(world([pri]), both).steps).toEqual([]);
  });

  test('a flag that is none is written: the controller has stopped at it', () => {
    const pri = enabledPrimary().editService({ annotations: { [flagKey]: 'yes' } });
    expect(planDisable(world([pri]), alone).steps).toMatchObject([
      { after: { [flagKey]: 'false' } },
    ]);
  });
});

describe('what is said before', () => {
  test('with numbers what deleting the Service then does', () => {
    const o = world([enabledPrimary()], ['10.0.9.9:80 draining'], { balancer: { listeners } });
    const [caution] = planDisable(o, allow).cautions;
    expect(caution).toMatchObject({ code: 'deletion-allowed' });
    expect(caution?.message).toContain(
      '0 listeners, 1 target group and 3 registered targets of pri',
    );
    expect(caution?.details?.[0]).toContain('3 targets of pri, 1 still draining');
  });

  test('that the listeners could not be read', () => {
    const o = world([enabledPrimary()], [], { balancer: { listeners: unreadable() } });
    expect(planDisable(o, allow).cautions[0]?.message).toContain(
      'with its listeners, 1 target group',
    );
  });

  test('which ConfigMap stays, what enabling again needs, and who deletes it', () => {
    const [, caution] = planDisable(world(), alone).cautions;
    expect(caution).toMatchObject({ code: 'tracking-left-over' });
    expect(caution?.message).toContain(
      'aws-lbc-targets-k8s-default-nginx-1 of pri stays with 3 targets',
    );
    expect(typed(caution)).toContain('nlbmc enable nginx -n default --context pri');
    expect(typed(caution)).toContain('delete configmap aws-lbc-targets-k8s-default-nginx-1');
  });

  test('that a cluster without pods does not show: grave, unless more clusters are listed or the flag stays', () => {
    expect(planDisable(world(), alone).cautions[0]).toMatchObject({
      code: 'unlisted-members',
      grave: true,
    });
    expect(typed(planDisable(world(), alone).cautions[0])).toBe(
      'with the contexts of the other clusters for …: nlbmc disable nginx -n default --context pri,… --exclusive\n' +
        'if you accept that no other cluster has joined: nlbmc disable nginx -n default --context pri --exclusive --accept unlisted-members',
    );
    const two = world([enabledPrimary(), secondary()]);
    expect(codesOf(planDisable(two, alone).cautions)).toEqual(['tracking-left-over']);
    const stays = planDisable(world(), allow);
    expect(codesOf(stays.cautions)).toEqual(['deletion-allowed']);
    expect(codesOf(stays.skips)).toEqual(['unlisted-members']);
  });

  test('what deletes the Service takes its records along, where the controller would leave them', () => {
    const text = (intent: DisableIntent, o = world()) => hintText(deletionHint(o, intent), {}).text;
    const plain = 'kubectl --context pri -n default delete service nginx';
    // Of a shared binding the controller deletes it.
    expect(text(allow)).toBe(plain);
    expect(text(both)).toBe(
      'kubectl --context pri -n default delete service/nginx configmap/aws-lbc-targets-k8s-default-nginx-1 --ignore-not-found',
    );
    const without = enabledPrimary().tracks('k8s-default-nginx-1', undefined);
    expect(text(both, world([without]))).toBe(plain);
  });

  test('that another tool will set it back, without calling that grave', () => {
    const pri = enabledPrimary().editService({
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    });
    const [caution] = planDisable(world([pri]), allow).cautions;
    expect(caution).toMatchObject({ code: 'managed-elsewhere' });
    expect(caution).not.toHaveProperty('grave');
  });
});

describe('who is there', () => {
  const withSecondary = world([enabledPrimary(), joinedSecondary()], secondaryTargets);

  test.each([both, allow, alone])(
    'a cluster that is enrolled is named, with its targets: %#',
    (intent) => {
      const { blockers, steps } = planDisable(withSecondary, intent);
      expect(steps).toEqual([]);
      expect(blockers).toMatchObject([
        { code: 'cluster-enrolled', about: { cluster: 'sec' }, saves: 2 },
      ]);
      expect(typed(blockers[0])).toBe('nlbmc leave nginx -n default --context sec --primary pri');
    },
  );

  test('also one that has no target: the next endpoint would be cut off', () => {
    const sec = joinedSecondary().tracks('nginx', '').endpoints([]);
    const { blockers } = planDisable(world([enabledPrimary(), sec]), both);
    expect(codesOf(blockers)).toEqual(['cluster-enrolled']);
    expect(blockers[0]).not.toHaveProperty('saves');
  });

  test('the same cluster under another context: the other one was not looked into', () => {
    const {
      identity,
      bindings,
      tracked,
      endpoints,
      services,
      service: own,
    } = enabledPrimary().view;
    const alias = joinedSecondary('alias').with({
      identity,
      bindings,
      tracked,
      endpoints,
      services,
      service: own,
    });
    expect(planDisable(world([enabledPrimary(), alias]), both).blockers).toMatchObject([
      { code: 'same-cluster', about: { cluster: 'alias' } },
    ]);
  });

  test('another binding of the primary on the group shares it, too', () => {
    const pri = enabledPrimary()
      .binding({ name: 'by-hand', multiCluster: true })
      .tracks('by-hand', '10.0.9.9:80');
    const { blockers } = planDisable(world([pri], ['10.0.9.9:80']), both);
    expect(blockers).toMatchObject([{ code: 'cluster-enrolled', saves: 1 }]);
    expect(blockers[0]?.message).toContain('Another binding of pri is enrolled');
    expect(typed(blockers[0])).toBe(
      `nlbmc leave nginx -n default --context pri --target-group ${arnOf(80)}`,
    );
  });

  test.each([['10.0.9.9'], ['10.0.9.0/24'], ['i-9']])(
    'a target that no cluster has, and that is known as %s, is a caution with its name',
    (id) => {
      const addressEvidence = { '10.0.9.9': { instance: 'i-9', gone: false } };
      const o = world(undefined, ['10.0.9.9:80'], { addressEvidence });
      expect(codesOf(planDisable(o, allow).blockers)).toEqual(['targets-of-others']);
      const { blockers, cautions } = planDisable(o, { ...allow, knownTargets: [{ id }] });
      expect(blockers).toEqual([]);
      expect(cautions[0]).toMatchObject({ code: 'targets-of-others' });
      expect(cautions[0]?.details?.[0]).toContain('10.0.9.9:80');
    },
  );

  test('a target that EC2 gives to a cluster is refused, known or not', () => {
    const addressEvidence = { '10.0.9.9': { instance: 'i-9', cluster: 'sec', gone: false } };
    const o = world(undefined, ['10.0.9.9:80'], { addressEvidence });
    const { blockers } = planDisable(o, { ...both, knownTargets: [{ id: '10.0.9.9' }] });
    expect(codesOf(blockers)).toEqual(['targets-of-others']);
  });

  test('foreign targets of a cluster that was not listed: EC2 names it', () => {
    const addressEvidence = Object.fromEntries(
      ['10.0.2.1', '10.0.2.2'].map((id) => [id, { instance: 'i-1', cluster: 'sec', gone: false }]),
    );
    const { blockers } = planDisable(world(undefined, secondaryTargets, { addressEvidence }), both);
    expect(blockers).toMatchObject([{ code: 'targets-of-others', saves: 2 }]);
    expect(blockers[0]?.message).toContain('the tags in EC2 name cluster sec');
    expect(typed(blockers[0])).toContain(
      'with the context of cluster sec for …: nlbmc leave nginx -n default --context … --primary pri',
    );
  });

  test('foreign targets that nobody names: refused all the same, whatever their state', () => {
    const { blockers } = planDisable(world(undefined, ['10.0.2.1:80 unhealthy']), allow);
    expect(blockers).toMatchObject([{ code: 'targets-of-others', saves: 1 }]);
    expect(typed(blockers[0])).toBe('nlbmc purge nginx -n default --context pri');
  });

  test.each(['10.0.2.1:80 draining', '10.0.2.1:80 unused Target.NotRegistered'])(
    'not what AWS is done with: %s',
    (target) => expect(planDisable(world(undefined, [target]), both).blockers).toEqual([]),
  );

  test('what the primary left behind is its own', () => {
    const tracked = enabledPrimary().tracks(
      'k8s-default-nginx-1',
      [...primaryTargets, '10.0.1.9:80'].join(','),
    );
    expect(planDisable(world([tracked], ['10.0.1.9:80']), both).blockers).toEqual([]);
    const leaving = enabledPrimary().endpoints([
      ...endpointsAt(['10.0.1.1', '10.0.1.2', '10.0.1.3']),
      ...endpointsAt(['10.0.1.9'], { ready: false, terminating: true }),
    ]);
    expect(planDisable(world([leaving], ['10.0.1.9:80']), both).blockers).toEqual([]);
    const addressEvidence = { '10.0.1.9': { instance: 'i-1', cluster: 'pri', gone: false } };
    expect(
      planDisable(world(undefined, ['10.0.1.9:80'], { addressEvidence }), both).blockers,
    ).toEqual([]);
  });

  test('an address that the primary still tracks and another cluster has by now is not its own', () => {
    const tracked = enabledPrimary().tracks(
      'k8s-default-nginx-1',
      [...primaryTargets, '10.0.1.9:80'].join(','),
    );
    const addressEvidence = { '10.0.1.9': { instance: 'i-1', cluster: 'sec', gone: false } };
    const { blockers } = planDisable(world([tracked], ['10.0.1.9:80'], { addressEvidence }), both);
    expect(codesOf(blockers)).toEqual(['targets-of-others']);
    const sec = joinedSecondary()
      .tracks('nginx', '')
      .endpoints(endpointsAt(['10.0.1.9']));
    const listed = planDisable(world([tracked, sec], ['10.0.1.9:80']), both).blockers;
    expect(listed).toMatchObject([{ code: 'cluster-enrolled', saves: 1 }]);
  });
});

describe('what has to be known', () => {
  const pri = enabledPrimary();
  test.each<[string, Observed]>([
    ['the Service', world([pri.with({ service: unreadable() })])],
    ['the bindings', world([pri.with({ bindings: unreadable() })])],
    ['the tracked targets', world([pri.with({ tracked: {} })])],
    ['the endpoints', world([pri.with({ endpoints: {} })])],
    ['the targets', world(undefined, [], { group: { targets: unreadable() } })],
    [
      'the attributes of the load balancer',
      world(undefined, [], { balancer: { attributes: unreadable() } }),
    ],
    [
      'the bindings of a listed cluster',
      world([pri, joinedSecondary().with({ bindings: unreadable() })]),
    ],
    [
      'the bindings of a listed cluster in every namespace',
      world([pri, joinedSecondary().with({ bindings: known([]), bindingsScope: 'namespace' })]),
    ],
    [
      'the bindings of the primary in every namespace',
      world([pri.with({ bindingsScope: 'namespace' })]),
    ],
    [
      'who has an address now that the primary only has on record',
      {
        ...world(
          [pri.tracks('k8s-default-nginx-1', [...primaryTargets, '10.0.9.9:80'].join(','))],
          ['10.0.9.9:80'],
        ),
        addressEvidence: { '10.0.9.9': unreadable() },
      },
    ],
  ])('%s: unread is not absent', (_, o) => {
    const { blockers, steps } = planDisable(o, both);
    expect(steps).toEqual([]);
    expect(blockers.length).toBeGreaterThan(0);
    expect(blockers.every(({ unread }) => unread)).toBe(true);
  });

  test('not the attributes of the load balancer where protection stays', () => {
    const o = world(undefined, [], { balancer: { attributes: unreadable() } });
    expect(planDisable(o, alone).steps).toHaveLength(1);
  });
});

describe('a Service that hangs in deletion', () => {
  const pri = enabledPrimary().editService({ terminating: true });

  test('is set free, and says that it goes at once', () => {
    const { steps, cautions, goals } = planDisable(world([pri]), both);
    expect(steps).toMatchObject([
      { after: { [attributesKey]: 'deletion_protection.enabled=false' } },
    ]);
    expect(steps[0]).not.toHaveProperty(['after', flagKey]);
    expect(cautions[0]?.message).toContain('deletes the load balancer at once');
    expect(goals).toEqual([{ kind: 'service-gone', cluster: 'pri', service }]);
  });

  test('but not while another cluster would lose its targets by it', () => {
    const { blockers } = planDisable(world([pri, joinedSecondary()], secondaryTargets), allow);
    expect(blockers).toMatchObject([{ code: 'cluster-enrolled', saves: 2 }]);
  });

  test('is not made exclusive any more: what is left is to let it go', () => {
    const { blockers } = planDisable(world([pri]), alone);
    expect(codesOf(blockers)).toEqual(['service-terminating']);
    expect(typed(blockers[0])).toBe(
      'if you accept that its load balancer is deleted with it: nlbmc disable nginx -n default --context pri --allow-deletion',
    );
  });
});

test('attributes that the controller cannot parse, and a controller that is down, refuse', () => {
  const broken = enabledPrimary().editService({
    annotations: { [flagKey]: 'true', [attributesKey]: 'a=b,' },
  });
  expect(codesOf(planDisable(world([broken]), both).blockers)).toEqual(['attributes-malformed']);
  const down = enabledPrimary().controller({ readyReplicas: 0 });
  const { blockers } = planDisable(world([down]), both);
  expect(codesOf(blockers)).toEqual(['controller-missing']);
  expect(typed(blockers[0])).toContain('describe deployment aws-load-balancer-controller');
  const off = planDisable(world([down.controller({ replicas: 0 })]), both).blockers;
  expect(off[0]?.message).toContain('is scaled to 0');
  expect(typed(off[0])).toBe(
    'kubectl --context pri -n kube-system scale deployment/aws-load-balancer-controller --replicas=2',
  );
});
