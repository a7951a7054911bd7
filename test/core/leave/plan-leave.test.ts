import { withGroupsGone } from '../../../src/core/observed/stale-bindings.ts';
import { planLeave, rerunHint } from '../../../src/core/leave/plan-leave.ts';

import { idsInDoubt } from '../../../src/core/observed/ids-in-doubt.ts';
import { known } from '../../../src/core/model/problem.ts';
import { joinHint } from '../../../src/core/model/nlbmc-hints.ts';
import { hintText } from '../../../src/output/hint-text.ts';
import { applied } from '../apply.ts';
import { arnOf, endpointsAt, service, serviceWith } from '../cluster-builder.ts';
import { intent, member, ours, plan, world } from '../leaving.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  primaryTargets,
  secondary,
  secondaryTargets,
} from '../world.ts';

const kinds = (made: { readonly steps: readonly { readonly kind: string }[] }): string[] =>
  made.steps.map(({ kind }) => kind);
const gone = { controller: known({ deployments: [] }) };

test('the binding goes with what it tracks, and is waited for', () => {
  const { steps, goals, blockers, cautions, capacity } = plan(member());
  expect({ blockers, cautions }).toEqual({ blockers: [], cautions: [] });
  expect(steps).toEqual([
    {
      kind: 'delete-binding',
      cluster: 'sec',
      binding: { namespace: 'default', name: 'nginx', flavour: 'lbc' },
      uid: 'uid-binding',
      targetGroupArn: arnOf(80),
      tracked: [
        { id: '10.0.2.1', port: 80 },
        { id: '10.0.2.2', port: 80 },
      ],
      undo: joinHint({ service, localService: service, context: 'sec', primary: 'pri' }),
    },
  ]);
  expect(goals).toMatchObject([
    { kind: 'targets-gone', cluster: 'sec', delaySeconds: 120 },
    { kind: 'binding-gone' },
    { kind: 'tracking-gone' },
  ]);
  expect(capacity).toMatchObject([{ port: 80, healthy: 5, staying: 3 }]);
});

test('the target groups are those named, the primary’s, or those of the local Service', () => {
  const { primary: _, ...alone } = intent;
  const seen = { ...world(member()), clusters: [member().view] };
  expect(kinds(planLeave(seen, alone))).toEqual(['delete-binding']);
  expect(kinds(planLeave(seen, { ...alone, targetGroups: [arnOf(80)] }))).toHaveLength(1);
  const other = { ...alone, localService: { namespace: 'default', name: 'other' } };
  const read = member().with({ services: { 'default/other': known(undefined) } });
  expect(() => planLeave({ ...seen, clusters: [read.view] }, other)).toThrow(
    expect.objectContaining({
      exit: 2,
      problem: expect.objectContaining({ code: 'target-groups-unnamed' }),
    }),
  );
});

test('a second run has no steps', () => {
  for (const over of [{}, { deleteService: true }]) {
    const sec = member().editService({ labels: ours });
    const before = world(sec);
    const first = planLeave(before, { ...intent, ...over });
    expect(first.blockers).toEqual([]);
    const after = planLeave(applied(before, first), { ...intent, ...over });
    expect(after).toMatchObject({ steps: [], blockers: [], goals: [] });
  }
});

test('a binding that is being deleted is waited for, and not deleted again', () => {
  const { steps, goals } = plan(member().editBindings({ terminating: true }));
  expect(steps).toEqual([]);
  expect(goals.map(({ kind }) => kind)).toEqual(['targets-gone', 'binding-gone', 'tracking-gone']);
});

test('without a binding the endpoints of the Service are judged, and whatever drains', () => {
  const { steps, goals } = plan(
    secondary(),
    {},
    {
      targets: { 80: [...primaryTargets, '10.0.2.1:80', '10.0.9.9:80 draining'] },
    },
  );
  expect(steps).toEqual([]);
  expect(goals).toMatchObject([
    {
      kind: 'targets-gone',
      targets: [
        { id: '10.0.2.1', port: 80 },
        { id: '10.0.9.9', port: 80 },
      ],
    },
  ]);
});

test('the Service goes last, and only once all else is gone', () => {
  const sec = member().editService({ labels: ours, uid: 'uid-1' });
  const { steps, goals } = plan(sec, { deleteService: true });
  expect(kinds({ steps })).toEqual(['delete-binding', 'wait', 'delete-service']);
  expect(steps[1]).toMatchObject({
    goals: [{ kind: 'targets-gone' }, { kind: 'binding-gone' }, { kind: 'tracking-gone' }],
  });
  expect(goals.at(-1)).toMatchObject({ kind: 'service-gone' });
});

test('a target group that AWS has no more in its own account keeps no binding', () => {
  const missing = { ok: false, problem: { code: 'aws-not-found', message: 'gone' } } as const;
  const seen = { ...world(member()), targetGroups: { [arnOf(80)]: missing } };
  const left = planLeave(withGroupsGone({ ...seen, account: known('123456789012') }), intent);
  expect(kinds(left)).toEqual(['delete-binding']);
  // Its record still lists targets, and no controller can deregister them from nothing.
  expect(left.steps).toMatchObject([{ kind: 'delete-binding', tracked: [] }]);
  expect(left.goals.map(({ kind }) => kind)).toEqual(['binding-gone', 'tracking-gone']);
  const elsewhere = planLeave(withGroupsGone({ ...seen, account: known('999999999999') }), intent);
  expect(elsewhere.blockers).toMatchObject([{ code: 'aws-not-found', unread: true }]);
});

describe('a primary that turned from ip to instance targets', () => {
  const turned = enabledPrimary().editBindings({
    targetGroupArn: arnOf(81),
    targetType: 'instance',
  });
  const missing = { ok: false, problem: { code: 'aws-not-found', message: 'gone' } } as const;
  const seen = (sec: ReturnType<typeof member>) => {
    const all = world(sec, {
      pri: turned,
      targets: { 80: [], 81: ['i-1:30080'] },
      group: { targetType: 'instance' },
    });
    return withGroupsGone({
      ...all,
      targetGroups: { ...all.targetGroups, [arnOf(80)]: missing },
      account: known('123456789012'),
    });
  };
  const ports = [{ name: 'http', port: 80, targetPort: 80, protocol: 'TCP' }];

  test('is left with what is bound to the group that is gone, and no node need be known', () => {
    const sec = member().editService({ ports });
    const { blockers, steps } = planLeave(seen(sec), intent);
    expect(blockers).toEqual([]);
    expect(steps).toMatchObject([{ kind: 'delete-binding', targetGroupArn: arnOf(80) }]);
  });

  test('has been left by a cluster without a binding', () => {
    const sec = secondary().editService({ ports });
    expect(planLeave(seen(sec), intent)).toMatchObject({ blockers: [], steps: [] });
  });
});

describe('without a controller', () => {
  const over = { withoutController: true };

  test('its part is done in order: out of AWS, drained, finalizer, ConfigMap', () => {
    const { steps, rehearsals } = plan(member().with(gone), over);
    expect(kinds({ steps })).toEqual([
      'deregister-targets',
      'delete-binding',
      'wait',
      'remove-finalizer',
      'delete-tracked',
    ]);
    expect(rehearsals).toMatchObject([
      { step: { kind: 'delete-binding' } },
      { step: { kind: 'remove-finalizer' } },
      { step: { kind: 'delete-tracked' } },
    ]);
  });

  test('a binding that hangs already is not deleted again', () => {
    const { steps } = plan(member().with(gone).editBindings({ terminating: true }), over);
    expect(kinds({ steps })[0]).toBe('deregister-targets');
  });

  test('a finalizer of somebody else stays', () => {
    const finalizers = ['example.com/keep', 'elbv2.k8s.aws/resources'];
    const { steps } = plan(member().with(gone).editBindings({ finalizers }), over);
    expect(steps).toContainEqual(
      expect.objectContaining({ before: finalizers, finalizers: ['example.com/keep'] }),
    );
  });

  test('a binding that no controller holds goes after the drain: its deletion is at once', () => {
    const { steps } = plan(member().with(gone).editBindings({ finalizers: [] }), over);
    expect(kinds({ steps })).toEqual([
      'deregister-targets',
      'wait',
      'delete-binding',
      'delete-tracked',
    ]);
  });

  test('a ConfigMap whose binding is gone goes, after what it lists has drained', () => {
    const left = secondary().with(gone).tracks('nginx', secondaryTargets.join(','));
    expect(kinds(plan(left, over))).toEqual(['deregister-targets', 'wait', 'delete-tracked']);
    const drained = { targets: { 80: primaryTargets } };
    expect(kinds(plan(left, over, drained))).toEqual(['delete-tracked']);
  });

  test('a second run has no steps', () => {
    const before = world(member().with(gone));
    const after = applied(before, planLeave(before, { ...intent, ...over }));
    expect(planLeave(after, { ...intent, ...over })).toMatchObject({ steps: [], blockers: [] });
  });

  test('a target that another cluster has by now is left where it is, with a caution', () => {
    const sec = member()
      .with(gone)
      .tracks('nginx', [...secondaryTargets, '10.0.1.1:80'].join(','));
    const { steps, cautions, blockers } = plan(sec, over);
    expect(blockers).toEqual([]);
    expect(codesOf(cautions)).toEqual(['target-contested']);
    // Its deletion, seen by a controller that comes back, would take the primary's.
    expect(kinds({ steps }).at(-2)).toBe('delete-binding');
    expect(steps[0]).toMatchObject({
      kind: 'deregister-targets',
      targets: [{ id: '10.0.2.1' }, { id: '10.0.2.2' }],
    });
  });

  test('an exclusive binding is deleted last: a controller that comes back would take everybody’s', () => {
    const sec = member().with(gone).editBindings({ multiCluster: false });
    const made = plan(sec, over);
    expect(made.blockers).toEqual([]);
    expect(kinds(made)).toEqual([
      'deregister-targets',
      'wait',
      'remove-finalizer',
      'delete-binding',
      'delete-tracked',
    ]);
    const before = world(sec);
    const again = planLeave(applied(before, made), { ...intent, ...over });
    expect(again).toMatchObject({ steps: [], blockers: [] });
  });

  test('the same world in another order is the same plan', () => {
    const order = (list: readonly string[]) =>
      plan(member().with(gone).tracks('nginx', list.join(',')), over, {
        targets: { 80: [...primaryTargets, ...list] },
      }).steps;
    expect(order(secondaryTargets.toReversed())).toEqual(order(secondaryTargets));
  });

  const reused = '10.0.9.9:80';
  const addressEvidence = {
    '10.0.9.9': { gone: false, cluster: 'third' },
    '10.0.2.1': { gone: false, cluster: 'sec' },
  };
  const taken = (made: ReturnType<typeof plan>) =>
    made.steps.flatMap((step) =>
      step.kind === 'deregister-targets' ? step.targets.map(({ id }) => id) : [],
    );

  test('its endpoints tell its name: an address of another cluster stays, and counts as staying', () => {
    const sec = member()
      .with(gone)
      .tracks('nginx', [...secondaryTargets, reused].join(','));
    const sick = primaryTargets.map((one) => `${one} unhealthy x`);
    const targets = { 80: [...sick, ...secondaryTargets, reused] };
    const made = plan(sec, over, { targets, addressEvidence });
    expect(made.blockers).toEqual([]);
    expect(made.cautions).toMatchObject([
      { code: 'target-contested', details: [expect.stringContaining('cluster third')] },
    ]);
    expect(taken(made)).toEqual(['10.0.2.1', '10.0.2.2']);
    expect(made.capacity).toMatchObject([{ healthy: 3, staying: 1 }]);
  });

  test('a ConfigMap without its binding lists an address of another cluster: it stays', () => {
    const left = secondary()
      .with(gone)
      .tracks('nginx', [...secondaryTargets, reused].join(','));
    const targets = { 80: [...primaryTargets, ...secondaryTargets, reused] };
    const made = plan(left, over, { targets, addressEvidence });
    expect(codesOf(made.cautions)).toEqual(['target-contested']);
    expect(taken(made)).toEqual(['10.0.2.1', '10.0.2.2']);
    for (const goal of made.goals) {
      if (goal.kind === 'targets-gone') expect(goal.targets).toHaveLength(2);
    }
    const seen = { ...world(left, { targets }), clusters: [left.view] };
    expect(idsInDoubt(seen, 'sec')).toContain('10.0.9.9');
  });

  test('what a pod left behind on a node of its own cluster goes', () => {
    const sec = member()
      .with(gone)
      .tracks('nginx', [...secondaryTargets, reused].join(','));
    const targets = { 80: [...primaryTargets, ...secondaryTargets, reused] };
    const made = plan(sec, over, {
      targets,
      addressEvidence: { ...addressEvidence, '10.0.9.9': { gone: false, cluster: 'sec' } },
    });
    expect(made.cautions).toEqual([]);
    expect(taken(made)).toHaveLength(3);
    expect(idsInDoubt(world(sec, { targets }), 'sec')).toEqual(
      expect.arrayContaining(['10.0.9.9', '10.0.2.1', '10.0.2.2']),
    );
  });

  test('an endpoint at the address of another cluster’s endpoint stays, recorded or not', () => {
    const sec = member()
      .with(gone)
      .endpoints(endpointsAt(['10.0.2.1', '10.0.2.2', '10.0.1.1']));
    const made = plan(sec, over);
    expect(made.blockers).toEqual([]);
    expect(codesOf(made.cautions)).toEqual(['target-contested']);
    expect(taken(made)).toEqual(['10.0.2.1', '10.0.2.2']);
  });
});

test('the command to go on with names what the bindings named', () => {
  const over = { deleteService: true, minHealthy: 2, localService: { namespace: 'a', name: 'b' } };
  // The primary goes on telling it.
  expect(rerunHint([{ ...intent, ...over }], [arnOf(80)])).toBeUndefined();
  const { primary: _, ...alone } = intent;
  const rerun = rerunHint([{ ...alone, ...over }], [arnOf(80)]);
  expect(rerun && hintText(rerun, {}).text).toBe(
    `nlbmc leave nginx -n default --context sec --target-group ${arnOf(80)} --local-service a/b --delete-service --min-healthy 2`,
  );
});

test('hand-made bindings go, too, and that is said', () => {
  const { steps, cautions } = plan(joinedSecondary());
  expect(kinds({ steps })).toEqual(['delete-binding']);
  expect(cautions).toMatchObject([
    { code: 'binding-not-ours', details: [expect.stringContaining('default/nginx')] },
  ]);
});

test('a local Service that was named, and is bound to none of them, takes no other Service out', () => {
  const services = {
    'default/nginx': known(serviceWith()),
    'default/web': known(serviceWith({ name: 'web' })),
  };
  const { steps, blockers } = plan(member().with({ services }), {
    localService: { namespace: 'default', name: 'web' },
  });
  expect(steps).toEqual([]);
  expect(blockers).toMatchObject([
    { code: 'binding-conflict', hints: [{ command: 'leave', service: { name: 'nginx' } }] },
  ]);
});

test('a binding of another Service on the same target group is another member, and stays', () => {
  const sec = member()
    .binding({
      namespace: 'b',
      name: 'other',
      multiCluster: true,
      labels: ours,
      serviceName: 'web',
    })
    .with({
      services: {
        'default/nginx': known(serviceWith()),
        'b/web': known(serviceWith({ namespace: 'b', name: 'web' })),
      },
    })
    .endpoints(endpointsAt(['10.0.2.9']), 'b/web');
  const seen = sec.with({
    tracked: { ...sec.view.tracked, 'b/other': known({ kind: 'set', targets: [] }) },
  });
  const { steps } = plan(seen);
  expect(steps).toMatchObject([{ kind: 'delete-binding', binding: { name: 'nginx' } }]);
});
