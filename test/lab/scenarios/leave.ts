import {
  APP,
  bindingFor,
  deployPrimary,
  enable,
  expectCode,
  joinLine,
  podNames,
} from '../enrollment.ts';
import { must } from '../must.ts';
import {
  drainQuickly,
  mustHaveTakenOut,
  tracked,
  untilHealthy,
  untilRegistered,
} from '../targets.ts';
import type { Scenario } from '../stage.ts';

export const leave: Scenario = {
  name: 'leave',
  title: 'a secondary leaves, and takes along what join made for it',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const { namespace } = stage;
    const [primary, secondary] = stage.clusters;
    await deployPrimary(stage);
    await secondary.addPods(podNames(secondary, 2));
    await enable(stage);
    await expectCode(stage, `${joinLine(stage, secondary)} --create-service`, 0);
    const arn: string = (await bindingFor(stage, primary))['spec'].targetGroupARN;
    drainQuickly(stage, arn);
    const own = ['pri-1:80', 'pri-2:80', 'pri-3:80'];
    await untilRegistered(stage, arn, [...own, 'sec-1:80', 'sec-2:80']);
    await untilHealthy(stage, arn);

    const line = `leave ${APP} --context ${secondary.context} --primary ${primary.context} --delete-service --yes`;
    await expectCode(stage, line, 0);
    await untilRegistered(stage, arn, own);
    await mustHaveTakenOut(stage, secondary, arn, ['sec-1:80', 'sec-2:80']);
    await mustHaveTakenOut(stage, primary, arn, []);
    must((await tracked(stage, secondary, APP)) === undefined, 'its ConfigMap is gone');
    for (const resource of ['targetgroupbindings', 'services']) {
      const left = await secondary.kube.get(resource, namespace, APP);
      must(left === undefined, `no ${resource} is left in the secondary`);
    }
    await expectCode(stage, `verify ${APP} --context ${primary.context}`, 0);
  },
};
