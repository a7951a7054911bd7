import { plainService } from '../../../src/sandbox/scenarios/objects.ts';
import { APP, bindingsOf, deploySecondary, enroll, expectCode, podNames } from '../enrollment.ts';
import { must } from '../must.ts';
import {
  drainQuickly,
  isSame,
  moves,
  mustHaveTakenOut,
  registered,
  resultOf,
  untilDrained,
  untilHealthy,
  untilRegistered,
} from '../targets.ts';
import type { LabCluster, LabStage, Scenario } from '../stage.ts';
import { makeUnowned, unownedName } from '../unowned.ts';

const PRI = ['pri-1:80', 'pri-2:80', 'pri-3:80'];
const SEC = ['sec-1:80', 'sec-2:80'];
const THD = ['thd-1:80', 'thd-2:80'];
const FTH = ['fth-1:80', 'fth-2:80'];

/** Whether a binding of the cluster is there that nobody has deleted. */
const isBound = async (stage: LabStage, cluster: LabCluster): Promise<boolean> =>
  (await bindingsOf(stage, cluster)).some(({ metadata }) => !metadata.deletionTimestamp);

/** The old one is not touched before the new one is proven; whenever it is killed, it goes on. */
export const replaceMember: Scenario = {
  name: 'replace',
  title: 'a cluster takes the place of another, in a run that is killed twice and goes on',
  clusters: 3,
  place: 'beside',
  async play(stage) {
    const [primary, old, fresh] = stage.clusters;
    if (!fresh) throw new Error('three clusters are needed');
    const arn = await enroll(stage, [old]);
    drainQuickly(stage, arn, 120);
    await fresh.kube.create('services', stage.namespace, plainService('ClusterIP'));
    const line = `replace ${APP} --old ${old.context} --new ${fresh.context} --primary ${primary.context} --no-record --yes`;
    const empty = await expectCode(stage, line, 5);
    must(empty.stdout.includes('no-endpoints'), 'refused while the new one has no endpoints');
    must(!(await isBound(stage, fresh)), 'nothing was written');

    await fresh.addPods(podNames(fresh, 2));
    await stage.killed(line, () => isBound(stage, fresh));
    must(await isBound(stage, old), 'the old one is not touched before the new one serves');
    await untilRegistered(stage, arn, [...PRI, ...SEC, ...THD]);
    await untilHealthy(stage, arn);
    await stage.killed(line, async () => !(await isBound(stage, old)));
    await stage.until(
      'the binding of the old one is gone',
      async () => (await bindingsOf(stage, old)).length === 0,
    );
    // Its targets drain: the run that goes on waits until AWS has let them go.
    const last = await expectCode(stage, line, 0);
    must(resultOf(last) === 'already replaced', 'nothing was left to write');
    await untilRegistered(stage, arn, [...PRI, ...THD]);
    await mustHaveTakenOut(stage, old, arn, SEC);
    for (const cluster of [primary, fresh]) await mustHaveTakenOut(stage, cluster, arn, []);
    await expectCode(stage, `verify ${APP} --context ${primary.context},${fresh.context}`, 0);
  },
};

/** Where no cluster owns the load balancer, even all of them can be replaced: one after the other. */
export const replacePeers: Scenario = {
  name: 'replace-peers',
  title: 'two clusters take the places of all that there were, one after the other',
  clusters: 4,
  place: 'beside',
  async play(stage) {
    const [first, second, third, fourth] = stage.clusters;
    if (!third || !fourth) throw new Error('four clusters are needed');
    const arn = await makeUnowned(stage);
    drainQuickly(stage, arn);
    for (const cluster of stage.clusters) await deploySecondary(stage, cluster);
    const [pri, sec, thd, fth] = stage.clusters.map(({ context }) => context);
    await expectCode(
      stage,
      `enroll ${APP} --load-balancer ${unownedName(stage)} --context ${pri},${sec} --yes`,
      0,
    );
    await untilRegistered(stage, arn, [...PRI.slice(0, 2), ...SEC]);
    await untilHealthy(stage, arn);

    const line = `replace ${APP} --old ${pri},${sec} --new ${thd},${fth} --no-record --yes`;
    await expectCode(stage, `${line} --dry-run`, 0);
    const done = await expectCode(stage, line, 0);
    must(resultOf(done) === 'replaced', 'both were replaced');
    must(isSame(registered(stage, arn), [...THD, ...FTH].sort()), 'only the new ones serve');
    const order = [...new Set(await moves(stage, arn))].slice(-4);
    const wanted = [`${thd} came`, `${pri} went`, `${fth} came`, `${sec} went`];
    must(isSame(order, wanted), `each came before another went (${order.join(', ')})`);
    for (const cluster of [third, fourth]) await mustHaveTakenOut(stage, cluster, arn, []);
    await mustHaveTakenOut(stage, first, arn, PRI.slice(0, 2));
    await mustHaveTakenOut(stage, second, arn, SEC);
    await untilDrained(stage, arn);
    await untilHealthy(stage, arn);
    await expectCode(stage, `verify ${APP} --context ${thd},${fth}`, 0);
    const again = await expectCode(stage, line, 0);
    must(resultOf(again) === 'already replaced', 'a second run has nothing to do');
  },
};
