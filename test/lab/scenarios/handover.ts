import { plainService, withSecondPort } from '../../../src/sandbox/scenarios/objects.ts';
import {
  APP,
  bindingsOf,
  deployPrimary,
  deploySecondary,
  enable,
  enroll,
  expectCode,
  join,
  ownService,
  verifyLine,
} from '../enrollment.ts';
import { handoverLine, handsOver } from '../handover/command.ts';
import { scaleDown, scaleUp } from '../handover/controllers.ts';
import { dnsNameOf, estateOf, serviceOf } from '../handover/hands.ts';
import { watch } from '../handover/served.ts';
import { must } from '../must.ts';
import { SCENARIO_TAG } from '../roles.ts';
import { isSame, registered, resultOf, untilHealthy } from '../targets.ts';
import type { LabCluster, LabStage, Scenario } from '../stage.ts';

/** What the scenarios of a handover have in common. */
const KIND = { clusters: 2, place: 'apart', elections: true } as const;

const ALL = ['pri-1:80', 'pri-2:80', 'pri-3:80', 'sec-1:80', 'sec-2:80'];

const isOwned = async (stage: LabStage, cluster: LabCluster): Promise<boolean> =>
  ((await serviceOf(stage, cluster)).metadata.finalizers ?? []).length > 0;

export const handover: Scenario = {
  name: 'owner-there-and-back',
  title: 'a load balancer is handed over, back, and over again, and no client notices',
  ...KIND,
  async play(stage) {
    const [old, fresh] = stage.clusters;
    const arn = await enroll(stage);
    await untilHealthy(stage, arn);
    const watched = await watch(stage, await dnsNameOf(stage, old));
    const line = handoverLine(stage);
    await stage.nlbmc(`${line} --dry-run`);
    for (const way of ['over', 'back', 'over']) {
      const [from, to] = way === 'over' ? [old, fresh] : [fresh, old];
      const done = await handsOver(stage, way === 'over' ? line : `${line} --back`, from);
      must(resultOf(done) === `handed ${way}`, `it is handed ${way}`);
      must((await isOwned(stage, to)) && !(await isOwned(stage, from)), 'one Service owns it');
      await expectCode(stage, verifyLine(stage), 0);
    }
    await watched.end();
    must(isSame(registered(stage, arn), ALL), 'all targets are registered');
  },
};

export const lostOwner: Scenario = {
  name: 'lost-owner',
  title: 'a cluster is lost, another one succeeds it, and what comes back does no harm',
  ...KIND,
  async play(stage) {
    const [old, fresh] = stage.clusters;
    const arn = await enroll(stage);
    await untilHealthy(stage, arn);
    const watched = await watch(stage, await dnsNameOf(stage, old));
    await scaleDown(stage, old);
    const lost = `${handoverLine(stage)} --lost --accept old-answers`;
    await expectCode(stage, lost, 0);
    must(await isOwned(stage, fresh), 'NEW owns it');

    await scaleUp(stage, old);
    await stage.pass(20_000);
    await watched.end();
    must(isSame(registered(stage, arn), ALL), 'all targets are registered');
    await stage.nlbmc(verifyLine(stage));
  },
};

export const twoPortOwner: Scenario = {
  name: 'two-port-owner',
  title: 'a load balancer with two listeners is handed over, and no cluster owns it at last',
  ...KIND,
  // Another Service with a load balancer in the cluster would hold the backend group, and be told.
  turn: 'first',
  async play(stage) {
    const [old, fresh] = stage.clusters;
    await deployPrimary(stage, { service: withSecondPort(ownService()) });
    await deploySecondary(stage, fresh, { service: withSecondPort(plainService('NodePort')) });
    await enable(stage);
    await join(stage, fresh);
    const arns = (await bindingsOf(stage, old)).map(({ spec }) => String(spec.targetGroupARN));
    for (const arn of arns) await untilHealthy(stage, arn);
    const { dnsName, loadBalancer, listeners } = estateOf(stage, await dnsNameOf(stage, old));
    const watched = await watch(stage, dnsName);
    await handsOver(stage, handoverLine(stage), old);
    must(await isOwned(stage, fresh), 'NEW owns it');
    await expectCode(stage, verifyLine(stage), 0);
    const nobody = `handover ${APP} --old ${fresh.context} --new nobody --context ${old.context} --timeout 40m --yes`;
    await handsOver(stage, nobody, fresh);
    must(!(await isOwned(stage, fresh)), 'no cluster owns it');
    await expectCode(stage, verifyLine(stage), 0);
    await watched.end();
    // Nothing says any more what was made for the scenario.
    const ResourceArns = [...arns, loadBalancer, ...listeners];
    const Tags = [{ Key: SCENARIO_TAG, Value: stage.namespace }];
    stage.aws.call('elbv2.AddTags', { ResourceArns, Tags }, 'somebody');
  },
};
