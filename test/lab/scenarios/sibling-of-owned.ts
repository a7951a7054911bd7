import {
  APP,
  bindingByHand,
  bindingFor,
  deployPrimary,
  enable,
  FLAG,
  untilEvent,
  verifyLine,
} from '../enrollment.ts';
import { must } from '../must.ts';
import { mustHaveTakenOut, untilHealthy, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';
import { deploySecondApp } from '../unowned.ts';

const EDGE = 'edge';

/** The webhook judges the controller's own updates as it judges a person's. */
export const siblingOfOwned: Scenario = {
  name: 'sibling-of-owned',
  title: 'the flag of a Service cannot go off while a second binding of its cluster is there',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const { namespace } = stage;
    const [primary] = stage.clusters;
    await deployPrimary(stage, { pods: 2 });
    await enable(stage);
    const model = await bindingFor(stage, primary);
    const arn: string = model['spec'].targetGroupARN;
    await deploySecondApp(stage, primary, EDGE, ['pri-8']);
    const sibling = bindingByHand(model, { shared: true, name: EDGE });
    sibling['spec'].serviceRef.name = EDGE;
    await primary.kube.create('targetgroupbindings', namespace, sibling);
    const all = ['pri-1:80', 'pri-2:80', 'pri-8:80'];
    await untilRegistered(stage, arn, all);

    const body = { metadata: { annotations: { [FLAG]: 'false' } } };
    await primary.kube.patch('services', namespace, APP, body);
    await untilEvent(stage, primary, 'Service', 'FailedDeployModel');
    await stage.pass(10_000);
    const { spec } = (await primary.kube.need(
      'targetgroupbindings',
      namespace,
      model.metadata.name,
    )) as { spec?: { multiClusterTargetGroup?: boolean } };
    must(spec?.multiClusterTargetGroup === true, 'the binding keeps its flag');
    await untilRegistered(stage, arn, all);
    await mustHaveTakenOut(stage, primary, arn, []);
    await untilHealthy(stage, arn);
    await stage.nlbmc(verifyLine(stage));
  },
};
