import { judgeEnable } from '../../../src/core/enable/judge-enable.ts';
import type { Observed } from '../../../src/core/observed/observed.ts';
import { planEnable } from '../../../src/core/enable/plan-enable.ts';
import { exitOfBlockers } from '../../../src/core/plan/exit.ts';
import { known } from '../../../src/core/model/problem.ts';
import { service, type ClusterBuilder } from '../cluster-builder.ts';
import { codesOf, forbidden, observed, primary, primaryTargets, unreadable } from '../world.ts';

const intent = { service, context: 'pri', settled: true };

const world = (cluster: ClusterBuilder, more: readonly string[] = []): Observed =>
  observed({ clusters: [cluster], targets: { 80: [...primaryTargets, ...more] } });

const document = (flag?: boolean) =>
  known({
    apiVersion: 'elbv2.k8s.aws/v1beta1',
    kind: 'TargetGroupBinding',
    metadata: service,
    spec: flag === undefined ? {} : { multiClusterTargetGroup: flag },
  });

describe('the echo', () => {
  const o = world(primary());
  const before = planEnable(o, intent);
  const judge = (result: ReturnType<typeof document> | ReturnType<typeof unreadable>, world = o) =>
    judgeEnable(
      before,
      world,
      before.rehearsals.map((rehearsal) => ({
        rehearsal,
        result:
          rehearsal.kind === 'set-flag'
            ? (result as ReturnType<typeof document>)
            : known(undefined),
      })),
    );

  test('with the flag changes nothing', () => expect(judge(document(true))).toEqual(before));

  test.each([undefined, false])('without it (%s) refuses', (flag) => {
    const judged = judge(document(flag));
    expect(codesOf(judged.blockers)).toEqual(['field-stripped']);
    expect(judged.steps).toEqual([]);
  });

  test('forbidden: CRD and version stand in for it; with neither, a caution', () => {
    expect(judge(unreadable()).cautions).toEqual([]);
    expect(codesOf(judge(unreadable()).skips)).toEqual(['api-forbidden']);
    const blind = world(
      primary().with({ controller: unreadable(), crdMultiCluster: unreadable() }),
    );
    expect(codesOf(judge(unreadable(), blind).cautions)).toEqual(['support-unproven']);
  });

  test.each([
    ['webhook-unreachable', 5],
    ['admission-denied', 5],
    ['api-unreachable', 8],
    ['api-error', 8],
  ] as const)('%s refuses with exit %d', (code, exit) => {
    const { blockers, steps } = judge(unreadable({ code, message: 'No.' }));
    expect(steps).toEqual([]);
    expect(exitOfBlockers(blockers)).toBe(exit);
  });

  test('a write that is forbidden refuses before it is made', () => {
    const judged = judgeEnable(before, o, [
      {
        rehearsal: before.rehearsals[0] ?? { kind: 'set-flag', cluster: '', binding: service },
        result: unreadable(forbidden),
      },
    ]);
    expect(exitOfBlockers(judged.blockers)).toBe(5);
  });
});
