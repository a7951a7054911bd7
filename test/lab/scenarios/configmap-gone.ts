import { bindingFor, enroll, expectCode, verifyLine } from '../enrollment.ts';
import { must } from '../must.ts';
import { healthy, isSame, mustHaveTakenOut, tracked, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

/** H22, without a deletion: nothing tells a new process which targets were its own. */
export const configMapGone: Scenario = {
  name: 'configmap-gone',
  title: 'the ConfigMap and the controller’s memory are lost, and a pod dies meanwhile',
  clusters: 2,
  place: 'alone',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    const arn = await enroll(stage);
    const { name } = (await bindingFor(stage, primary)).metadata;
    await primary.controller.stop();
    await primary.kube.delete('configmaps', stage.namespace, `aws-lbc-targets-${name}`);
    await primary.removePods(['pri-3']);
    await primary.controller.start();
    await stage.until('the ConfigMap is written anew', async () =>
      isSame(await tracked(stage, primary, name), ['pri-1:80', 'pri-2:80']),
    );
    await stage.pass(20_000);
    const all = ['pri-1:80', 'pri-2:80', 'pri-3:80', 'sec-1:80', 'sec-2:80'];
    await untilRegistered(stage, arn, all);
    must((await tracked(stage, secondary, 'nginx'))?.length === 2, 'the secondary is as before');
    for (const cluster of [primary, secondary]) await mustHaveTakenOut(stage, cluster, arn, []);
    // Nobody answers at the dead pod's address.
    await stage.until('the dead pod’s target is unhealthy', () =>
      Promise.resolve(healthy(stage, arn).length === 4),
    );
    await expectCode(stage, verifyLine(stage), 3);
  },
};
