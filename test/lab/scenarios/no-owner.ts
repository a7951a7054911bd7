import { APP, bindingsOf, deploySecondary, verifyLine } from '../enrollment.ts';
import { must } from '../must.ts';
import {
  drainQuickly,
  isSame,
  movedBy,
  mustHaveTakenOut,
  tracked,
  untilDrained,
  untilHealthy,
  untilRegistered,
} from '../targets.ts';
import type { Scenario } from '../stage.ts';
import { makeUnowned, patchFlag, plainBinding } from '../unowned.ts';

const BINDINGS = 'targetgroupbindings';

/** What most people have who share a load balancer: Terraform's NLB, and a binding in each cluster. */
export const noOwner: Scenario = {
  name: 'no-owner',
  title: 'three clusters behind a load balancer that none of them owns, with bindings by hand',
  clusters: 3,
  place: 'beside',
  async play(stage) {
    const { namespace } = stage;
    const [first, second, third] = stage.clusters;
    if (!third) throw new Error('three clusters are needed');
    const arn = await makeUnowned(stage);
    drainQuickly(stage, arn);
    for (const cluster of stage.clusters) await deploySecondary(stage, cluster);
    const targets = ['pri', 'sec', 'thd'].map((one) => [`${one}-1:80`, `${one}-2:80`]);
    const [pri = [], sec = [], thd = []] = targets;

    // The first was alone, and exclusive: the flag comes in place.
    await first.kube.create(BINDINGS, namespace, plainBinding(arn, { shared: false }));
    await untilRegistered(stage, arn, pri);
    must((await tracked(stage, first, APP)) === undefined, 'nothing is recorded yet');
    await patchFlag(stage, first, APP, true);
    await stage.until('the record of the first lists its targets', async () =>
      isSame(await tracked(stage, first, APP), pri),
    );
    for (const { kube } of [second, third]) {
      await kube.create(BINDINGS, namespace, plainBinding(arn, { shared: true }));
    }
    await untilRegistered(stage, arn, [...pri, ...sec, ...thd]);
    for (const cluster of stage.clusters) await mustHaveTakenOut(stage, cluster, arn, []);
    const [binding] = await bindingsOf(stage, first);
    must(Object.keys(binding?.metadata.labels ?? {}).length === 0, 'the binding has no label');

    // Each follows its own pods.
    await first.addPods(['pri-3']);
    await second.removePods(['sec-1']);
    await untilRegistered(stage, arn, [...pri, 'pri-3:80', 'sec-2:80', ...thd]);
    must(
      isSame(await movedBy(stage, first, 'RegisterTargets', arn), [...pri, 'pri-3:80']),
      'the first registered its own and no other',
    );
    await mustHaveTakenOut(stage, second, arn, ['sec-1:80']);

    // One goes, the load balancer stays for the others.
    await third.kube.delete(BINDINGS, namespace, APP);
    await untilRegistered(stage, arn, [...pri, 'pri-3:80', 'sec-2:80']);
    await mustHaveTakenOut(stage, third, arn, thd);
    await mustHaveTakenOut(stage, first, arn, []);
    await untilDrained(stage, arn);
    await untilHealthy(stage, arn);
    await stage.nlbmc(verifyLine(stage));
  },
};
