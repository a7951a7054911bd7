import {
  APP,
  bindingFor,
  deployPrimary,
  deploySecondary,
  enable,
  expectCode,
  joinLine,
  mustHaveTakenOut,
  registered,
  untilRegistered,
  verifyLine,
} from '../enrollment.ts';
import type { Scenario } from '../stage.ts';

export const podsComeAndGo: Scenario = {
  name: 'pods-come-and-go',
  title: 'pods come and go in both clusters while the second one joins',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    await deployPrimary(stage);
    await deploySecondary(stage, secondary);
    await enable(stage);
    const arn: string = (await bindingFor(stage, primary))['spec'].targetGroupARN;

    const joining = expectCode(stage, joinLine(stage, secondary), 0);
    const changing = (async () => {
      await stage.until('join has written its binding', async () =>
        Boolean(await secondary.kube.get('targetgroupbindings', stage.namespace, APP)),
      );
      await primary.addPods(['pri-4']);
      await stage.until('the joining cluster registered its first pod', () =>
        Promise.resolve(registered(stage, arn).includes('sec-1:80')),
      );
      await Promise.all([primary.removePods(['pri-1']), secondary.addPods(['sec-3'])]);
      await secondary.removePods(['sec-1']);
    })();
    await Promise.all([joining, changing]);

    const left = ['pri-2:80', 'pri-3:80', 'pri-4:80', 'sec-2:80', 'sec-3:80'];
    await untilRegistered(stage, arn, left);
    await mustHaveTakenOut(stage, primary, arn, ['pri-1:80']);
    await mustHaveTakenOut(stage, secondary, arn, ['sec-1:80']);
    // What was registered last has to pass its health checks.
    await stage.until(
      'verify is content',
      async () => (await stage.nlbmc(verifyLine(stage))).code === 0,
      300_000,
    );
    await expectCode(stage, verifyLine(stage), 0);
  },
};
