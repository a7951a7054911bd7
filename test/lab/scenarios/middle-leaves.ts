import { APP, enroll, expectCode } from '../enrollment.ts';
import { must } from '../must.ts';
import { mustHaveTakenOut, tracked, untilDrained, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

export const middleLeaves: Scenario = {
  name: 'middle-leaves',
  title: 'three clusters, and the second leaves by kubectl',
  clusters: 3,
  place: 'beside',
  async play(stage) {
    const [primary, second, third] = stage.clusters;
    if (!third) throw new Error('three clusters are needed');
    const arn = await enroll(stage);
    await second.kube.delete('targetgroupbindings', stage.namespace, APP);
    await stage.until(
      'the binding is gone',
      async () => !(await second.kube.get('targetgroupbindings', stage.namespace, APP)),
    );
    const left = ['pri-1:80', 'pri-2:80', 'pri-3:80', 'thd-1:80', 'thd-2:80'];
    await untilRegistered(stage, arn, left);
    await mustHaveTakenOut(stage, second, arn, ['sec-1:80', 'sec-2:80']);
    for (const cluster of [primary, third]) await mustHaveTakenOut(stage, cluster, arn, []);
    must((await tracked(stage, second, APP)) === undefined, 'its ConfigMap went along');
    const contexts = `${primary.context},${third.context}`;
    await untilDrained(stage, arn);
    await expectCode(stage, `verify ${APP} --context ${contexts}`, 0);
  },
};
