import { plainService, withSecondPort } from '../../../src/sandbox/scenarios/objects.ts';
import {
  bindingFor,
  deployPrimary,
  deploySecondary,
  enable,
  expectCode,
  join,
  ownService,
  verifyLine,
} from '../enrollment.ts';
import { mustHaveTakenOut, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

export const severalPorts: Scenario = {
  name: 'several-ports',
  title: 'two ports, so two target groups, and both are shared',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    await deployPrimary(stage, { service: withSecondPort(ownService()) });
    const service = withSecondPort(plainService('ClusterIP'));
    await deploySecondary(stage, secondary, { service });
    await enable(stage);
    await join(stage, secondary);
    await expectCode(stage, verifyLine(stage), 0);
    await primary.removePods(['pri-1']);
    await secondary.removePods(['sec-1']);
    for (const port of [80, 8080]) {
      const arn: string = (await bindingFor(stage, primary, port))['spec'].targetGroupARN;
      const left = ['pri-2', 'pri-3', 'sec-2'].map((pod) => `${pod}:${port}`);
      await untilRegistered(stage, arn, left);
      await mustHaveTakenOut(stage, primary, arn, [`pri-1:${port}`]);
      await mustHaveTakenOut(stage, secondary, arn, [`sec-1:${port}`]);
    }
  },
};
