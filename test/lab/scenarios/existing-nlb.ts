import { bindingFor, enroll, expectCode, verifyLine } from '../enrollment.ts';
import { must } from '../must.ts';
import { isSame, movedBy, mustHaveTakenOut, tracked, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

/** The walkthrough's scenario 1. */
export const existingNlb: Scenario = {
  name: 'existing-nlb',
  title: 'a second cluster joins behind an NLB that exists already',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    const arn = await enroll(stage);
    await expectCode(stage, verifyLine(stage), 0);

    const own = ['pri-1:80', 'pri-2:80', 'pri-3:80'];
    const foreign = ['sec-1:80', 'sec-2:80'];
    await untilRegistered(stage, arn, [...own, ...foreign]);
    must(
      isSame(await movedBy(stage, primary, 'RegisterTargets', arn), own),
      'the primary registered its own targets and no other',
    );
    must(
      isSame(await movedBy(stage, secondary, 'RegisterTargets', arn), foreign),
      'the secondary registered its own targets and no other',
    );
    for (const cluster of stage.clusters) await mustHaveTakenOut(stage, cluster, arn, []);
    const { metadata } = await bindingFor(stage, primary);
    must(isSame(await tracked(stage, primary, metadata.name), own), 'the primary tracks its own');
    must(isSame(await tracked(stage, secondary, 'nginx'), foreign), 'so does the secondary');

    await primary.removePods(['pri-3']);
    await secondary.removePods(['sec-1']);
    await untilRegistered(stage, arn, ['pri-1:80', 'pri-2:80', 'sec-2:80']);
    await mustHaveTakenOut(stage, primary, arn, ['pri-3:80']);
    await mustHaveTakenOut(stage, secondary, arn, ['sec-1:80']);
  },
};
