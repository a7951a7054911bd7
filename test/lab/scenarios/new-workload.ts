import { manifest } from '../../../src/sandbox/scenarios/manifests.ts';
import {
  APP,
  bindingFor,
  deployPrimary,
  expectCode,
  joinLine,
  podNames,
  verifyLine,
} from '../enrollment.ts';
import { must } from '../must.ts';
import { isSame, mustHaveTakenOut, tracked, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

/** The walkthrough's scenario 2. */
export const newWorkload: Scenario = {
  name: 'new-workload',
  title: 'a Service that is shared from its first moment',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    await deployPrimary(stage, { service: manifest('app/service-primary.yaml') });
    const binding = await bindingFor(stage, primary);
    const own = ['pri-1:80', 'pri-2:80', 'pri-3:80'];
    must(
      isSame(await tracked(stage, primary, binding.metadata.name), own),
      'the primary tracks its own targets from the start',
    );
    await expectCode(stage, `enable ${APP} --context ${primary.context}`, 0);
    await secondary.addPods(podNames(secondary, 2));
    await expectCode(stage, `${joinLine(stage, secondary)} --create-service`, 0);
    await expectCode(stage, verifyLine(stage), 0);

    const arn: string = binding['spec'].targetGroupARN;
    await untilRegistered(stage, arn, [...own, 'sec-1:80', 'sec-2:80']);
    await secondary.removePods(['sec-2']);
    await untilRegistered(stage, arn, [...own, 'sec-1:80']);
    await mustHaveTakenOut(stage, secondary, arn, ['sec-2:80']);
    await mustHaveTakenOut(stage, primary, arn, []);
  },
};
