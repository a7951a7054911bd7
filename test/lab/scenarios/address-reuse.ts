import { enroll, expectCode, verifyLine } from '../enrollment.ts';
import { must } from '../must.ts';
import { drainQuickly, mustHaveTakenOut, untilDrained, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

/** H7: a record lists an address that is another cluster's pod's by now. */
export const addressReuse: Scenario = {
  name: 'address-reuse',
  title: 'while the primary’s controller is down, a pod of the secondary gets a dead pod’s address',
  clusters: 2,
  place: 'alone',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    const arn = await enroll(stage);
    drainQuickly(stage, arn);
    const address = primary.addresses().get('pri-3') ?? '';
    await primary.controller.stop();
    await primary.removePods(['pri-3']);
    await secondary.addPods(['sec-3'], { address });
    must(secondary.addresses().get('sec-3') === address, 'the new pod has the old address');
    await stage.pass(5_000);
    await primary.controller.start();
    // The address still goes by the name of the pod that had it first.
    await untilRegistered(stage, arn, ['pri-1:80', 'pri-2:80', 'sec-1:80', 'sec-2:80']);
    await mustHaveTakenOut(stage, primary, arn, ['pri-3:80']);
    await stage.pass(20_000);
    await untilRegistered(stage, arn, ['pri-1:80', 'pri-2:80', 'sec-1:80', 'sec-2:80']);
    await untilDrained(stage, arn);
    await expectCode(stage, verifyLine(stage), 3);
  },
};
