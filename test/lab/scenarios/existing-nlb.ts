import {
  bindingFor,
  deployPrimary,
  deploySecondary,
  enable,
  expectCode,
  isSame,
  join,
  movedBy,
  must,
  registered,
  tracked,
  verifyLine,
} from '../enrollment.ts';
import type { Scenario } from '../stage.ts';

/** The walkthrough's scenario 1. */
export const existingNlb: Scenario = {
  name: 'existing-nlb',
  title: 'a second cluster joins behind an NLB that exists already',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    await deployPrimary(stage);
    await deploySecondary(stage, secondary);
    await enable(stage);
    await join(stage, secondary);
    await expectCode(stage, verifyLine(stage), 0);

    const binding = await bindingFor(stage, primary);
    const arn: string = binding['spec'].targetGroupARN;
    const own = ['pri-1:80', 'pri-2:80', 'pri-3:80'];
    const foreign = ['sec-1:80', 'sec-2:80'];
    must(isSame(registered(stage, arn), [...own, ...foreign]), 'AWS has the targets of both');
    must(
      isSame(await movedBy(stage, primary, 'RegisterTargets', arn), own),
      'the primary registered its own targets and no other',
    );
    must(
      isSame(await movedBy(stage, secondary, 'RegisterTargets', arn), foreign),
      'the secondary registered its own targets and no other',
    );
    for (const cluster of stage.clusters) {
      const gone = await movedBy(stage, cluster, 'DeregisterTargets', arn);
      must(gone.length === 0, `${cluster.context} took nobody out`);
    }
    must(
      isSame(await tracked(stage, primary, binding.metadata.name), own),
      'the primary tracks its own targets',
    );
    must(
      isSame(await tracked(stage, secondary, 'nginx'), foreign),
      'the secondary tracks its own targets',
    );

    // Each takes out what is its own.
    await primary.removePods(['pri-3']);
    await secondary.removePods(['sec-1']);
    await stage.until('both dead pods are taken out', async () =>
      isSame(registered(stage, arn), ['pri-1:80', 'pri-2:80', 'sec-2:80']),
    );
    must(
      isSame(await movedBy(stage, primary, 'DeregisterTargets', arn), ['pri-3:80']),
      'the primary took out its dead pod and no other target',
    );
    must(
      isSame(await movedBy(stage, secondary, 'DeregisterTargets', arn), ['sec-1:80']),
      'the secondary took out its dead pod and no other target',
    );
  },
};
