import {
  APP,
  bindingByHand,
  bindingFor,
  deployPrimary,
  deploySecondary,
  enable,
  expectCode,
  joinLine,
} from '../enrollment.ts';
import { must } from '../must.ts';
import { mustHaveTakenOut, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

/** H10: what an earlier binding of the same name left behind counts as the new one's own. */
export const leftoverConfigMap: Scenario = {
  name: 'leftover-configmap',
  title: 'a ConfigMap from an earlier life lists the primary’s targets in the secondary',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const { namespace } = stage;
    const [primary, secondary] = stage.clusters;
    await deployPrimary(stage);
    await deploySecondary(stage, secondary);
    await enable(stage);
    const stale = ['pri-1', 'pri-2'].map((pod) => `${primary.addresses().get(pod)}:80`);
    await secondary.kube.create('configmaps', namespace, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `aws-lbc-targets-${APP}` },
      data: { targets: stale.join(',') },
    });
    const refused = await expectCode(stage, joinLine(stage, secondary), 5);
    must(refused.stdout.includes('leftover-tracked-targets'), 'join names what is in the way');

    // A person who does it by hand finds out what the refusal is good for.
    const model = await bindingFor(stage, primary);
    const arn: string = model['spec'].targetGroupARN;
    await secondary.kube.create(
      'targetgroupbindings',
      namespace,
      bindingByHand(model, { shared: true }),
    );
    await untilRegistered(stage, arn, ['pri-3:80', 'sec-1:80', 'sec-2:80']);
    await mustHaveTakenOut(stage, secondary, arn, ['pri-1:80', 'pri-2:80']);
    await mustHaveTakenOut(stage, primary, arn, []);
  },
};
