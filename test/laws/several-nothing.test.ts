import { answering, BINDINGS, type Disturb, without } from './answers.ts';
import { differs, joins, playAnswers, type Row } from './several-lines.ts';
import { PRI } from './stage.ts';

const empty = (action: string, list: string): Disturb =>
  answering(action, (answer) => Object.assign(answer, { [list]: [] }));

/** What has no answer, and what of it ends otherwise than usual. */
const answers: readonly Row[] = [
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
      verifyFrom: '3 evidence-differs listener-missing',
    },
  ],
  [
    // AWS describes each ARN that it is asked for, also one without tags: so this is no answer.
    'no tags',
    empty('elbv2.DescribeTags', 'TagDescriptions'),
    {
      joinFrom: '8 answer-malformed',
      joinedFrom: '8 answer-malformed',
      verifyFrom: '8 answer-malformed',
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
      join: '5 primary-not-enabled',
      replace: '5 primary-not-enabled',
      replaced: '5 primary-not-enabled',
      repair: '5 endpoint-untracked',
      // An enroll waits for the record: the controller may just have been told to share.
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

describe('law 12, for several clusters, replace and a document', () =>
  playAnswers('an empty answer is a fact', answers, 7));
