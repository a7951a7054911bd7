import type { LeaveIntent } from '../../../src/core/model/intent.ts';
import { exitOfBlockers } from '../../../src/core/plan/exit.ts';
import { leftText, planLeave } from '../../../src/core/leave/plan-leave.ts';
import { known, unknown } from '../../../src/core/model/problem.ts';
import { withGroupsGone } from '../../../src/core/observed/stale-bindings.ts';
import type { Observed } from '../../../src/core/observed/observed.ts';
import { arnOf } from '../cluster-builder.ts';
import { intent, member, world } from '../leaving.ts';
import { typed } from '../typed.ts';
import { codesOf, enabledPrimary, primaryTargets, secondaryTargets } from '../world.ts';

const { primary: _, ...alone } = intent;
const named = (...targetGroups: readonly string[]): LeaveIntent => ({ ...alone, targetGroups });
const wrong = arnOf(81);

/** `sec` joined on port 80; AWS has `81`, too, or says that it does not know it. */
const seen = (o: { readonly there: boolean; readonly account?: string }): Observed => {
  const all = world(member(), {
    targets: { 80: [...primaryTargets, ...secondaryTargets], 81: [] },
  });
  if (o.there) return all;
  const missing = unknown({ code: 'aws-not-found', message: 'not found' });
  return withGroupsGone({
    ...all,
    targetGroups: { ...all.targetGroups, [wrong]: missing },
    account: known(o.account ?? '123456789012'),
  });
};

test.each([
  ['another group that is there', seen({ there: true })],
  ['a group that its own account does not have', seen({ there: false })],
])('%s: refused, naming the groups that the Service is bound to', (_name, observed) => {
  const { blockers, steps } = planLeave(observed, named(wrong));
  expect(steps).toEqual([]);
  expect(codesOf(blockers)).toEqual(['still-bound']);
  expect(exitOfBlockers(blockers)).toBe(5);
  expect(blockers[0]?.details).toEqual([`default/nginx: ${arnOf(80)}`]);
  expect(typed(blockers[0])).toBe(
    `nlbmc leave nginx -n default --context sec --target-group ${arnOf(80)}\n` +
      `if you accept that the Service stays in this target group: nlbmc leave nginx -n default --context sec --target-group ${wrong} --accept still-bound`,
  );
});

test('a group of another account is unknown, and neither', () => {
  const { blockers } = planLeave(seen({ there: false, account: '999999999999' }), named(wrong));
  expect(codesOf(blockers)).toEqual(['aws-not-found']);
  expect(exitOfBlockers(blockers)).toBe(8);
});

test('accepted, it has left, and what it stays in is listed', () => {
  const accepted = { ...named(wrong), acceptStillBound: true };
  const observed = seen({ there: true });
  expect(planLeave(observed, accepted)).toMatchObject({ blockers: [], steps: [] });
  expect(leftText(observed, accepted)).toContain(`default/nginx: ${arnOf(80)}`);
});

test('nothing of it where the primary names the groups, where all are named, or none is bound', () => {
  const observed = seen({ there: true });
  expect(planLeave(observed, intent).blockers).toEqual([]);
  expect(planLeave(observed, named(arnOf(80), wrong)).blockers).toEqual([]);
  const other = { ...named(wrong), localService: { namespace: 'default', name: 'other' } };
  const sec = member().with({ services: { 'default/other': known(undefined) } });
  const clusters = observed.clusters.map((view) => (view.context === 'sec' ? sec.view : view));
  expect(codesOf(planLeave({ ...observed, clusters }, other).blockers)).toEqual([]);
});

test('a binding that is being deleted, or that a controller made, keeps nobody', () => {
  const stack = { kind: 'service', namespace: 'default', name: 'nginx' } as const;
  for (const over of [{ terminating: true }, { stack }]) {
    const observed = seen({ there: true });
    const sec = member().editBindings(over);
    const clusters = observed.clusters.map((view) => (view.context === 'sec' ? sec.view : view));
    expect(codesOf(planLeave({ ...observed, clusters }, named(wrong)).blockers)).toEqual([]);
  }
});

test.each([
  ['credentials-refused', false],
  ['plugin-failed', false],
  ['api-forbidden', true],
] as const)(
  'a primary that cannot be read for %s: an ARN is typed instead: %s',
  (code, instead) => {
    const pri = enabledPrimary().with({ bindings: unknown({ code, message: 'It says no.' }) });
    const { blockers } = planLeave(world(member(), { pri }), intent);
    expect(blockers).toMatchObject([{ code, unread: true }]);
    expect(typed(blockers[0]).includes('--target-group')).toBe(instead);
  },
);
