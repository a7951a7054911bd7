import { APP, enroll, untilEvent, verifyLine } from '../enrollment.ts';
import { must } from '../must.ts';
import { mustHaveTakenOut, untilRegistered } from '../targets.ts';
import type { Scenario } from '../stage.ts';

export const deletionProtected: Scenario = {
  name: 'deletion-protected',
  title: 'the Service is deleted while deletion protection is on',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    const arn = await enroll(stage);
    await primary.kube.delete('services', stage.namespace, APP);
    await untilEvent(stage, primary, 'Service', 'FailedBuildModel');
    await stage.pass(10_000);
    const service = await primary.kube.need('services', stage.namespace, APP);
    must(service.metadata.deletionTimestamp !== undefined, 'the Service waits for its end');
    const all = ['pri-1:80', 'pri-2:80', 'pri-3:80', 'sec-1:80', 'sec-2:80'];
    await untilRegistered(stage, arn, all);
    for (const cluster of [primary, secondary]) await mustHaveTakenOut(stage, cluster, arn, []);
    await stage.nlbmc(verifyLine(stage));

    // It still follows its pods.
    await primary.removePods(['pri-1']);
    await untilRegistered(stage, arn, all.slice(1));
    await mustHaveTakenOut(stage, primary, arn, ['pri-1:80']);
  },
};
