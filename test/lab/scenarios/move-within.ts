import { appNamed, plainService } from '../../../src/sandbox/scenarios/objects.ts';
import {
  APP,
  bindingsOf,
  deploySecondary,
  expectCode,
  joinLine,
  verifyLine,
} from '../enrollment.ts';
import { must } from '../must.ts';
import type { Scenario } from '../stage.ts';
import {
  drainQuickly,
  isSame,
  mustHaveTakenOut,
  registered,
  tracked,
  untilDrained,
  untilHealthy,
  untilRegistered,
} from '../targets.ts';
import { deploySecondApp, makeUnowned, unownedName } from '../unowned.ts';

const EDGE = 'edge';
const AGAIN = 'edge-again';

/** From one ingress controller to the next, behind one load balancer and without a gap. */
export const moveWithin: Scenario = {
  name: 'move-within',
  title: 'a second Service of a cluster joins beside the first one, which then leaves',
  clusters: 2,
  place: 'beside',
  async play(stage) {
    const [cluster, other] = stage.clusters;
    const { context } = cluster;
    const arn = await makeUnowned(stage);
    drainQuickly(stage, arn);
    await deploySecondary(stage, cluster);
    await deploySecondary(stage, other);
    await deploySecondApp(stage, cluster, EDGE, ['pri-8', 'pri-9']);
    const [first, second] = [
      ['pri-1:80', 'pri-2:80'],
      ['pri-8:80', 'pri-9:80'],
    ];
    const foreign = ['sec-1:80', 'sec-2:80'];
    await expectCode(
      stage,
      `join ${APP} --context ${context} --load-balancer ${unownedName(stage)}`,
      0,
    );
    await expectCode(stage, joinLine(stage, other), 0);
    await untilRegistered(stage, arn, [...first, ...foreign]);

    const beside = `join ${APP} --local-service ${EDGE} --context ${context} --primary ${context}`;
    await expectCode(stage, beside, 0);
    await untilRegistered(stage, arn, [...first, ...second, ...foreign]);
    await untilHealthy(stage, arn);
    await mustHaveTakenOut(stage, cluster, arn, []);
    const names = (await bindingsOf(stage, cluster)).map(({ metadata }) => metadata.name);
    must(names.length === 2, 'the cluster has two bindings');
    const records = await Promise.all(names.map((name) => tracked(stage, cluster, name)));
    must(
      records.some((record) => isSame(record, first)) &&
        records.some((record) => isSame(record, second)),
      'each has a record of its own',
    );
    await expectCode(stage, verifyLine(stage), 0);

    // The same pods behind a third name: one would take them out for both.
    const again = appNamed(EDGE, plainService('ClusterIP'));
    again.metadata.name = AGAIN;
    await cluster.kube.create('services', stage.namespace, again);
    await stage.pass(5_000);
    const refused = await expectCode(stage, beside.replace(EDGE, AGAIN), 5);
    must(refused.stdout.includes(EDGE), 'the refusal names the Service that has them');

    await expectCode(
      stage,
      `leave ${APP} --context ${context} --primary ${other.context} --yes`,
      0,
    );
    await untilDrained(stage, arn);
    await stage.pass(5_000);
    await stage.nlbmc(verifyLine(stage));
    must(isSame(registered(stage, arn), [...second, ...foreign]), 'the second one serves on');
  },
};
