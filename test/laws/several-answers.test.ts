import { ofBalancers, ofGroups, ofHealth } from './answers.ts';
import { differs, joins, playAnswers, type Row } from './several-lines.ts';

/** Values that AWS may add or leave out, and what ends otherwise than usual then. */
const answers: readonly Row[] = [
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
];

describe('law 12, for several clusters, replace and a document', () =>
  playAnswers('a value that nlbmc does not know is not healthy', answers, 5));
