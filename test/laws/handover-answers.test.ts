import { answering, answerTo, BINDINGS, type Disturb, without } from './answers.ts';
import { fullSize } from '../full-size.ts';
import { onStage, PRI, SEC } from './stage.ts';

const HANDOVER = `handover nginx --old ${PRI} --new ${SEC}`;
const PLANNED = '--dry-run --detailed-exitcode';

/** No line writes. */
const lines = {
  forward: `${HANDOVER} ${PLANNED}`,
  none: `handover nginx --old ${PRI} --new nobody --context ${SEC} ${PLANNED}`,
  lost: `${HANDOVER} --lost ${PLANNED}`,
  replace: `replace nginx --old ${PRI} --new ${SEC} --no-record ${PLANNED}`,
} as const;
type Line = keyof typeof lines;
type Found = Readonly<Partial<Record<Line, string>>>;

/** What all lines end with. */
const all = (end: string): Found => ({ forward: end, none: end, lost: end, replace: end });

const none = (action: string, list: string): Disturb =>
  answering(action, (answer) => Object.assign(answer, { [list]: [] }));

const UNSERVED = '5 no-endpoints target-converging verify-not-green';
const UNTRACKED = '5 endpoint-untracked verify-not-green';
const UNGUARDED = '5 deletion-unprotected verify-not-green';

/** What is answered with nothing, and which line ends otherwise than with a plan. */
const answers: readonly (readonly [string, Disturb, Found])[] = [
  ['no tags', none('elbv2.DescribeTags', 'TagDescriptions'), all('8 answer-malformed')],
  [
    'no target group',
    none('elbv2.DescribeTargetGroups', 'TargetGroups'),
    { ...all('8 aws-not-found binding-stale'), replace: '5 binding-stale' },
  ],
  [
    'no load balancer',
    none('elbv2.DescribeLoadBalancers', 'LoadBalancers'),
    all('8 aws-not-found'),
  ],
  [
    'no listener',
    none('elbv2.DescribeListeners', 'Listeners'),
    {
      forward: '5 listener-missing service-differs verify-not-green',
      none: '5 listener-missing verify-not-green',
      lost: '5 listener-missing service-differs verify-not-green',
      replace: '5 listener-missing service-differs verify-not-green',
    },
  ],
  [
    'no attribute',
    none('elbv2.DescribeLoadBalancerAttributes', 'Attributes'),
    { forward: UNGUARDED, none: UNGUARDED, replace: UNGUARDED },
  ],
  [
    'no target',
    none('elbv2.DescribeTargetHealth', 'TargetHealthDescriptions'),
    all('5 below-minimum endpoint-unregistered verify-not-green'),
  ],
  ['no security group', none('ec2.DescribeSecurityGroups', 'SecurityGroups'), {}],
  [
    'no binding in the old cluster',
    without(PRI, BINDINGS),
    {
      forward: '5 bindings-missing',
      none: '5 bindings-missing',
      replace: '5 bindings-missing',
    },
  ],
  [
    'no controller in the old cluster',
    without(PRI, 'deployments.apps'),
    {
      forward: '5 controller-missing',
      none: '5 controller-missing',
      replace: '5 controller-missing',
    },
  ],
  [
    'no slice in the old cluster',
    without(PRI, 'endpointslices.discovery.k8s.io'),
    { forward: UNSERVED, none: UNSERVED, replace: UNSERVED },
  ],
  ['no Lease in the old cluster', without(PRI, 'leases.coordination.k8s.io'), {}],
  [
    'no binding in the new cluster',
    without(SEC, BINDINGS),
    {
      forward: '5 target-unclaimed verify-not-green',
      none: '5 member-missing target-unclaimed verify-not-green',
      lost: '5 bindings-missing',
      replace: '5 leftover-tracked-targets',
    },
  ],
  [
    'no Service in the new cluster',
    without(SEC, 'services'),
    {
      ...all('5 controller-stalled no-endpoints service-missing verify-not-green'),
      replace: '5 service-missing',
    },
  ],
  ['no record in the new cluster', without(SEC, 'configmaps'), all(UNTRACKED)],
  [
    'no controller in the new cluster',
    without(SEC, 'deployments.apps'),
    {
      forward: '5 controller-missing',
      lost: '5 controller-missing',
      replace: '5 controller-missing',
    },
  ],
];

// Outside CI each third answer.
const played = answers.filter((_, n) => fullSize || n % 3 === 0);

test('law 12: an empty answer is a fact, and each check of a handover says what it means', () =>
  onStage('joined', async (stage) => {
    const found: (readonly [string, Found])[] = [];
    for (const [name, disturb] of played) {
      const end = disturb(stage);
      const ends: Partial<Record<Line, string>> = {};
      for (const [line, words] of Object.entries(lines) as [Line, string][]) {
        const told = await answerTo(stage, words);
        expect([name, line, told.writes]).toEqual([name, line, 0]);
        if (told.end !== '4') ends[line] = told.end;
      }
      end();
      found.push([name, ends]);
    }
    expect(found).toEqual(played.map(([name, , ends]) => [name, ends]));
  }));
