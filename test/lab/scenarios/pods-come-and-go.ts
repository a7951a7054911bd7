import {
  APP,
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
  mustHaveTakenOut,
  registered,
  untilDrained,
  untilHealthy,
  untilRegistered,
} from '../targets.ts';
import type { AwsAccount } from '../../../src/sandbox/aws/account.ts';
import type { Scenario } from '../stage.ts';

/** No target of these addresses gets healthy until what is given back is called: so no join ends. */
function holdHealth(aws: AwsAccount, addresses: () => ReadonlySet<string>): () => void {
  let isHeld = true;
  const { probe } = aws;
  aws.probe = (target) => (isHeld && addresses().has(target.id) ? 'timeout' : probe(target));
  return () => (isHeld = false);
}

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

    const letThrough = holdHealth(stage.aws, () => new Set(secondary.addresses().values()));
    const line = joinLine(stage, secondary);
    const joined = await stage.meanwhile(line, async () => {
      await stage.until('join has written its binding', async () =>
        Boolean(await secondary.kube.get('targetgroupbindings', stage.namespace, APP)),
      );
      await primary.addPods(['pri-4']);
      await stage.until('the joining cluster registered its first pod', () =>
        Promise.resolve(registered(stage, arn).includes('sec-1:80')),
      );
      await Promise.all([primary.removePods(['pri-1']), secondary.addPods(['sec-3'])]);
      await secondary.removePods(['sec-1']);
      letThrough();
    });
    must(joined.code === 0, `the join succeeds (${joined.stdout})`);

    const left = ['pri-2:80', 'pri-3:80', 'pri-4:80', 'sec-2:80', 'sec-3:80'];
    await untilRegistered(stage, arn, left);
    await mustHaveTakenOut(stage, primary, arn, ['pri-1:80']);
    await mustHaveTakenOut(stage, secondary, arn, ['sec-1:80']);
    await untilDrained(stage, arn);
    await untilHealthy(stage, arn);
    await expectCode(stage, verifyLine(stage), 0);
  },
};
