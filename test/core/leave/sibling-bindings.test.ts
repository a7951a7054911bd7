import { leftText, planLeave } from '../../../src/core/leave/plan-leave.ts';
import type { LeaveIntent } from '../../../src/core/model/intent.ts';
import { arnOf, type ClusterBuilder, endpointsAt, serviceWith } from '../cluster-builder.ts';
import { known } from '../../../src/core/model/problem.ts';
import { crossZone, intent as fromSec, member, ours } from '../leaving.ts';
import { typed } from '../typed.ts';
import { codesOf, enabledPrimary, observed, primaryTargets, secondaryTargets } from '../world.ts';

const { primary: _, ...unnamed } = fromSec;
const intent: LeaveIntent = { ...unnamed, context: 'pri', targetGroups: [arnOf(80)] };

const world = (pri: ClusterBuilder, more: readonly string[] = []) =>
  observed({
    clusters: [pri, member()],
    targets: { 80: [...primaryTargets, ...secondaryTargets, ...more] },
    group: { attributes: crossZone(true) },
  });

/** Somebody's second binding for the pods of the primary's own Service. */
const twice = (record: string | undefined = primaryTargets.join(',')) =>
  enabledPrimary()
    .binding({ name: 'by-hand', multiCluster: true, uid: 'uid-by-hand' })
    .tracks('by-hand', record);

/** One for another Service of the same cluster, with pods of its own. */
const canary = { namespace: 'default', name: 'canary' };
const beside = () => {
  const sibling = enabledPrimary()
    .binding({ name: 'canary', serviceName: 'canary', multiCluster: true, labels: ours })
    .tracks('canary', '10.0.9.1:80')
    .endpoints(endpointsAt(['10.0.9.1']), 'default/canary');
  const services = { 'default/canary': known(serviceWith({ name: 'canary' })) };
  return sibling.with({ services: { ...sibling.view.services, ...services } });
};

const deleted = (o: ReturnType<typeof world>, over: Partial<LeaveIntent> = {}) =>
  planLeave(o, { ...intent, ...over }).steps.map((step) =>
    step.kind === 'delete-binding' ? [step.kind, step.binding.name] : [step.kind],
  );

test('of two bindings for the same pods, one takes out the targets of both: refused with their number', () => {
  const { blockers, steps } = planLeave(world(twice()), intent);
  expect(steps).toEqual([]);
  expect(blockers).toMatchObject([{ code: 'target-contested', saves: 3, details: primaryTargets }]);
  expect(blockers[0]?.message).toContain('in common with default/k8s-default-nginx-1, which stays');
  expect(typed(blockers[0])).toContain(`--target-group ${arnOf(80)} --accept removing=3`);
});

test('accepted, that one goes, nobody waits for what the other one registers again, and it is said', () => {
  const o = world(twice());
  expect(deleted(o, { acceptRemoving: 3 })).toEqual([['delete-binding', 'by-hand']]);
  const { goals, steps } = planLeave(o, { ...intent, acceptRemoving: 3 });
  // A cluster never joins itself: what it takes back is a manifest.
  expect(steps).toMatchObject([
    {
      undo: {
        kind: 'advice',
        text: expect.stringContaining('TargetGroupBinding default/by-hand'),
      },
    },
  ]);
  expect(goals.map(({ kind }) => kind)).toEqual(['binding-gone', 'tracking-gone']);
  expect(leftText(o, intent)).toContain('default/k8s-default-nginx-1 stays');
  expect(leftText(o, intent)).toContain('nlbmc repair');
});

test('what it does not track stays registered, and is no leak', () => {
  const o = world(twice('10.0.1.1:80'));
  expect(planLeave(o, intent).blockers).toMatchObject([{ code: 'target-contested', saves: 1 }]);
  expect(deleted(world(twice('')))).toEqual([['delete-binding', 'by-hand']]);
});

test('without a controller nlbmc takes out nothing that the other one has', () => {
  const down = twice().controller({ readyReplicas: 0 });
  const kinds = deleted(world(down), { withoutController: true }).map(([kind]) => kind);
  expect(kinds).toContain('delete-binding');
  expect(kinds).not.toContain('deregister-targets');
});

test('a binding of another Service leaves the primary by itself', () => {
  const o = world(beside(), ['10.0.9.1:80']);
  const { blockers, steps } = planLeave(o, { ...intent, localService: canary });
  expect(blockers).toEqual([]);
  expect(steps).toMatchObject([
    { kind: 'delete-binding', binding: { name: 'canary' }, tracked: [{ id: '10.0.9.1' }] },
  ]);
});

test('the Service of the primary itself does not leave', () =>
  expect(codesOf(planLeave(world(beside(), ['10.0.9.1:80']), intent).blockers)).toEqual([
    'leaving-primary',
  ]));
