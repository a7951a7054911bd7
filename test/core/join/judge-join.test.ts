import { typed as text } from '../typed.ts';
import { exitOfBlockers } from '../../../src/core/plan/exit.ts';
import { judgeJoin } from '../../../src/core/join/judge-join.ts';
import { planJoin } from '../../../src/core/join/plan-join.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { known } from '../../../src/core/model/problem.ts';
import { service } from '../cluster-builder.ts';
import { intent, world } from '../joining.ts';
import { secondary, templates, unreadable } from '../world.ts';

describe('the echo', () => {
  const o = world(secondary());
  const before = planJoin(o, intent, templates);
  const [rehearsal] = before.rehearsals;
  const judge = (result: Parameters<typeof judgeJoin>[2][number]['result']): Plan =>
    judgeJoin(before, o, rehearsal ? [{ rehearsal, result }] : [], () => intent);

  test('without the flag saves every registered target', () => {
    const judged = judge(known({ apiVersion: '', kind: '', metadata: service, spec: {} }));
    expect(judged.blockers).toMatchObject([{ code: 'field-stripped', saves: 3 }]);
    expect(judged.steps).toEqual([]);
  });

  test.each([
    [known(true), 'helm upgrade aws-load-balancer-controller'],
    [known(false), 'kubectl --context sec apply -k'],
    [unreadable<boolean>(), 'kubectl --context sec explain targetgroupbinding.spec'],
  ])('without the flag tells what to upgrade: %#', (crdMultiCluster, words) => {
    const stripped = known({ apiVersion: '', kind: '', metadata: service, spec: {} });
    const judged = judgeJoin(
      before,
      world(secondary().with({ crdMultiCluster })),
      rehearsal ? [{ rehearsal, result: stripped }] : [],
      () => intent,
    );
    expect(text(judged.blockers[0])).toContain(words);
  });

  test('with it lets the plan be', () => {
    const spec = { multiClusterTargetGroup: true };
    expect(judge(known({ apiVersion: '', kind: '', metadata: service, spec }))).toEqual(before);
  });

  test('a conflict tells how to take over', () => {
    const judged = judge(unreadable({ code: 'field-conflict', message: 'Conflict.' }));
    expect(text(judged.blockers[0])).toBe(
      'if you accept that nlbmc takes these fields over from their manager: nlbmc join nginx -n default --context sec --primary pri --force-conflicts',
    );
    expect(exitOfBlockers(judged.blockers)).toBe(5);
  });

  test('its hint is the command as it was typed, and the one flag more', () => {
    const typed = { ...intent, localService: { namespace: 'b', name: 'web' }, region: 'us-east-1' };
    const judged = judgeJoin(
      before,
      o,
      rehearsal
        ? [{ rehearsal, result: unreadable({ code: 'field-conflict', message: 'Conflict.' }) }]
        : [],
      () => typed,
    );
    expect(text(judged.blockers[0])).toBe(
      'if you accept that nlbmc takes these fields over from their manager: nlbmc join nginx -n default --context sec --primary pri --local-service b/web --force-conflicts --region us-east-1',
    );
  });
});
