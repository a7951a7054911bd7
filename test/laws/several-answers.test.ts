import { runNlbmc } from '../commands/harness.ts';
import { fullSize } from '../full-size.ts';
import {
  answering,
  answerTo,
  BINDINGS,
  type Disturb,
  ofBalancers,
  ofGroups,
  ofHealth,
  without,
} from './answers.ts';
import { ENROLL, settling } from './several.ts';
import { PRI, setStage, type Stage } from './stage.ts';

/** `a` and `b` are enrolled, `c` is not. No line writes, and none waits. */
const lines = {
  enroll: `enroll nginx --primary ${PRI} --context a,b --dry-run --yes`,
  enrollMore: `enroll nginx --primary ${PRI} --context a,c --dry-run --yes`,
  join: `join nginx --primary ${PRI} --context a,b,c --dry-run --yes`,
  leave: `leave nginx --primary ${PRI} --context a,b --dry-run --yes`,
  repair: `repair nginx --context ${PRI},a,b --dry-run --yes`,
  replace: `replace nginx --primary ${PRI} --old a --new c --dry-run --yes --no-record`,
  replaced: `replace nginx --primary ${PRI} --old c --new a --dry-run --yes --no-record`,
  joinFrom: 'join nginx --context c --from - --dry-run --yes --max-age 24h',
  joinedFrom: 'join nginx --context a --from - --dry-run --yes --max-age 24h',
  leaveFrom: 'leave nginx --context a --from - --dry-run --yes',
  verifyFrom: 'verify nginx --context a --from - --max-age 24h',
} as const;
type Line = keyof typeof lines;
type Ends = Readonly<Partial<Record<Line, string>>>;

const usual: Required<Ends> = {
  enroll: '0',
  enrollMore: '0',
  join: '0',
  leave: '0',
  repair: '0',
  replace: '0',
  replaced: '0',
  joinFrom: '0',
  joinedFrom: '0',
  leaveFrom: '0',
  verifyFrom: '0',
};

const empty = (action: string, list: string): Disturb =>
  answering(action, (answer) => Object.assign(answer, { [list]: [] }));

/** All that joins with a connection to the primary. */
const joins = (end: string): Ends => ({
  enroll: end,
  enrollMore: end,
  join: end,
  replace: end,
  replaced: end,
});

/** A document is no evidence where AWS says something else than it does. */
const differs: Ends = { joinFrom: '5 evidence-differs', joinedFrom: '5 evidence-differs' };

/** What is answered, and what of it ends otherwise than usual. */
const answers: readonly (readonly [string, Disturb, Ends])[] = [
  [
    'a state of all targets',
    ofHealth((one) => (one['State'] = 'quiescent')),
    {
      leave: '5 below-floor',
      leaveFrom: '5 below-floor',
      repair: '5 target-unhealthy',
      verifyFrom: '3 below-minimum target-unhealthy',
    },
  ],
  [
    'a state of one target',
    ofHealth((one, n) => n === 0 && (one['State'] = 'quiescent')),
    { repair: '5 target-unhealthy', verifyFrom: '3 target-unhealthy' },
  ],
  [
    'no state of any target',
    ofHealth((one) => delete one['State']),
    {
      leave: '5 below-floor',
      leaveFrom: '5 below-floor',
      repair: '5 target-unhealthy',
      verifyFrom: '3 below-minimum target-unhealthy',
    },
  ],
  [
    'a state of the load balancer',
    ofBalancers((one) => (one['State'] = { Code: 'pensive' })),
    { repair: '5 load-balancer-impaired', verifyFrom: '3 load-balancer-impaired' },
  ],
  [
    'a type of the load balancer',
    ofBalancers((one) => (one['Type'] = 'quantum')),
    {
      ...joins('5 type-unsupported'),
      joinFrom: '5 type-unsupported',
      joinedFrom: '5 type-unsupported',
      repair: '5 type-unsupported',
      verifyFrom: '3 type-unsupported',
    },
  ],
  [
    'a protocol',
    ofGroups((one) => (one['Protocol'] = 'SCTP')),
    {
      ...joins('5 protocol-unsupported'),
      ...differs,
      repair: '5 protocol-unsupported',
      verifyFrom: '3 evidence-differs protocol-unsupported',
    },
  ],
  [
    'a target type',
    ofGroups((one) => (one['TargetType'] = 'mainframe')),
    {
      ...joins('5 type-unsupported'),
      ...differs,
      repair: '5 type-unsupported',
      verifyFrom: '3 evidence-differs type-unsupported',
    },
  ],
  [
    'no target type',
    ofGroups((one) => delete one['TargetType']),
    {
      ...joins('5 type-unsupported'),
      ...differs,
      repair: '5 type-unsupported',
      verifyFrom: '3 evidence-differs type-unsupported',
    },
  ],
  [
    'an address type',
    ofGroups((one) => (one['IpAddressType'] = 'ipv8')),
    {
      ...joins('5 type-unsupported'),
      joinFrom: '5 type-unsupported',
      joinedFrom: '5 type-unsupported',
      repair: '5 type-unsupported',
      verifyFrom: '3 type-unsupported',
    },
  ],
  [
    'no targets',
    empty('elbv2.DescribeTargetHealth', 'TargetHealthDescriptions'),
    {
      ...differs,
      verifyFrom: '3 below-minimum endpoint-unregistered evidence-differs',
    },
  ],
  [
    'no load balancers',
    empty('elbv2.DescribeLoadBalancers', 'LoadBalancers'),
    {
      enroll: '8 aws-not-found',
      enrollMore: '8 aws-not-found',
      leave: '8 aws-not-found',
      replace: '8 aws-not-found',
      replaced: '8 aws-not-found',
      joinFrom: '8 aws-not-found',
      joinedFrom: '8 aws-not-found',
      leaveFrom: '8 aws-not-found',
      verifyFrom: '8 aws-not-found',
    },
  ],
  [
    'no target groups',
    empty('elbv2.DescribeTargetGroups', 'TargetGroups'),
    {
      ...joins('5 binding-stale'),
      ...differs,
      repair: '5 binding-stale',
      verifyFrom: '3 binding-stale evidence-differs',
    },
  ],
  [
    'no listeners',
    empty('elbv2.DescribeListeners', 'Listeners'),
    {
      ...differs,
      verifyFrom: '3 evidence-differs',
    },
  ],
  [
    'no tags',
    empty('elbv2.DescribeTags', 'TagDescriptions'),
    {
      ...differs,
      verifyFrom: '3 evidence-differs',
    },
  ],
  ['no attributes', empty('elbv2.DescribeTargetGroupAttributes', 'Attributes'), {}],
  ['no security groups', empty('ec2.DescribeSecurityGroups', 'SecurityGroups'), {}],
  ['no VPCs', empty('ec2.DescribeVpcs', 'Vpcs'), {}],
  ['no interfaces', empty('ec2.DescribeNetworkInterfaces', 'NetworkInterfaces'), {}],
  [
    'no bindings in the primary',
    without(PRI, BINDINGS),
    {
      ...joins('5 bindings-missing'),
      leave: '5 bindings-missing',
      repair: '0 target-unclaimed',
    },
  ],
  [
    'no records in the primary',
    without(PRI, 'configmaps'),
    {
      ...joins('5 primary-not-enabled'),
      repair: '5 endpoint-untracked',
    },
  ],
  [
    'no Service in the primary',
    without(PRI, 'services'),
    {
      ...joins('5 service-missing'),
      repair: '5 controller-stalled deletion-unprotected no-endpoints service-missing',
    },
  ],
  [
    'no slices in the primary',
    without(PRI, 'endpointslices.discovery.k8s.io'),
    { repair: '0 no-endpoints' },
  ],
  [
    'no bindings in a member',
    without('a', BINDINGS),
    {
      enroll: '5 leftover-tracked-targets',
      enrollMore: '5 leftover-tracked-targets',
      join: '5 leftover-tracked-targets',
      replaced: '5 leftover-tracked-targets',
      joinedFrom: '5 leftover-tracked-targets',
      repair: '5 leftover-tracked-targets member-missing target-unclaimed',
      verifyFrom: '3 member-missing',
    },
  ],
  [
    'no records in a member',
    without('a', 'configmaps'),
    {
      leave: '5 targets-would-leak',
      leaveFrom: '5 targets-would-leak',
      replace: '5 targets-would-leak',
      repair: '5 endpoint-untracked',
      verifyFrom: '3 endpoint-untracked',
    },
  ],
  [
    'no Service in a member',
    without('a', 'services'),
    {
      enroll: '5 service-missing',
      enrollMore: '5 service-missing',
      join: '5 service-missing',
      replaced: '5 service-missing',
      joinedFrom: '5 service-missing',
      repair: '5 controller-stalled no-endpoints service-missing',
      verifyFrom: '3 controller-stalled no-endpoints service-missing',
    },
  ],
  [
    'no slices in a member',
    without('a', 'endpointslices.discovery.k8s.io'),
    {
      repair: '0 no-endpoints',
      replaced: '5 no-endpoints',
      verifyFrom: '3 no-endpoints target-converging',
    },
  ],
  ['no controllers in a member', without('a', 'deployments.apps'), {}],
  [
    'no Service in the cluster that joins',
    without('c', 'services'),
    {
      enrollMore: '5 service-missing',
      join: '5 service-missing',
      joinFrom: '5 service-missing',
      replace: '5 service-missing',
    },
  ],
  [
    'no slices in the cluster that joins',
    without('c', 'endpointslices.discovery.k8s.io'),
    { replace: '5 no-endpoints' },
  ],
  ['no controllers in the cluster that joins', without('c', 'deployments.apps'), {}],
];

/** Outside CI each fifth answer. */
const played = answers.filter((_, n) => fullSize || n % 5 === 0);

async function othersThanUsual(stage: Stage, input: string): Promise<Ends> {
  const ends: Partial<Record<Line, string>> = {};
  for (const [name, line] of Object.entries(lines) as [Line, string][]) {
    const { end, writes } = await answerTo(stage, line, { input });
    if (writes > 0) throw new Error(`${name} wrote`);
    if (end !== usual[name]) ends[name] = end;
  }
  return ends;
}

describe('law 12, for several clusters, replace and a document', () => {
  let stage: Stage;
  let document: string;
  beforeAll(async () => {
    stage = await setStage('deployed', { clusters: [PRI, 'a', 'b', 'c'] });
    const { sandbox, world } = stage;
    expect(await runNlbmc(sandbox, ENROLL, settling(world))).toMatchObject({ code: 0 });
    world.settle();
    document = (await runNlbmc(sandbox, `show nginx --context ${PRI},a,b -o yaml`)).stdout;
  });
  afterAll(() => stage.stop());

  test('as usual, every command ends in good order', async () =>
    expect(await othersThanUsual(stage, document)).toEqual({}));

  test.each(played)(
    'an empty answer is a fact, and a value that nlbmc does not know is not healthy: %s',
    async (_, disturb, ends) => {
      const end = disturb(stage);
      const found = await othersThanUsual(stage, document);
      end();
      expect(found).toEqual(ends);
    },
  );
});
