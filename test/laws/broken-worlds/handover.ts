import type { World } from '../../../src/sandbox/world.ts';
import { ENABLE, JOIN, PRI, SEC } from '../stage.ts';
import {
  annotate,
  ATTRIBUTES,
  controllerGone,
  denyAws,
  denyKube,
  killPods,
  LEAVE,
  merge,
  remove,
  share,
} from './acts.ts';
import type { BrokenWorld } from './broken-world.ts';

const HANDOVER = `handover nginx --old ${PRI} --new ${SEC}`;
const NOBODY = `handover nginx --old ${PRI} --new nobody --context ${SEC}`;
const REPLACE = `replace nginx --old ${PRI} --new ${SEC} --no-record`;
const until = (phase: string): readonly string[] => [`${HANDOVER} --until ${phase} --yes`];
const DONE = [`${HANDOVER} --yes`];

/** A tool writes the Service as its source has it: with the class of before. */
function giveBack(world: World): void {
  merge(world, PRI, 'services', 'nginx', { spec: { type: 'NodePort', loadBalancerClass: null } });
  merge(world, PRI, 'services', 'nginx', {
    spec: { type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb' },
  });
}

/** What a controller with old tags makes beside what is there. */
function stray({ aws, ...world }: World): void {
  const tags = {
    'elbv2.k8s.aws/cluster': SEC,
    'service.k8s.aws/stack': 'default/nginx',
    'service.k8s.aws/resource': 'default/nginx:80',
  };
  const group = {
    Name: 'k8s-default-nginx-beside',
    Protocol: 'TCP',
    Port: 80,
    TargetType: 'ip',
    VpcId: world.secondaries[0]!.vpcId,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
  aws.call('elbv2.CreateTargetGroup', group, 'person');
}

const unprotectByHand = (w: World): void => annotate(w, { [ATTRIBUTES]: null });

/** Rows: what is wrong, how it came about, what is typed, how its hints end. */
const row = (
  name: string,
  line: string | undefined,
  ends: BrokenWorld['ends'],
  more: Partial<BrokenWorld> = {},
): BrokenWorld => ({ name, ends, ...(line === undefined ? {} : { line }), ...more });

const midway = { earlier: until('retag') };
const done = { earlier: DONE };
const nobody = { earlier: [`${NOBODY} --yes`] };
const LEAVE_OLD = `leave nginx --context ${PRI} --primary ${SEC}`;
const dnsName = { 'external-dns.alpha.kubernetes.io/hostname': 'shop.example' };

const LOST = `${HANDOVER} --lost`;
const VERIFY_NEW = `verify nginx --context ${SEC}`;
/** Its pods and its controller are gone; its instances are there for a while. */
function lose(world: World): void {
  world.primary.lbc.stop();
  killPods(world, PRI);
}
const lost = { act: lose };
/** The phases are typed while the cluster is still there: whether it is asked is all that `--lost` decides. */
const lostMidway = { ...lost, earlier: [`${LOST} --accept old-answers --until retag --yes`] };

/** What a handover, a replace of the owner, or another command beside one is refused for or stops at. */
export const handovers: readonly BrokenWorld[] = [
  row('verify after a release', undefined, 'green', { earlier: until('release') }),
  row('verify after a retag', undefined, 'green', midway),
  row('verify after an adoption', undefined, 'green', { earlier: until('adopt') }),
  row('verify after the retag of a way back', undefined, 'green', {
    earlier: [...until('retag'), `${HANDOVER} --back --until retag --yes`],
  }),
  row('verify after the release of a handover to nobody', undefined, 'green', {
    earlier: [`${NOBODY} --until release --yes`],
  }),
  row('verify where nobody owns it any more', undefined, 'green', nobody),
  row('handover where nobody owns it any more', HANDOVER, 'green', nobody),
  row('handover where protection is not written', HANDOVER, 'green', { act: unprotectByHand }),
  row('handover beside an exclusive binding', HANDOVER, 'green', {
    act: (w) => share(w, SEC, false),
    tool: 'kubectl',
  }),
  row('handover where the new controller is down', HANDOVER, 'look', {
    act: (w) => controllerGone(w, SEC),
  }),
  row('handover where the new controller is uninstalled', HANDOVER, 'look', {
    act: (w) => w.cluster(SEC).lbc.uninstall(),
  }),
  row('handover in EKS Auto Mode', HANDOVER, 'sentence', { scenario: 'auto-mode' }),
  row('handover without the Service of the new cluster', HANDOVER, 'look', {
    before: 'enabled',
    act: (w) => remove(w, SEC, 'services', 'nginx'),
  }),
  row('handover of a name that is misspelled', HANDOVER.replace('nginx', 'ngin'), 'green'),
  row('handover of what is not shared', HANDOVER, 'green', { before: 'deployed' }),
  row('handover where bindings may not be listed', HANDOVER, 'look', {
    act: (w) => denyKube(w, SEC, 'targetgroupbindings.elbv2.k8s.aws'),
  }),
  row('handover where the controller may not be restarted', HANDOVER, 'look', {
    act: (w) => denyKube(w, SEC, 'deployments.apps', 'patch'),
  }),
  row('handover where tags may not be read', HANDOVER, 'look', {
    act: (w) => denyAws(w, /DescribeTags/),
    tool: 'aws',
  }),
  row('verify of a Service that a tool gave back after the retag', undefined, 'green', {
    ...midway,
    act: giveBack,
  }),
  row('handover of a Service that a tool gave back after the release', HANDOVER, 'green', {
    earlier: until('release'),
    act: giveBack,
  }),
  row('handover beside a group that a controller made', HANDOVER, 'green', {
    earlier: until('restart'),
    act: stray,
    tool: 'aws',
  }),
  row('handover from a cluster that is lost', LOST, 'green', lost),
  row('handover from a cluster that is lost, cut off', LOST, 'green', lostMidway),
  row('verify of a handover from a cluster that is lost, cut off', VERIFY_NEW, 'look', {
    ...lostMidway,
    tool: 'aws',
  }),
  row('handover from a cluster that is said to be lost, and answers', LOST, 'look', {
    tool: 'aws',
  }),
  row('handover from a cluster that is lost to one that has not joined', LOST, 'sentence', {
    ...lost,
    before: 'enabled',
  }),
  row('handover from a cluster that is lost without the new controller', LOST, 'look', {
    act: (w) => {
      lose(w);
      controllerGone(w, SEC);
    },
  }),
  // The command that is told second.
  row('verify after a release, to go back', undefined, 'green', {
    earlier: until('release'),
    hint: 1,
  }),
  row('verify after the retag of a way back, to go on after all', undefined, 'green', {
    earlier: [...until('retag'), `${HANDOVER} --back --until retag --yes`],
    hint: 1,
  }),
  row('verify of a Service that a tool gave back, to go back', undefined, 'green', {
    ...midway,
    act: giveBack,
    hint: 1,
  }),
  row('leave of the new owner while a handover is under way, to go back', LEAVE, 'green', {
    ...midway,
    hint: 1,
  }),
  row('handover where protection is not written, to look first', HANDOVER, 'green', {
    act: unprotectByHand,
    hint: 1,
  }),
  row('join while a handover is under way', JOIN, 'green', midway),
  row(
    'disable while a handover is under way',
    `disable nginx --context ${PRI},${SEC}`,
    'green',
    midway,
  ),
  row('leave of the old owner while a handover is under way', LEAVE_OLD, 'green', midway),
  row('leave of the new owner while a handover is under way', LEAVE, 'green', midway),
  row('enable while a handover is under way', ENABLE, 'look', { ...midway, tool: 'aws' }),
  row('enable of the old owner afterwards', ENABLE, 'green', done),
  row('join of the new owner afterwards', JOIN, 'green', done),
  row('leave of the new owner afterwards', LEAVE, 'green', done),
  row('replace of the owner where protection is not written', REPLACE, 'green', {
    before: 'enabled',
    act: unprotectByHand,
  }),
  row('replace of the owner with a DNS record', REPLACE, 'green', {
    act: (w) => annotate(w, dnsName),
  }),
  row('replace of the owner while its controller is down', REPLACE, 'look', {
    act: (w) => controllerGone(w, PRI),
  }),
  row('replace of the owner while it is handed over', REPLACE, 'green', midway),
];
