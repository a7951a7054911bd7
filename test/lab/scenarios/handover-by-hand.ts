import {
  adopt,
  backendOf,
  dnsNameOf,
  estateOf,
  finish,
  frontendOf,
  groupNameOf,
  keepGroups,
  label,
  notesOf,
  release,
  retag,
  serviceOf,
  untilAdopted,
  type Estate,
} from '../handover/hands.ts';
import { restart, without } from '../handover/controllers.ts';
import { watch } from '../handover/served.ts';
import { balanced } from '../many-services.ts';
import { enroll, untilEvent, verifyLine } from '../enrollment.ts';
import { must } from '../must.ts';
import { isSame, registered, untilHealthy, untilOnlyHealthy, untilRegistered } from '../targets.ts';
import type { LabStage, Scenario } from '../stage.ts';

/** What the scenarios of a handover have in common. */
const KIND = { clusters: 2, place: 'apart', elections: true } as const;

const OLDS = ['pri-1:80', 'pri-2:80', 'pri-3:80'];
const NEWS = ['sec-1:80', 'sec-2:80'];
/** No other scenario of their world has it, so the rules for it are those of one scenario. */
const OTHER_PORT = 8080;
const atOtherPort = (targets: readonly string[]): string[] =>
  targets.map((one) => one.replace(/\d+$/, String(OTHER_PORT)));

interface Begun {
  readonly arn: string;
  readonly estate: Estate;
  /** The annotations that NEW's Service needs. */
  readonly notes: Readonly<Record<string, string>>;
}

/** OLD's Service owns the load balancer, NEW has joined, and all targets are healthy. */
async function begin(stage: LabStage, targetPort = 80): Promise<Begun> {
  const [old] = stage.clusters;
  const arn = await enroll(stage, undefined, { targetPort });
  await untilHealthy(stage, arn);
  const estate = estateOf(stage, await dnsNameOf(stage, old));
  const notes = { ...notesOf(await serviceOf(stage, old)), ...keepGroups(estate) };
  return { arn, estate, notes };
}

/** Another Service of NEW has a load balancer, so that NEW's controller has read the tags of everything. */
async function busy(stage: LabStage): Promise<void> {
  const [, fresh] = stage.clusters;
  await fresh.kube.create('services', stage.namespace, balanced('other', [{ port: 81 }]));
  await untilEvent(stage, fresh, 'Service', 'SuccessfullyReconciled');
}

/** OLD is released, and all that it owned has NEW's tags. */
async function handOn(stage: LabStage, estate: Estate): Promise<void> {
  const [old, fresh] = stage.clusters;
  await without(stage, old, () => release(stage, old));
  retag(stage, estate, fresh);
}

const groupsOf = (stage: LabStage, name: string): readonly string[] =>
  stage.aws
    .call('elbv2.DescribeTargetGroups', {}, 'somebody')
    .TargetGroups.filter((one: any) => one.TargetGroupName === name)
    .map((one: any) => one.TargetGroupArn);

export const handoverByHand: Scenario = {
  name: 'handover-by-hand',
  title: 'the load balancer of one cluster becomes that of another, and no client notices',
  ...KIND,
  async play(stage) {
    const [old, fresh] = stage.clusters;
    const { arn, estate, notes } = await begin(stage);
    const { dnsName } = estate;
    const watched = await watch(stage, dnsName);
    await handOn(stage, estate);
    await restart(stage, fresh);
    await label(stage, fresh);
    await adopt(stage, fresh, notes);
    await untilAdopted(stage, fresh, dnsName);
    await stage.pass(10_000);
    await finish(stage, old, fresh);
    const groups = [frontendOf(stage), backendOf(stage, fresh) ?? ''].toSorted();
    await stage.until('the load balancer has the groups of NEW alone', async () =>
      isSame(estateOf(stage, dnsName).securityGroups.toSorted(), groups),
    );
    await stage.pass(10_000);
    await watched.end();
    must(isSame(registered(stage, arn), [...OLDS, ...NEWS]), 'all targets are registered');
    await stage.nlbmc(verifyLine(stage));
  },
};

export const staleTags: Scenario = {
  name: 'stale-tags',
  title:
    'a controller with outdated tags: a decoy stops it, and without one it makes a second load balancer',
  ...KIND,
  async play(stage) {
    const [, fresh] = stage.clusters;
    const { arn, estate, notes } = await begin(stage);
    await busy(stage);
    const { aws } = stage;
    const watched = await watch(stage, estate.dnsName);
    await handOn(stage, estate);
    const Name = await groupNameOf(stage, fresh);
    const decoy = { Name, Protocol: 'UDP', Port: 80, TargetType: 'ip', VpcId: aws.network.vpcId };
    const made = aws.call('elbv2.CreateTargetGroup', decoy, 'somebody');
    await label(stage, fresh);
    await adopt(stage, fresh, notes);
    await untilEvent(stage, fresh, 'Service', 'FailedDeployModel', 'DuplicateTargetGroupName');
    await stage.pass(10_000);
    await watched.end();
    must(isSame(registered(stage, arn), [...OLDS, ...NEWS]), 'the decoy stops it in time');

    const [{ TargetGroupArn }] = made.TargetGroups;
    aws.call('elbv2.DeleteTargetGroup', { TargetGroupArn }, 'somebody');
    // The harm: its binding has no counterpart among the groups that it made.
    await untilRegistered(stage, arn, OLDS);
    await untilEvent(stage, fresh, 'Service', 'SuccessfullyReconciled');
    must((await dnsNameOf(stage, fresh)) !== estate.dnsName, 'it made a second load balancer');
    must(groupsOf(stage, Name).length === 1, 'and a second target group');
  },
};

export const strayGroup: Scenario = {
  name: 'stray-group',
  title: 'a second target group with the tags of the new owner, and the way back from it',
  ...KIND,
  async play(stage) {
    const [, fresh] = stage.clusters;
    const { arn, estate, notes } = await begin(stage);
    await busy(stage);
    const { aws } = stage;
    const watched = await watch(stage, estate.dnsName, { expected: ['elbv2.CreateTargetGroup'] });
    await handOn(stage, estate);
    const Name = await groupNameOf(stage, fresh);
    // AWS refuses the second load balancer, so that the harm is not done yet.
    const quota = aws.limits['network-load-balancers'];
    aws.limits['network-load-balancers'] = 0;
    await label(stage, fresh);
    await adopt(stage, fresh, notes);
    await stage.until('there is a stray group', async () => groupsOf(stage, Name).length === 1);
    await untilEvent(stage, fresh, 'Service', 'FailedDeployModel', 'TooManyLoadBalancers');

    await label(stage, fresh, false);
    await without(stage, fresh, async () => {
      await release(stage, fresh);
      const [TargetGroupArn] = groupsOf(stage, Name);
      aws.call('elbv2.DeleteTargetGroup', { TargetGroupArn }, 'somebody');
    });
    aws.limits['network-load-balancers'] = quota;
    await label(stage, fresh);
    await adopt(stage, fresh, notes);
    await untilAdopted(stage, fresh, estate.dnsName);
    await stage.pass(10_000);
    await watched.end();
    must(isSame(registered(stage, arn), [...OLDS, ...NEWS]), 'all targets are registered');
    await stage.nlbmc(verifyLine(stage));
  },
};

export const lostGroups: Scenario = {
  name: 'lost-groups',
  title:
    'adopted without the groups of the load balancer, the pods of the former owner are cut off',
  ...KIND,
  async play(stage) {
    const [old, fresh] = stage.clusters;
    const { arn, estate, notes } = await begin(stage, OTHER_PORT);
    await handOn(stage, estate);
    await restart(stage, fresh);
    await label(stage, fresh);
    const own = Object.entries(notes).filter(([key]) => !(key in keepGroups(estate)));
    await adopt(stage, fresh, Object.fromEntries(own));
    await untilAdopted(stage, fresh, estate.dnsName);
    await untilOnlyHealthy(stage, arn, atOtherPort(NEWS));
    must(isSame(registered(stage, arn), atOtherPort([...OLDS, ...NEWS])), 'they stay registered');
    const { securityGroups } = estateOf(stage, estate.dnsName);
    must(!securityGroups.includes(backendOf(stage, old) ?? ''), 'OLD’s group is gone from it');
    await stage.nlbmc(verifyLine(stage));
  },
};
