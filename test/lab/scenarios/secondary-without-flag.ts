import {
  bindingByHand,
  bindingFor,
  deployPrimary,
  deploySecondary,
  enable,
  expectCode,
  joinLine,
  verifyLine,
} from '../enrollment.ts';
import { must } from '../must.ts';
import {
  isSame,
  mustHaveTakenOut,
  registered,
  untilDrained,
  untilHealthy,
  untilRegistered,
} from '../targets.ts';
import type { Scenario } from '../stage.ts';

/** H8: an exclusive binding owns its target group. */
export const secondaryWithoutFlag: Scenario = {
  name: 'secondary-without-flag',
  title: 'a binding without the flag in the secondary takes out the whole primary',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    await deployPrimary(stage);
    await deploySecondary(stage, secondary);
    await enable(stage);
    const model = await bindingFor(stage, primary);
    const arn: string = model['spec'].targetGroupARN;
    await secondary.kube.create(
      'targetgroupbindings',
      stage.namespace,
      bindingByHand(model, { shared: false }),
    );
    await untilRegistered(stage, arn, ['sec-1:80', 'sec-2:80']);
    await mustHaveTakenOut(stage, secondary, arn, ['pri-1:80', 'pri-2:80', 'pri-3:80']);
    await mustHaveTakenOut(stage, primary, arn, []);

    await untilDrained(stage, arn);
    await untilHealthy(stage, arn);
    const seen = await expectCode(stage, verifyLine(stage), 3);
    must(seen.stdout.includes('binding-exclusive'), 'verify says that the binding is exclusive');
    const refused = await expectCode(stage, joinLine(stage, secondary), 5);
    must(refused.stdout.includes('--adopt'), 'join offers to take the binding over');

    await expectCode(stage, `${joinLine(stage, secondary)} --adopt --yes`, 0);
    await untilRegistered(stage, arn, ['sec-1:80', 'sec-2:80']);
    await mustHaveTakenOut(stage, secondary, arn, ['pri-1:80', 'pri-2:80', 'pri-3:80']);
    // The primary notices nothing until an endpoint of its own changes.
    await stage.pass(20_000);
    await mustHaveTakenOut(stage, primary, arn, []);
    must(
      isSame(registered(stage, arn), ['sec-1:80', 'sec-2:80']),
      'the primary’s pods stay out although its controller runs',
    );
  },
};
