import { planEnroll } from '../../src/core/enroll/plan-enroll.ts';
import { planJoins } from '../../src/core/join/plan-joins.ts';
import type { JoinIntent, LeaveIntent } from '../../src/core/model/intent.ts';
import type { Templates } from '../../src/core/model/templates.ts';
import type { Observed } from '../../src/core/observed/observed.ts';
import { partOf } from '../../src/core/observed/part-of.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { progressOf } from '../../src/core/progress/progress.ts';
import { planReplace } from '../../src/core/replace/plan-replace.ts';
import { verdictOf } from '../../src/core/verify/verify.ts';
import { type ClusterBuilder, endpointsAt, service } from '../core/cluster-builder.ts';
import { intent as joinIntent } from '../core/joining.ts';
import { intent as leaveIntent } from '../core/leaving.ts';
import {
  a as onePeer,
  b as otherPeer,
  shared,
  targets as peerTargets,
  toBalancer,
  unbound,
} from '../core/peers.ts';
import { byRecord, recordedOf, withRecord } from '../core/recording.ts';
import { enabledPrimary, joinedSecondary, observed, secondary } from '../core/world.ts';
import { fullSize } from '../full-size.ts';
import { asked, awsWith, both, faults } from './faulty-clusters.ts';

/** What a join writes without anybody's own templates. */
const bare: Templates = {
  binding: { apiVersion: 'elbv2.k8s.aws/v1beta1', kind: 'TargetGroupBinding' },
  service: { apiVersion: 'v1', kind: 'Service' },
};

interface World {
  readonly name: string;
  readonly seen: Observed;
}

/** A way to ask for what is there already, by a command for several clusters or by a document. */
interface Way {
  readonly name: string;
  /** The clusters of the verify that has to be green. */
  readonly contexts: readonly string[];
  readonly worlds: readonly World[];
  readonly plan: (seen: Observed) => Plan;
}

const thirdTargets = ['10.0.3.1:80', '10.0.3.2:80'];
const third = (): ClusterBuilder =>
  joinedSecondary('ter')
    .endpoints(endpointsAt(['10.0.3.1', '10.0.3.2']))
    .tracks('nginx', thirdTargets.join());
const three = [...both, ...thirdTargets];
/** A cluster that has left: its Service is there, and no binding. */
const left = (cluster: ClusterBuilder): ClusterBuilder =>
  cluster.with({ services: { 'default/nginx': cluster.view.service } });

const single = (
  build: (fault: (one: ClusterBuilder) => ClusterBuilder) => Observed,
  which: string,
) =>
  Object.entries(faults).map(([name, fault]) => ({
    name: `${name} in ${which}`,
    seen: build(fault),
  }));

const inAws = (
  all: readonly string[],
  build: (parts: ReturnType<typeof awsWith>[string]) => Observed,
) =>
  Object.entries(awsWith(all)).map(([name, parts]) => ({
    name: `${name} in AWS`,
    seen: build(parts),
  }));

const joins = (context: string, over: Partial<JoinIntent> = {}): JoinIntent => ({
  ...joinIntent,
  context,
  ...over,
});
const leaves = (context: string, primary: string): LeaveIntent => ({
  ...leaveIntent,
  context,
  primary,
});

const enrolled = (clusters: readonly ClusterBuilder[], parts = {}) =>
  observed({ clusters, targets: { 80: three }, ...parts });
const ofThree: readonly World[] = [
  ...single((fault) => enrolled([fault(enabledPrimary()), joinedSecondary(), third()]), 'pri'),
  ...single((fault) => enrolled([enabledPrimary(), fault(joinedSecondary()), third()]), 'sec'),
  ...single((fault) => enrolled([enabledPrimary(), joinedSecondary(), fault(third())]), 'ter'),
  ...inAws(three, (parts) => enrolled([enabledPrimary(), joinedSecondary(), third()], parts)),
];

const replaced = (clusters: readonly ClusterBuilder[], parts = {}) =>
  observed({ clusters, targets: { 80: both }, ...parts });
const old = (): ClusterBuilder => left(secondary('old').endpoints(endpointsAt(['10.0.4.1'])));
const ofReplaced: readonly World[] = [
  ...single((fault) => replaced([fault(enabledPrimary()), joinedSecondary(), old()]), 'pri'),
  ...single((fault) => replaced([enabledPrimary(), fault(joinedSecondary()), old()]), 'sec'),
  ...inAws(both, (parts) => replaced([enabledPrimary(), joinedSecondary(), old()], parts)),
];

const peers = (clusters: readonly ClusterBuilder[], parts = {}) => shared({ clusters, ...parts });
const oldPeer = (): ClusterBuilder => left(unbound('old', ['10.0.4.1']));
const peersOnly: readonly World[] = [
  ...single((fault) => peers([fault(onePeer()), otherPeer()]), 'a'),
  ...single((fault) => peers([onePeer(), fault(otherPeer())]), 'b'),
  ...inAws(peerTargets[80], (parts) => peers([onePeer(), otherPeer()], parts)),
];
const peersReplaced = peersOnly.map(({ name, seen }) => ({
  name,
  seen: { ...seen, clusters: [...seen.clusters, oldPeer().view] },
}));

const written = recordedOf([enabledPrimary(), joinedSecondary()], undefined, {
  targets: { 80: both },
});
const byDocument = (sec: ClusterBuilder, parts = {}) =>
  withRecord(written, { clusters: [sec], targets: { 80: both }, ...parts });
const ofDocument: readonly World[] = [
  ...single((fault) => byDocument(fault(joinedSecondary())), 'sec'),
  ...inAws(both, (parts) => byDocument(joinedSecondary(), parts)),
];

const ways: readonly Way[] = [
  {
    name: 'enroll',
    contexts: ['pri', 'sec', 'ter'],
    worlds: ofThree,
    plan: (seen) =>
      planEnroll(
        seen,
        { enable: { service, context: 'pri', settled: true }, joins: [joins('sec'), joins('ter')] },
        bare,
      ),
  },
  {
    name: 'join of several clusters',
    contexts: ['pri', 'sec', 'ter'],
    worlds: ofThree,
    plan: (seen) => planJoins(seen, [joins('sec'), joins('ter')], bare),
  },
  {
    name: 'enroll where no cluster owns the load balancer',
    contexts: ['a', 'b'],
    worlds: peersOnly,
    plan: (seen) =>
      planEnroll(seen, { enable: undefined, joins: [toBalancer('a'), toBalancer('b')] }, bare),
  },
  {
    name: 'replace that is done',
    contexts: ['pri', 'sec'],
    worlds: ofReplaced,
    plan: (seen) =>
      planReplace(
        seen,
        { others: [], replacements: [{ leaves: leaves('old', 'pri'), joins: joins('sec') }] },
        bare,
      ),
  },
  {
    name: 'replace that is done where no cluster owns the load balancer',
    contexts: ['a', 'b'],
    worlds: peersReplaced,
    plan: (seen) => {
      const { primary: _, ...alone } = joinIntent;
      return planReplace(
        seen,
        {
          others: ['a'],
          replacements: [{ leaves: leaves('old', 'b'), joins: { ...alone, context: 'b' } }],
        },
        bare,
      );
    },
  },
  {
    name: 'join by a document',
    contexts: ['sec'],
    worlds: ofDocument,
    plan: (seen) => planJoins(seen, [byRecord], bare),
  },
];

/** What the command would refuse, change or wait for. */
function objections({ seen }: World, plan: Plan): readonly string[] {
  const out = plan.leftOut?.flatMap(({ problems }) => problems) ?? [];
  return [
    ...[...plan.blockers, ...out].filter(({ unread }) => !unread).map(({ code }) => code),
    ...plan.steps.map(({ kind }) => kind),
    ...plan.goals
      .map((goal) => progressOf(goal, seen, {}).progress)
      .filter(({ state }) => state !== 'done')
      .map(({ goal, text }) => `${goal.kind}: ${text}`),
  ];
}

/** Outside CI each third world, and the one in which nothing is the matter. */
const played = (worlds: readonly World[]): readonly World[] =>
  worlds.filter(({ name }, n) => fullSize || n % 3 === 0 || name === 'nothing in AWS');

describe.each(ways)('law 9: $name', ({ contexts, worlds, plan }) => {
  const found = played(worlds).map((world) => ({
    name: world.name,
    green: verdictOf(partOf(world.seen, contexts), asked).exit === 0,
    objections: objections(world, plan(world.seen)),
  }));
  const green = found.filter((one) => one.green);
  const objected = found.filter((one) => one.objections.length > 0);

  test('where verify is green, it has no step, no blocker, and its goals hold', () =>
    expect(green.filter((one) => one.objections.length > 0)).toEqual([]));

  test('the property is about something: verify is green in some worlds, and the command objects in many', () => {
    expect(green.map(({ name }) => name)).toContain('nothing in AWS');
    expect(green.length).toBeGreaterThanOrEqual(fullSize ? 10 : 3);
    expect(objected.length).toBeGreaterThanOrEqual(fullSize ? 10 : 3);
  });
});
