import {
  APP,
  ATTRIBUTES,
  bindingFor,
  deployPrimary,
  enable,
  expectCode,
  FLAG,
  untilEvent,
} from '../enrollment.ts';
import { must } from '../must.ts';
import { mustHaveTakenOut, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

export const rejectedAttributes: Scenario = {
  name: 'rejected-attributes',
  title: 'attributes that the controller’s parser rejects stop the whole Service',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const { namespace } = stage;
    const [primary] = stage.clusters;
    await deployPrimary(stage);
    const annotate = (annotations: Record<string, string | null>) =>
      primary.kube.patch('services', namespace, APP, { metadata: { annotations } });
    await annotate({ [ATTRIBUTES]: 'deletion_protection.enabled=true,,' });
    await untilEvent(stage, primary, 'Service', 'FailedBuildModel');
    await expectCode(stage, `enable ${APP} --context ${primary.context}`, 5);

    await annotate({ [FLAG]: 'true' });
    await stage.pass(20_000);
    const { spec } = await bindingFor(stage, primary);
    must(!spec.multiClusterTargetGroup, 'the flag does not reach the binding');
    // Its binding goes on by itself.
    const arn: string = spec.targetGroupARN;
    await primary.removePods(['pri-1']);
    await untilRegistered(stage, arn, ['pri-2:80', 'pri-3:80']);
    await mustHaveTakenOut(stage, primary, arn, ['pri-1:80']);

    await annotate({ [ATTRIBUTES]: null, [FLAG]: null });
    await enable(stage);
  },
};
