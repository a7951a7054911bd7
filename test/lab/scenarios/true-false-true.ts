import {
  bindingFor,
  deployPrimary,
  enable,
  expectCode,
  turnFlag,
  verifyLine,
} from '../enrollment.ts';
import { must } from '../must.ts';
import { healthy, isSame, mustHaveTakenOut, tracked, untilRegistered } from '../targets.ts';
import type { LabStage, Scenario } from '../stage.ts';

const first = ['pri-1:80', 'pri-2:80'];
const all = [...first, 'pri-3:80'];

/** The flag goes off; a pod comes that nobody tracks. Gives the binding's name and target group. */
async function untrackedPod(stage: LabStage): Promise<{ name: string; arn: string }> {
  const [primary] = stage.clusters;
  await deployPrimary(stage, { pods: 2 });
  await enable(stage);
  const { metadata, spec } = await bindingFor(stage, primary);
  const { name } = metadata;
  const arn: string = spec.targetGroupARN;
  await turnFlag(stage, false);
  must(
    isSame(await tracked(stage, primary, name), ['pri-1:80', 'pri-2:80']),
    'the ConfigMap outlives the flag',
  );
  await primary.addPods(['pri-3']);
  await stage.until('all three are healthy', () =>
    Promise.resolve(isSame(healthy(stage, arn), all)),
  );
  return { name, arn };
}

/** H27: the controller keeps its record in memory over the flag, and pods that came meanwhile are not in it. */
export const trueFalseTrue: Scenario = {
  name: 'true-false-true',
  title: 'the flag goes off and on again in one controller process',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [primary] = stage.clusters;
    const { name, arn } = await untrackedPod(stage);
    await primary.kube.delete('configmaps', stage.namespace, `aws-lbc-targets-${name}`);
    await turnFlag(stage, true);
    await stage.pass(20_000);
    must(
      (await tracked(stage, primary, name)) === undefined,
      'a deleted ConfigMap does not come back with the flag',
    );
    await expectCode(stage, `verify nginx --context ${primary.context}`, 3);

    await primary.removePods(['pri-3']);
    await stage.pass(20_000);
    await untilRegistered(stage, arn, all);
    await mustHaveTakenOut(stage, primary, arn, []);

    // A new endpoint of its own has the whole set written.
    await primary.addPods(['pri-4']);
    await untilRegistered(stage, arn, [...all, 'pri-4:80']);
    must(
      isSame(await tracked(stage, primary, name), [...first, 'pri-4:80']),
      'the next new endpoint brings the ConfigMap back, without the dead one',
    );
  },
};

/** A new process reads the ConfigMap, or writes it where it needs none. */
export const offOnRestart: Scenario = {
  name: 'off-on-restart',
  title: 'the flag goes off and on again, with a restart of the controller in between',
  clusters: 2,
  place: 'alone',
  async play(stage) {
    const [primary] = stage.clusters;
    const { name, arn } = await untrackedPod(stage);
    await primary.controller.stop();
    await primary.controller.start();
    await turnFlag(stage, true);
    await stage.until('the ConfigMap has what came meanwhile', async () =>
      isSame(await tracked(stage, primary, name), all),
    );
    await primary.removePods(['pri-3']);
    await untilRegistered(stage, arn, first);
    await mustHaveTakenOut(stage, primary, arn, ['pri-3:80']);
    await expectCode(stage, verifyLine(stage).replace(/,.*/, ''), 0);
  },
};
