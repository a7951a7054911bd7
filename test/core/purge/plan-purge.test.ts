import { advice } from '../../../src/core/model/hint.ts';
import { typed } from '../typed.ts';
import type { AddressEvidence } from '../../../src/core/model/aws.ts';
import type { Departed, PurgeIntent } from '../../../src/core/model/intent.ts';
import type { Observed } from '../../../src/core/observed/observed.ts';
import { planPurge } from '../../../src/core/purge/plan-purge.ts';
import { known, type Reading } from '../../../src/core/model/problem.ts';
import { applied } from '../apply.ts';
import { arnOf, ClusterBuilder, endpointsAt, service } from '../cluster-builder.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTags,
  primaryTargets,
  secondaryTargets,
  unreadable,
  vpc,
} from '../world.ts';

const intent: PurgeIntent = { service };
const gone: AddressEvidence = { gone: true };
const held = (cluster?: string): AddressEvidence => ({
  networkInterface: 'eni-1',
  instance: 'i-1',
  vpcId: 'vpc-1',
  gone: false,
  ...(cluster === undefined ? {} : { cluster }),
});

/** The primary with these targets besides its own, and what EC2 says of their ids. */
function world(
  more: readonly string[],
  addressEvidence: Readonly<Record<string, AddressEvidence | Reading<AddressEvidence>>> = {},
  clusters: readonly ClusterBuilder[] = [enabledPrimary()],
  vpcs: Observed['vpcs'] = { 'vpc-1': known(vpc) },
): Observed {
  return {
    ...observed({ clusters, targets: { 80: [...primaryTargets, ...more] } }),
    addressEvidence: Object.fromEntries(
      Object.entries(addressEvidence).map(([id, one]) => [id, 'ok' in one ? one : known(one)]),
    ),
    ...(vpcs ? { vpcs } : {}),
  };
}

const purged = (o: Observed, over: Partial<PurgeIntent> = {}): readonly string[] =>
  planPurge(o, { ...intent, ...over }).steps.flatMap((step) =>
    step.kind === 'deregister-targets' ? step.targets.map(({ id, port }) => `${id}:${port}`) : [],
  );

describe('targets of a cluster that is gone', () => {
  const dead = world(['10.0.2.1:80 unhealthy', '10.0.2.2:80 unused Target.NotInUse'], {
    '10.0.2.1': gone,
    '10.0.2.2': gone,
  });

  test('are deregistered and waited for, once a person has seen each', () => {
    const { steps, goals, cautions, blockers, skips, documents } = planPurge(dead, intent);
    expect([blockers, skips, documents]).toEqual([[], [], []]);
    const targets = ['10.0.2.1', '10.0.2.2'].map((id) => ({ id, port: 80 }));
    expect(steps).toEqual([{ kind: 'deregister-targets', targetGroupArn: arnOf(80), targets }]);
    expect(goals).toEqual([
      { kind: 'targets-gone', targetGroupArn: arnOf(80), targets, delaySeconds: 300 },
    ]);
    expect(cautions).toMatchObject([
      {
        code: 'target-unclaimed',
        details: [
          '10.0.2.1:80 unhealthy, no network interface has this address',
          '10.0.2.2:80 unused, no network interface has this address',
        ],
      },
    ]);
  });

  test('leave nothing to do for a second run', () => {
    const again = planPurge(applied(dead, planPurge(dead, intent)), intent);
    expect([again.steps, again.goals, again.blockers]).toEqual([[], [], []]);
  });

  test('that drain already are waited for and not sent again', () => {
    const draining = world(['10.0.2.1:80 draining']);
    const { steps, goals } = planPurge(draining, intent);
    expect(steps).toEqual([]);
    expect(goals).toMatchObject([{ targets: [{ id: '10.0.2.1', port: 80 }] }]);
  });

  test('wait as long as the target group lets them drain', () => {
    const attributes = known({ 'deregistration_delay.timeout_seconds': '1200' });
    const group = observed({
      clusters: [enabledPrimary()],
      targets: { 80: ['10.0.2.1:80 draining'] },
      group: { attributes },
    });
    expect(planPurge(group, intent).goals).toMatchObject([{ delaySeconds: 1200 }]);
  });

  test('whose address something without a cluster tag has are shown with it', () => {
    const o = world(['10.0.2.1:80 unhealthy'], { '10.0.2.1': held() });
    expect(purged(o)).toEqual(['10.0.2.1:80']);
    expect(planPurge(o, intent).cautions[0]?.details).toEqual([
      '10.0.2.1:80 unhealthy, network interface eni-1, instance i-1, no cluster tag',
    ]);
  });

  test('of a listed cluster that lost them go, too', () => {
    const o = world(['10.0.2.1:80 unhealthy'], { '10.0.2.1': held('pri') });
    expect(purged(o)).toEqual(['10.0.2.1:80']);
  });
});

describe('what is not unclaimed', () => {
  test('is what a listed cluster tracks, serves, or has an address of', () => {
    const sec = joinedSecondary()
      .tracks('nginx', '10.0.2.1:80')
      .endpoints([
        ...endpointsAt(['10.0.2.2']),
        ...endpointsAt(['10.0.2.3'], { ready: false, podContainersReady: false }),
      ]);
    const theirs = ['10.0.2.1:80 unhealthy', '10.0.2.2:80 unhealthy', '10.0.2.3:80 unhealthy'];
    const addressEvidence = { '10.0.2.1': gone, '10.0.2.2': gone, '10.0.2.3': gone };
    const o = world(theirs, addressEvidence, [enabledPrimary(), sec]);
    const { steps, goals, blockers, cautions } = planPurge(o, intent);
    expect({ steps, goals, blockers, cautions }).toEqual({
      steps: [],
      goals: [],
      blockers: [],
      cautions: [],
    });
  });
});

describe('which clusters are listed is proven, and not named', () => {
  const dead = { '10.0.2.1': held('sec') };

  test('two contexts that lead to one cluster: the other one was not looked into', () => {
    const alias = new ClusterBuilder({ ...enabledPrimary().view, context: 'sec' });
    const { blockers } = planPurge(
      world(['10.0.2.1:80 unhealthy'], dead, [enabledPrimary(), alias]),
      intent,
    );
    expect(blockers).toMatchObject([{ code: 'same-cluster', about: { cluster: 'sec' } }]);
  });

  test('nor where kube-system may not be read: the same Service is the same cluster', () => {
    const blind = (context: string) =>
      new ClusterBuilder({ ...enabledPrimary().view, context, identity: unreadable() });
    const o = world(['10.0.2.1:80 unhealthy'], dead, [blind('pri'), blind('sec')]);
    expect(codesOf(planPurge(o, intent).blockers)).toEqual(['same-cluster']);
  });

  test('a context that has the name of another cluster lifts no refusal', () => {
    const mixed = joinedSecondary('sec').controller({ clusterName: 'green' });
    const o = world(['10.0.9.1:80 unhealthy'], { '10.0.9.1': held('sec') }, [
      enabledPrimary(),
      mixed,
    ]);
    expect(codesOf(planPurge(o, intent).blockers)).toEqual(['target-owned-elsewhere']);
  });

  test('nor does a cluster of that name in another VPC', () => {
    const there = joinedSecondary('sec').controller({ clusterName: 'sec', vpcId: 'vpc-2' });
    const o = world(['10.0.9.1:80 unhealthy'], { '10.0.9.1': held('sec') }, [
      enabledPrimary(),
      there,
    ]);
    expect(codesOf(planPurge(o, intent).blockers)).toEqual(['target-owned-elsewhere']);
  });

  test('a cluster that is said to have gone, and is listed by another name', () => {
    const departed: Departed = {
      name: 'old',
      file: 'enrollment.yaml',
      at: '2026-11-01T00:00:00Z',
      identity: 'uid-sec',
      clusterNames: ['old'],
      tracked: {},
    };
    const o = world(['10.0.9.1:80 unhealthy'], {}, [enabledPrimary(), joinedSecondary()]);
    expect(planPurge(o, { ...intent, departed }).blockers).toMatchObject([
      { code: 'same-cluster', about: { cluster: 'sec' } },
    ]);
  });
});

test('targets that no cluster has in EC2 stay where a person knows them, and only those', () => {
  const o = world(['10.0.8.1:80 healthy', '10.0.8.2:80 unhealthy', '10.0.3.1:80 unhealthy'], {
    '10.0.8.1': held(),
    '10.0.8.2': held('sec'),
    '10.0.3.1': gone,
  });
  expect(codesOf(planPurge(o, intent).blockers)).toEqual([
    'target-owned-elsewhere',
    'target-serving',
  ]);
  const knownTargets = [{ id: '10.0.8.0/24' }];
  const { blockers, skips } = planPurge(o, { ...intent, knownTargets });
  expect(codesOf(blockers)).toEqual(['target-owned-elsewhere']);
  expect(typed(blockers[0])).toContain('--known-target 10.0.8.0/24 --accept removing=1');
  expect(skips).toMatchObject([{ code: 'target-unclaimed' }]);
  expect(skips[0]?.details?.[0]).toContain('10.0.8.1:80 healthy');
});

describe('refused', () => {
  test.each(['healthy', 'initial Elb.InitialHealthChecking', 'unavailable'])(
    'what is %s: somebody serves there',
    (state) => {
      const o = world([`10.0.2.1:80 ${state}`], { '10.0.2.1': gone });
      const { blockers, steps } = planPurge(o, intent);
      expect(steps).toEqual([]);
      expect(blockers).toMatchObject([{ code: 'target-serving', saves: 1 }]);
    },
  );

  test('what EC2 gives to a cluster that was not listed, in any state; the others wait', () => {
    const o = world(['10.0.2.1:80 unhealthy', '10.0.2.2:80 healthy', '10.0.3.1:80 unhealthy'], {
      '10.0.2.1': held('sec'),
      '10.0.2.2': held('sec'),
      '10.0.3.1': gone,
    });
    const { blockers, steps } = planPurge(o, intent);
    expect(steps).toEqual([]);
    expect(blockers).toMatchObject([{ code: 'target-owned-elsewhere', saves: 2 }]);
    expect(blockers[0]?.message).toContain('cluster sec');
    expect(typed(blockers[0])).toBe(
      'with the context of cluster sec for …: nlbmc purge nginx -n default --context pri,…\n' +
        'if you accept that these 2 targets are deregistered: nlbmc purge nginx -n default --context pri --accept removing=2',
    );
  });

  test('unless exactly their number is named', () => {
    const o = world(['10.0.2.1:80 healthy', '10.0.2.2:80 unhealthy', '10.0.3.1:80 unhealthy'], {
      '10.0.2.1': gone,
      '10.0.2.2': held('sec'),
      '10.0.3.1': gone,
    });
    const { blockers } = planPurge(o, intent);
    expect(blockers.map(({ code, saves }) => [code, saves])).toEqual([
      ['target-owned-elsewhere', 1],
      ['target-serving', 1],
    ]);
    for (const blocker of blockers) expect(typed(blocker)).toContain('--accept removing=2');
    for (const acceptRemoving of [1, 3]) expect(purged(o, { acceptRemoving })).toEqual([]);
    expect(purged(o, { acceptRemoving: 2 }).toSorted()).toEqual([
      '10.0.2.1:80',
      '10.0.2.2:80',
      '10.0.3.1:80',
    ]);
    expect(planPurge(o, { ...intent, acceptRemoving: 2 }).cautions[0]?.message).toContain(
      '3 targets of Service default/nginx that no listed cluster tracks will be deregistered, 2 of them because you named that number',
    );
  });
});

describe('not touched', () => {
  const denied = unreadable<AddressEvidence>({
    code: 'aws-denied',
    message: 'EC2 says no.',
    hints: [advice('Ask EC2 again.')],
  });
  const byHand = 'aws elbv2 deregister-targets';
  const dead = { '10.0.3.1': gone } as const;

  test.each<[string, Observed, string, string]>([
    [
      'evidence could not be read',
      world(['10.0.2.1:80 unhealthy', '10.0.3.1:80 unhealthy'], { ...dead, '10.0.2.1': denied }),
      'EC2 says no.',
      'Ask EC2 again',
    ],
    [
      'evidence was not looked up',
      world(['10.0.2.1:80 unhealthy', '10.0.3.1:80 unhealthy'], dead),
      'its address was not looked up in EC2',
      byHand,
    ],
    [
      'the address lies outside the VPC',
      world(['10.9.2.1:80 unhealthy', '10.0.3.1:80 unhealthy'], { ...dead, '10.9.2.1': gone }),
      'lies outside vpc-1',
      byHand,
    ],
    [
      'the address lies outside the VPC, and serves',
      world(['10.9.2.1:80 healthy', '10.0.3.1:80 unhealthy'], { ...dead, '10.9.2.1': gone }),
      'lies outside vpc-1',
      'Find out who has these addresses',
    ],
    [
      'the address lies outside, and something of another VPC has it',
      world(['10.9.2.1:80 unhealthy', '10.0.3.1:80 unhealthy'], {
        ...dead,
        '10.9.2.1': { ...held('sec'), vpcId: 'vpc-2' },
      }),
      'lies outside vpc-1',
      byHand,
    ],
  ])('when %s; the others go', (_, o, reason, hint) => {
    const { skips, blockers } = planPurge(o, intent);
    expect(purged(o)).toEqual(['10.0.3.1:80']);
    expect(blockers).toEqual([]);
    expect(skips[0]).toMatchObject({ code: 'owner-unknown' });
    expect(skips[0]?.details?.[0]).toContain(reason);
    expect(typed(skips[0])).toContain(hint);
  });

  test('where the VPC is another account’s, or could not be read: nothing found proves nothing', () => {
    const dying = ['10.0.3.1:80 unhealthy'];
    const shared = world(dying, dead, undefined, { 'vpc-1': known({ ...vpc, owner: '999' }) });
    expect(purged(shared)).toEqual([]);
    expect(planPurge(shared, intent).skips[0]?.details?.[0]).toContain('account 999');
    const unread = world(dying, dead, undefined, { 'vpc-1': unreadable() });
    expect(planPurge(unread, intent).blockers).toMatchObject([
      { code: 'owner-unknown', unread: true },
    ]);
  });

  test('what EC2 does show counts all the same', () => {
    const o = world(['10.0.3.1:80 unhealthy'], { '10.0.3.1': held('sec') }, undefined, {
      'vpc-1': known({ ...vpc, owner: '999' }),
    });
    expect(codesOf(planPurge(o, intent).blockers)).toEqual(['target-owned-elsewhere']);
  });

  test('an interface of another VPC with the same address is somebody else', () => {
    const o = world(['10.0.3.1:80 unhealthy'], {
      '10.0.3.1': { ...held('sec'), vpcId: 'vpc-2' },
    });
    expect(purged(o)).toEqual(['10.0.3.1:80']);
  });

  test('nothing else to do and EC2 silent: unknown, not done', () => {
    const o = world(['10.0.2.1:80 unhealthy'], { '10.0.2.1': denied });
    expect(planPurge(o, intent).blockers).toMatchObject([{ code: 'owner-unknown', unread: true }]);
  });
});

describe('a cluster that is said to have departed', () => {
  const departed: Departed = {
    name: 'arn:aws:eks:us-east-1:123456789012:cluster/sec',
    clusterNames: ['sec'],
    file: 'enrollment.yaml',
    at: '2026-11-01T00:00:00Z',
    tracked: { [arnOf(80)]: ['10.0.2.1:80', '10.9.2.1:80'] },
  };

  test.each([
    ['another name in EC2 than its context', { clusterNames: ['green'] }],
    ['its name, and was in another VPC', { vpcId: 'vpc-2' }],
  ])('the tag is of another cluster where it had %s', (_, over) => {
    const o = world(['10.0.2.1:80 unhealthy'], { '10.0.2.1': held('sec') });
    const { blockers } = planPurge(o, { ...intent, departed: { ...departed, ...over } });
    expect(codesOf(blockers)).toEqual(['target-owned-elsewhere']);
  });

  test('counts as listed: its tag refuses no more', () => {
    const o = world(['10.0.2.1:80 unhealthy'], { '10.0.2.1': held('sec') });
    expect(purged(o, { departed })).toEqual(['10.0.2.1:80']);
    expect(planPurge(o, { ...intent, departed }).cautions[0]?.details?.[0]).toContain(
      'tracked by arn:aws:eks:us-east-1:123456789012:cluster/sec at 2026-11-01',
    );
  });

  test.each<[string, AddressEvidence | Reading<AddressEvidence>]>([
    ['lies outside', gone],
    ['could not be asked', unreadable<AddressEvidence>()],
  ])('its record does not tell who has an address now: one that EC2 %s stays', (_, evidence) => {
    const o = world(['10.9.2.1:80 unhealthy', '10.0.2.1:80 unhealthy'], {
      '10.9.2.1': evidence,
      '10.0.2.1': gone,
    });
    expect(purged(o, { departed })).toEqual(['10.0.2.1:80']);
    expect(planPurge(o, { ...intent, departed }).skips[0]?.details?.[0]).toContain(
      'tracked by arn:aws:eks:us-east-1:123456789012:cluster/sec at 2026-11-01',
    );
  });

  test('but what serves is refused, and an address that another cluster has by now', () => {
    const o = world(['10.0.2.1:80 healthy', '10.0.2.2:80 unhealthy'], {
      '10.0.2.1': held('sec'),
      '10.0.2.2': held('third'),
    });
    const { blockers } = planPurge(o, { ...intent, departed });
    expect(codesOf(blockers)).toEqual(['target-owned-elsewhere', 'target-serving']);
    expect(typed(blockers[1])).toContain('--from enrollment.yaml --accept removing=2');
  });
});

describe('instances', () => {
  const id = 'i-0123456789abcdef0';
  test.each<[AddressEvidence, readonly string[]]>([
    [{ instance: id, gone: true }, [`${id}:80`]],
    [{ instance: id, gone: true, cluster: 'sec' }, [`${id}:80`]],
    [{ instance: id, gone: false, cluster: 'sec' }, []],
  ])('%j', (evidence, expected) => {
    expect(purged(world([`${id}:80 unused Target.InvalidState`], { [id]: evidence }))).toEqual(
      expected,
    );
  });
});

describe('what has to be known of every listed cluster', () => {
  const dead = ['10.0.3.1:80 unhealthy'];
  const sec = joinedSecondary();
  test.each<[string, ClusterBuilder]>([
    ['its bindings', sec.with({ bindings: unreadable() })],
    ['its bindings in every namespace', sec.with({ bindingsScope: 'namespace' })],
    ['its tracked targets', sec.with({ tracked: { 'default/nginx': unreadable() } })],
    ['its endpoints', sec.with({ endpoints: { 'default/nginx': unreadable() } })],
    ['its Service', sec.with({ services: { 'default/nginx': unreadable() } })],
  ])('%s: unread is not absent', (_, unread) => {
    const targets = [...dead, ...secondaryTargets];
    const o = world(targets, { '10.0.3.1': gone }, [enabledPrimary(), unread]);
    const { steps, blockers } = planPurge(o, intent);
    expect(steps).toEqual([]);
    expect(blockers.length).toBeGreaterThan(0);
    expect(blockers.every((problem) => problem.unread)).toBe(true);
  });

  test('the targets', () => {
    const o = observed({ clusters: [enabledPrimary()], group: { targets: unreadable() } });
    expect(planPurge(o, intent).blockers).toMatchObject([{ unread: true }]);
  });

  test('and the cluster that owns the load balancer has to be among them', () => {
    const o = observed({ clusters: [joinedSecondary()], group: { tags: primaryTags } });
    expect(codesOf(planPurge(o, intent).blockers)).toEqual(['owner-unlisted']);
  });
});
