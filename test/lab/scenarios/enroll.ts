import {
  APP,
  bindingFor,
  bindingsOf,
  deployPrimary,
  deploySecondary,
  expectCode,
  FLAG,
  verifyLine,
} from '../enrollment.ts';
import { must } from '../must.ts';
import {
  drainQuickly,
  isSame,
  mustHaveTakenOut,
  resultOf,
  tracked,
  untilDrained,
  untilHealthy,
  untilRegistered,
} from '../targets.ts';
import type { Scenario } from '../stage.ts';

/** One command for whoever holds all credentials: the joins start only when the target group is shared. */
export const enrollThree: Scenario = {
  name: 'enroll',
  title: 'three clusters are enrolled in one run, which is killed and goes on; two leave together',
  clusters: 4,
  place: 'beside',
  async play(stage) {
    const { namespace } = stage;
    const [primary, ...members] = stage.clusters;
    const [second, third, fourth] = members;
    if (!third || !fourth) throw new Error('four clusters are needed');
    await deployPrimary(stage);
    for (const member of members) await deploySecondary(stage, member);
    const { spec } = await bindingFor(stage, primary);
    const arn: string = spec.targetGroupARN;
    drainQuickly(stage, arn);
    const line = `enroll ${APP} --primary ${primary.context} --context ${members.map(({ context }) => context).join(',')} --yes`;
    await expectCode(stage, `${line} --dry-run --detailed-exitcode`, 4);

    // Killed as soon as it has written its first write.
    await stage.killed(line, async () => {
      const service = await primary.kube.need('services', namespace, APP);
      return service.metadata.annotations?.[FLAG] === 'true';
    });
    const joined = await Promise.all(members.map((member) => bindingsOf(stage, member)));
    must(joined.flat().length === 0, 'nobody has joined what was not shared yet');
    await stage.until('the target group is shared', async () =>
      Boolean((await bindingFor(stage, primary))['spec'].multiClusterTargetGroup),
    );
    must(resultOf(await expectCode(stage, line, 0)) === 'enrolled', 'it went on');

    const own = ['pri-1:80', 'pri-2:80', 'pri-3:80'];
    const theirs = ['sec', 'thd', 'fth'].map((one) => [`${one}-1:80`, `${one}-2:80`]);
    const all = [...own, ...theirs.flat()].sort();
    await untilRegistered(stage, arn, all);
    for (const cluster of stage.clusters) await mustHaveTakenOut(stage, cluster, arn, []);
    for (const [i, member] of members.entries()) {
      must(isSame(await tracked(stage, member, APP), theirs[i] ?? []), 'each records its own');
    }
    await expectCode(stage, verifyLine(stage), 0);
    const again = await expectCode(stage, line, 0);
    must(resultOf(again) === 'already enrolled', 'a second run has nothing to do');

    const leaving = `${third.context},${fourth.context}`;
    await expectCode(
      stage,
      `leave ${APP} --context ${leaving} --primary ${primary.context} --yes`,
      0,
    );
    await untilRegistered(stage, arn, [...own, 'sec-1:80', 'sec-2:80']);
    await mustHaveTakenOut(stage, third, arn, ['thd-1:80', 'thd-2:80']);
    await mustHaveTakenOut(stage, fourth, arn, ['fth-1:80', 'fth-2:80']);
    for (const cluster of [primary, second]) await mustHaveTakenOut(stage, cluster, arn, []);
    await untilDrained(stage, arn);
    await untilHealthy(stage, arn);
    await expectCode(stage, `verify ${APP} --context ${primary.context},${second.context}`, 0);
  },
};
