import { APP, enroll, expectCode } from '../enrollment.ts';
import { must } from '../must.ts';
import {
  drainQuickly,
  healthy,
  isSame,
  movedBy,
  mustHaveTakenOut,
  untilDrained,
  untilRegistered,
} from '../targets.ts';
import type { Scenario } from '../stage.ts';

/** H24: a cluster is deleted without leaving. */
export const purge: Scenario = {
  name: 'purge',
  title: 'a cluster went without leaving; its targets are purged',
  clusters: 2,
  place: 'alone',
  async play(stage) {
    const [primary, secondary] = stage.clusters;
    const arn = await enroll(stage);
    drainQuickly(stage, arn);
    const own = ['pri-1:80', 'pri-2:80', 'pri-3:80'];
    const foreign = ['sec-1:80', 'sec-2:80'];
    await secondary.controller.stop();
    await secondary.removePods(['sec-1', 'sec-2']);
    await stage.until('nobody answers at the dead addresses', () =>
      Promise.resolve(isSame(healthy(stage, arn), own)),
    );
    must(isSame(healthy(stage, arn), own), 'only the primary serves');
    await untilRegistered(stage, arn, [...own, ...foreign]);

    await expectCode(stage, `purge ${APP} --context ${primary.context} --yes`, 0);
    await untilRegistered(stage, arn, own);
    must(
      isSame(await movedBy(stage, 'other', 'DeregisterTargets', arn), foreign),
      'nlbmc took out the dead targets and no other',
    );
    for (const cluster of [primary, secondary]) await mustHaveTakenOut(stage, cluster, arn, []);
    await untilDrained(stage, arn);
    await expectCode(stage, `verify ${APP} --context ${primary.context}`, 0);
    // The one that comes back has nothing to say any more.
    await secondary.controller.start();
  },
};
