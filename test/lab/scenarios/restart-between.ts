import {
  bindingFor,
  deployPrimary,
  deploySecondary,
  enable,
  expectCode,
  join,
  verifyLine,
} from '../enrollment.ts';
import { mustHaveTakenOut, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

export const restartBetween: Scenario = {
  name: 'restart-between',
  title: 'the primary’s controller restarts between enable and join',
  clusters: 2,
  place: 'alone',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    await deployPrimary(stage);
    await deploySecondary(stage, secondary);
    await enable(stage);
    await primary.controller.stop();
    await primary.controller.start();
    await join(stage, secondary);
    await expectCode(stage, verifyLine(stage), 0);

    // With a cold memory it reads its ConfigMap now, and has a fresh list with foreign targets.
    const arn: string = (await bindingFor(stage, primary))['spec'].targetGroupARN;
    await primary.removePods(['pri-2']);
    await untilRegistered(stage, arn, ['pri-1:80', 'pri-3:80', 'sec-1:80', 'sec-2:80']);
    await mustHaveTakenOut(stage, primary, arn, ['pri-2:80']);
    await mustHaveTakenOut(stage, secondary, arn, []);
  },
};
