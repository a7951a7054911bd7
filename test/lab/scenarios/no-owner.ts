import {
  APP,
  bindingFor,
  bindingsOf,
  deploySecondary,
  expectCode,
  joinLine,
  verifyLine,
} from '../enrollment.ts';
import { must } from '../must.ts';
import type { LabCluster, LabStage, Scenario } from '../stage.ts';
import {
  drainQuickly,
  isSame,
  movedBy,
  mustHaveTakenOut,
  registered,
  tracked,
  untilDrained,
  untilHealthy,
  untilRegistered,
} from '../targets.ts';
import { makeUnowned, plainBinding, unownedName } from '../unowned.ts';

const BINDINGS = 'targetgroupbindings';

const leave = (stage: LabStage, cluster: LabCluster, code: number) => {
  const [first, second] = stage.clusters;
  const member = cluster === first ? second : first;
  const line = `leave ${APP} --context ${cluster.context} --primary ${member.context} --yes`;
  return expectCode(stage, line, code);
};

/** What most people have who share a load balancer: Terraform's NLB, and a binding in each cluster. */
export const noOwner: Scenario = {
  name: 'no-owner',
  title: 'three clusters behind a load balancer that none of them owns',
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

    // By hand, alone and exclusive: the flag comes in place.
    await first.kube.create(BINDINGS, namespace, plainBinding(arn, { shared: false }));
    await untilRegistered(stage, arn, pri);
    must((await tracked(stage, first, APP)) === undefined, 'nothing is recorded yet');
    await untilHealthy(stage, arn);
    await expectCode(stage, `enable ${APP} --context ${first.context}`, 0);
    must(isSame(await tracked(stage, first, APP), pri), 'the record lists what was there');
    await mustHaveTakenOut(stage, first, arn, []);

    // By load balancer, as if nobody else were there; and by the one who is there.
    const named = `join ${APP} --context ${second.context} --load-balancer ${unownedName(stage)}`;
    await expectCode(stage, named, 0);
    await expectCode(stage, joinLine(stage, third), 0);
    await untilRegistered(stage, arn, [...pri, ...sec, ...thd]);
    for (const cluster of stage.clusters) {
      await mustHaveTakenOut(stage, cluster, arn, []);
      const [binding] = await bindingsOf(stage, cluster);
      must(!binding?.metadata.labels?.['service.k8s.aws/stack-name'], 'no Service owns a binding');
    }
    await expectCode(stage, verifyLine(stage), 0);

    // Each follows its own pods.
    await first.addPods(['pri-3']);
    await second.removePods(['sec-1']);
    await untilRegistered(stage, arn, [...pri, 'pri-3:80', 'sec-2:80', ...thd]);
    must(
      isSame(await movedBy(stage, first, 'RegisterTargets', arn), [...pri, 'pri-3:80']),
      'the first registered its own and no other',
    );
    await mustHaveTakenOut(stage, second, arn, ['sec-1:80']);

    // One goes by kubectl, one by nlbmc; the last one is refused, since nothing would serve.
    await third.kube.delete(BINDINGS, namespace, APP);
    await untilRegistered(stage, arn, [...pri, 'pri-3:80', 'sec-2:80']);
    await mustHaveTakenOut(stage, third, arn, thd);
    await untilDrained(stage, arn);
    await untilHealthy(stage, arn);
    await leave(stage, second, 0);
    await untilRegistered(stage, arn, [...pri, 'pri-3:80']);
    await mustHaveTakenOut(stage, first, arn, []);
    await expectCode(stage, `verify ${APP} --context ${first.context}`, 0);
    await leave(stage, first, 5);
    must(Boolean(await bindingFor(stage, first)), 'the last binding stays');
    must(isSame(registered(stage, arn), [...pri, 'pri-3:80']), 'so do its targets');
  },
};
