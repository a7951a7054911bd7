import type { LeaveIntent } from '../../../src/core/model/intent.ts';
import type { Observed } from '../../../src/core/observed/observed.ts';
import { exitOfBlockers } from '../../../src/core/plan/exit.ts';
import { planLeave } from '../../../src/core/leave/plan-leave.ts';
import { known } from '../../../src/core/model/problem.ts';
import { arnOf, service, type ClusterBuilder } from '../cluster-builder.ts';
import { typed } from '../typed.ts';
import { crossZone, intent, member, ours, plan, world } from '../leaving.ts';
import {
  enabledPrimary,
  primaryTargets,
  secondary,
  secondaryTargets,
  unreadable,
  type WorldParts,
} from '../world.ts';

interface Row {
  readonly sec?: ClusterBuilder;
  readonly over?: Partial<LeaveIntent>;
  readonly parts?: Partial<WorldParts> & { readonly pri?: ClusterBuilder };
  readonly refused: readonly (readonly [code: string, saves: number | undefined])[];
}

const away = { controller: known({ deployments: [] }) };
const down = { readyReplicas: 0 };
const sick = primaryTargets.map((target) => `${target} unhealthy Target.FailedHealthChecks`);
const mine = member().editService({ labels: ours });

const rows: Readonly<Record<string, Row>> = {
  'the last healthy targets of a port': {
    parts: { targets: { 80: [...sick, ...secondaryTargets] } },
    refused: [['below-floor', 2]],
  },
  'nothing is healthy, and the load balancer fails open': {
    parts: { targets: { 80: [...sick, ...secondaryTargets.map((one) => `${one} unhealthy x`)] } },
    refused: [['below-floor', 2]],
  },
  'fewer than asked for': { over: { minHealthy: 4 }, refused: [['below-floor', 2]] },
  'an exclusive binding takes those of others': {
    sec: member().editBindings({ multiCluster: false }),
    refused: [['binding-exclusive', 3]],
  },
  'no ConfigMap: own targets would leak': {
    sec: member().tracks('nginx', undefined),
    refused: [['targets-would-leak', 2]],
  },
  'a stale ConfigMap: the one that it lacks would leak': {
    sec: member().tracks('nginx', '10.0.2.1:80'),
    refused: [['targets-would-leak', 1]],
  },
  'no controller holds the binding: nobody would take its targets out': {
    sec: member().editBindings({ finalizers: [] }),
    refused: [['targets-would-leak', 2]],
  },
  'it tracks an endpoint of the primary': {
    sec: member().tracks('nginx', [...secondaryTargets, '10.0.1.1:80'].join(',')),
    refused: [['target-contested', 1]],
  },
  'it tracks an address that EC2 says is another cluster’s': {
    sec: member().tracks('nginx', [...secondaryTargets, '10.0.9.9:80'].join(',')),
    parts: {
      targets: { 80: [...primaryTargets, ...secondaryTargets, '10.0.9.9:80'] },
      addressEvidence: { '10.0.9.9': { gone: false, cluster: 'third' } },
    },
    refused: [['target-contested', 1]],
  },
  'the address of a tracked pod that is gone, and EC2 did not say whose it is now': {
    sec: member().tracks('nginx', [...secondaryTargets, '10.0.9.9:80'].join(',')),
    parts: { targets: { 80: [...primaryTargets, ...secondaryTargets, '10.0.9.9:80'] } },
    refused: [['target-contested', 1]],
  },
  'the controller that knew the name is gone, and no endpoint tells it: whose it is, is not known':
    {
      sec: member().with(away).endpoints([]).tracks('nginx', '10.0.9.9:80'),
      over: { withoutController: true },
      parts: {
        targets: { 80: [...primaryTargets, '10.0.9.9:80'] },
        addressEvidence: { '10.0.9.9': { gone: false, cluster: 'third' } },
      },
      refused: [['target-contested', 1]],
    },
  'a leak that is the last capacity, too: each with its number': {
    sec: member().tracks('nginx', '10.0.2.1:80'),
    parts: { targets: { 80: [...sick, ...secondaryTargets] } },
    refused: [
      ['targets-would-leak', 1],
      ['below-floor', 2],
    ],
  },
  'the primary leaves itself': {
    sec: member().editBindings({ stack: { kind: 'service', ...service } }),
    refused: [['leaving-primary', undefined]],
  },
  'the same cluster by another name': {
    sec: member().with({ identity: known('uid-pri') }),
    refused: [['same-cluster', undefined]],
  },
  'the controller is down': {
    sec: member().controller(down),
    refused: [['controller-missing', undefined]],
  },
  'the controller runs, and it should not': {
    over: { withoutController: true },
    refused: [['controller-running', undefined]],
  },
  'a controller of that namespace runs, and its binding is gone already': {
    sec: secondary().tracks('nginx', '10.0.2.1:80').controller({ watchNamespace: 'default' }),
    over: { withoutController: true },
    refused: [['controller-running', undefined]],
  },
  'Auto Mode shows no controller': {
    sec: member().editBindings({ flavour: 'auto-mode' }).with(away),
    over: { withoutController: true },
    refused: [['controller-running', undefined]],
  },
  'a Service that somebody else made': {
    over: { deleteService: true },
    refused: [['service-not-ours', undefined]],
  },
  'a Service with a load balancer of its own': {
    sec: mine.editService({ type: 'LoadBalancer' }),
    over: { deleteService: true },
    refused: [['service-not-ours', undefined]],
  },
  'a Service that another binding needs': {
    sec: mine.binding({ name: 'more', targetGroupArn: arnOf(81), multiCluster: true }),
    over: { deleteService: true },
    refused: [['service-in-use', undefined]],
  },
  'a primary that names no target group': {
    parts: { pri: enabledPrimary().with({ bindings: known([]) }) },
    refused: [['bindings-missing', undefined]],
  },
};

const made = ({ sec = member(), over, parts }: Row) => plan(sec, over, parts);

test.each(Object.entries(rows))('refused: %s', (_, row) => {
  const { steps, blockers, rehearsals } = made(row);
  expect({ steps, rehearsals }).toEqual({ steps: [], rehearsals: [] });
  expect(blockers.map(({ code, saves }) => [code, saves])).toEqual(row.refused);
  expect(exitOfBlockers(blockers)).toBe(5);
  for (const { saves, message } of blockers) {
    if (saves !== undefined && row.refused.length === 1) expect(message).toContain(`${saves} `);
  }
});

const priced = Object.entries(rows).filter(
  ([
    ,
    {
      refused: [first],
    },
  ]) => first?.[1] !== undefined,
);

describe.each(priced)('%s: only the exact number lifts it', (_, row) => {
  const total = Math.max(...row.refused.map(([, saves]) => saves ?? 0));

  test('the hint has it', () => {
    for (const blocker of made(row).blockers)
      expect(typed(blocker)).toContain(`--accept removing=${total}`);
  });

  test('one less, one more and none do not', () => {
    for (const acceptRemoving of [total - 1, total + 1, 0]) {
      const { blockers } = made({ ...row, over: { ...row.over, acceptRemoving } });
      expect(blockers).toHaveLength(row.refused.length);
    }
  });

  test('accepted, it is a caution, and the steps are made', () => {
    const over = { ...row.over, acceptRemoving: total };
    const { blockers, cautions, steps } = made({ ...row, over });
    expect(blockers).toEqual([]);
    expect(cautions.map(({ code }) => code)).toEqual(row.refused.map(([code]) => code));
    expect(steps.length).toBeGreaterThan(0);
  });
});

test('accepted leaks are deregistered before the binding goes', () => {
  const sec = member().tracks('nginx', undefined);
  const { steps } = plan(sec, { acceptRemoving: 2 });
  expect(steps.map(({ kind }) => kind)).toEqual(['deregister-targets', 'delete-binding']);
  expect(steps[0]).toMatchObject({ targets: [{ id: '10.0.2.1' }, { id: '10.0.2.2' }] });
});

test('a number where nothing is refused changes nothing: a second run must go on', () => {
  expect(plan(member(), { acceptRemoving: 7 }).blockers).toEqual([]);
});

test('with cross-zone off each zone counts', () => {
  const zoned = world(member(), { group: { attributes: crossZone(false) } });
  const group = zoned.targetGroups[arnOf(80)];
  if (!group?.ok || !group.value.targets.ok) throw new Error('no group');
  const targets = group.value.targets.value.map((one) => ({
    ...one,
    zone: one.target.id === '10.0.2.2' ? 'us-east-1b' : 'us-east-1a',
  }));
  const seen: Observed = {
    ...zoned,
    targetGroups: { [arnOf(80)]: known({ ...group.value, targets: known(targets) }) },
  };
  const { blockers } = planLeave(seen, intent);
  expect(blockers).toMatchObject([{ code: 'below-floor', saves: 1 }]);
  expect(blockers[0]?.message).toContain('us-east-1b');
});

test.each([
  [undefined, 'describe deployment aws-load-balancer-controller'],
  [0, 'scale deployment/aws-load-balancer-controller --replicas=2'],
])('a controller with %s replicas asked for: what starts it comes first', (replicas, command) => {
  const off = { ...down, ...(replicas === undefined ? {} : { replicas }) };
  const lines = typed(plan(member().controller(off)).blockers[0]).split('\n');
  expect(lines[0]).toBe(`kubectl --context sec -n kube-system ${command}`);
  expect(lines[1]).toContain('--without-controller');
});

test('no controller found is a grave caution; with --without-controller it is what it should be', () => {
  const { cautions, blockers } = plan(member().with(away));
  expect(blockers).toEqual([]);
  expect(cautions).toMatchObject([{ code: 'controller-missing', grave: true }]);
  expect(plan(member().with(away), { withoutController: true }).cautions).toEqual([]);
});

describe('what could not be read is no permission', () => {
  const attributes = (): Partial<WorldParts> => ({ group: { attributes: unreadable() } });
  test.each<[string, ClusterBuilder, Partial<LeaveIntent>, Partial<WorldParts>]>([
    ['bindings', member().with({ bindings: unreadable() }), {}, {}],
    ['tracked', member().with({ tracked: { 'default/nginx': unreadable() } }), {}, {}],
    ['endpoints', member().with({ endpoints: { 'default/nginx': unreadable() } }), {}, {}],
    ['Service', member().with({ service: unreadable(), services: {} }), {}, {}],
    ['targets', member(), {}, { group: { targets: unreadable(), attributes: crossZone(true) } }],
    ['cross-zone', member(), {}, attributes()],
    [
      'the controller that is said to be gone',
      member().with({ controller: unreadable() }),
      { withoutController: true },
      {},
    ],
  ])('%s', (_, sec, over, parts) => {
    const { steps, blockers } = plan(sec, over, parts);
    expect(steps).toEqual([]);
    expect(blockers.length).toBeGreaterThan(0);
    expect(blockers.every(({ unread }) => unread)).toBe(true);
    expect(exitOfBlockers(blockers)).toBe(8);
  });

  test('bindings of the primary, with the way around it', () => {
    const pri = enabledPrimary().with({ bindings: unreadable() });
    const { blockers } = plan(member(), {}, { pri });
    expect(blockers).toMatchObject([{ unread: true }]);
    expect(typed(blockers[0])).toContain('--target-group');
  });
});
