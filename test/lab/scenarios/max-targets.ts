import { bindingFor, enroll, verifyLine } from '../enrollment.ts';
import { must } from '../must.ts';
import { isSame, mustHaveTakenOut, tracked, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

/** H16: `--max-targets-per-target-group` counts the targets of all clusters. */
export const maxTargets: Scenario = {
  name: 'max-targets',
  title: 'others’ targets count towards the limit of a controller, and may exceed it',
  clusters: 2,
  place: 'alone',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    const arn = await enroll(stage);
    const { name } = (await bindingFor(stage, primary)).metadata;
    const all = ['pri-1:80', 'pri-2:80', 'pri-3:80', 'sec-1:80', 'sec-2:80'];
    await primary.controller.stop();
    await primary.controller.start({ maxTargetsPerTargetGroup: 4 });
    await primary.addPods(['pri-4']);
    await stage.until('the new pod is tracked', async () =>
      isSame(await tracked(stage, primary, name), ['pri-1:80', 'pri-2:80', 'pri-3:80', 'pri-4:80']),
    );
    await stage.pass(10_000);
    await untilRegistered(stage, arn, all);
    await stage.nlbmc(verifyLine(stage));

    // Without the limit it goes on as if nothing had been.
    await primary.controller.stop();
    await primary.controller.start();
    await untilRegistered(stage, arn, [...all.slice(0, 3), 'pri-4:80', ...all.slice(3)]);
    for (const cluster of [primary, secondary]) await mustHaveTakenOut(stage, cluster, arn, []);
    must((await tracked(stage, primary, name))?.length === 4, 'the record fits again');
  },
};
