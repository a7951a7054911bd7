/** @shared Modules of nlbmc are replaced by hooks of Node. */
import type { FaultRule } from '../../src/sandbox/requests/faults.ts';
import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import type { RunOptions } from '../commands/harness.ts';
import {
  answering,
  answerTo,
  BINDINGS,
  inAccount,
  type Disturb,
  type Ends,
  lines,
  ofBalancers,
  ofGroups,
  ofHealth,
  othersThanUsual,
  usual,
  without,
} from './answers.ts';
import { faults, ruleFor } from './faults.ts';
import { loadProgram } from './program.ts';
import { nameOf, onStage, PRI, SEC } from './stage.ts';

const unhealthy = { verify: '3 target-unhealthy', repair: '5 target-unhealthy' };

const untyped = {
  verify: '3 type-unsupported',
  enable: '5 type-unsupported',
  join: '5 type-unsupported',
  repair: '5 type-unsupported',
  disable: '5 type-unsupported',
};

/** Values that AWS may add, or leave out. */
const news: readonly (readonly [string, Disturb, Ends])[] = [
  [
    'a state of one target',
    ofHealth((one, n) => n === 0 && (one['State'] = 'quiescent')),
    unhealthy,
  ],
  [
    'a state of all targets',
    ofHealth((one) => (one['State'] = 'quiescent')),
    {
      ...unhealthy,
      verify: '3 below-minimum target-unhealthy',
      leave: '5 below-floor',
    },
  ],
  [
    'a reason',
    ofHealth(
      (one, n) => n === 0 && Object.assign(one, { State: 'unhealthy', Reason: 'Target.New' }),
    ),
    unhealthy,
  ],
  ['no state of a target', ofHealth((one, n) => n === 0 && delete one['State']), unhealthy],
  [
    'a state of the load balancer',
    ofBalancers((one) => (one['State'] = { Code: 'pensive' })),
    { verify: '3 load-balancer-impaired', repair: '5 load-balancer-impaired' },
  ],
  [
    'no state of the load balancer',
    ofBalancers((one) => delete one['State']),
    { verify: '3 load-balancer-impaired', repair: '5 load-balancer-impaired' },
  ],
  [
    'a protocol',
    ofGroups((one) => (one['Protocol'] = 'SCTP')),
    {
      verify: '3 protocol-unsupported',
      enable: '5 protocol-unsupported',
      join: '5 protocol-unsupported',
      repair: '5 protocol-unsupported',
      disable: '5 protocol-unsupported',
    },
  ],
  ['a target type', ofGroups((one) => (one['TargetType'] = 'mainframe')), untyped],
  ['no target type', ofGroups((one) => delete one['TargetType']), untyped],
  ['an address type', ofGroups((one) => (one['IpAddressType'] = 'ipv8')), untyped],
  ['a type of the load balancer', ofBalancers((one) => (one['Type'] = 'quantum')), untyped],
  ['no type of the load balancer', ofBalancers((one) => delete one['Type']), untyped],
];

const noGroups = answering('elbv2.DescribeTargetGroups', (answer) =>
  Object.assign(answer, { TargetGroups: [] }),
);

/** Answers of nothing, and what that means to each command. */
const nothing: readonly (readonly [string, Disturb, Ends])[] = [
  [
    'targets',
    answering('elbv2.DescribeTargetHealth', (answer) =>
      Object.assign(answer, { TargetHealthDescriptions: [] }),
    ),
    { verify: '3 below-minimum endpoint-unregistered' },
  ],
  [
    // The target groups name one. Of a load balancer that is gone AWS says LoadBalancerNotFound, and its
    // target groups have none: so this is no answer of nothing but a contradiction, and unknown.
    'load balancers',
    answering('elbv2.DescribeLoadBalancers', (answer) =>
      Object.assign(answer, { LoadBalancers: [] }),
    ),
    {
      verify: '8 aws-not-found',
      enable: '8 aws-not-found',
      show: '8',
      leave: '8 aws-not-found',
      disable: '8 aws-not-found',
    },
  ],
  [
    'target groups',
    noGroups,
    {
      verify: '3 binding-stale',
      show: '3',
      enable: '5 binding-stale',
      join: '5 binding-stale',
      repair: '5 binding-stale',
      purge: '5 binding-stale',
      disable: '5 binding-stale',
    },
  ],
  [
    'target groups, under another account',
    inAccount('999999999999', noGroups),
    {
      verify: '8 aws-not-found',
      show: '8',
      enable: '8 aws-not-found',
      join: '5 wrong-account',
      leave: '8 aws-not-found',
      repair: '8 aws-not-found',
      purge: '8 aws-not-found',
      disable: '8 aws-not-found',
    },
  ],
  [
    'attributes of the load balancer',
    answering('elbv2.DescribeLoadBalancerAttributes', (answer) =>
      Object.assign(answer, { Attributes: [] }),
    ),
    { verify: '3 deletion-unprotected', repair: '5 deletion-unprotected' },
  ],
  [
    'bindings in the primary',
    without(PRI, BINDINGS),
    {
      // The bindings of the secondary still say which target groups these are.
      verify: '3 bindings-missing target-unclaimed',
      enable: '5 bindings-missing',
      join: '5 bindings-missing',
      leave: '5 bindings-missing',
      repair: '0 target-unclaimed',
      purge: '5 target-serving',
      disable: '5 bindings-missing',
    },
  ],
  [
    'bindings in the secondary',
    without(SEC, BINDINGS),
    {
      verify: '3 member-missing target-unclaimed',
      join: '5 leftover-tracked-targets',
      repair: '5 leftover-tracked-targets member-missing target-unclaimed',
      purge: '5 target-serving',
      disable: '5 targets-of-others',
    },
  ],
  [
    'slices in the secondary',
    without(SEC, 'endpointslices.discovery.k8s.io'),
    { verify: '3 no-endpoints target-converging', repair: '0 no-endpoints' },
  ],
  ['controllers in the secondary', without(SEC, 'deployments.apps'), {}],
  [
    'records in the primary',
    without(PRI, 'configmaps'),
    {
      verify: '3 endpoint-untracked',
      join: '5 primary-not-enabled',
      repair: '5 endpoint-untracked',
    },
  ],
  [
    'records in the secondary',
    without(SEC, 'configmaps'),
    {
      verify: '3 endpoint-untracked',
      leave: '5 targets-would-leak',
      repair: '5 endpoint-untracked',
    },
  ],
  [
    'Services in the secondary',
    without(SEC, 'services'),
    {
      verify: '3 controller-stalled no-endpoints service-missing',
      join: '5 service-missing',
      repair: '5 controller-stalled no-endpoints service-missing',
    },
  ],
];

/** All cases on one stage: nothing is written, so the next one finds it as it was. */
const play = (cases: typeof news, o: RunOptions = {}) =>
  onStage('joined', async (stage) => {
    const found: [string, Ends][] = [];
    for (const [name, disturb] of cases) {
      const end = disturb(stage);
      found.push([name, await othersThanUsual(stage, o)]);
      end();
    }
    return found;
  });
const expected = (cases: typeof news) => cases.map((one) => [one[0], one[2]]);

describe('law 12: an answer of nothing is a fact, a failed read is unknown, a new value is not healthy', () => {
  test('as usual, every command ends in good order', () =>
    onStage('joined', async (stage) => expect(await othersThanUsual(stage)).toEqual({})));

  test('what AWS may add is not healthy, and crashes nothing', async () =>
    expect(await play(news)).toEqual(expected(news)));

  test('what nothing means is known in each place', async () =>
    expect(await play(nothing)).toEqual(expected(nothing)));

  test.each(['show', 'repair', 'purge', 'disable'] as const)(
    '%s: a read that fails is said or unknown, and nothing else is concluded from it',
    (command) =>
      onStage('joined', async (stage) => {
        const line = lines[command];
        await answerTo(stage, line);
        const reads = stage.requests().filter(({ mutating }) => !mutating);
        const name = (entry: JournalEntry): string => nameOf(entry).split('?')[0] ?? '';
        const once = [...new Map(reads.map((entry) => [name(entry), entry])).values()];
        expect(once.length).toBeGreaterThan(8);
        for (const [n, read] of once.entries()) {
          const fault: Partial<FaultRule> & Pick<FaultRule, 'kind'> = faults[n % 2 ? 403 : 500];
          const giveBack = stage.world.faults.add(ruleFor(read, fault));
          const { end, writes, aside } = await answerTo(stage, line);
          giveBack();
          const [exit, ...codes] = end.split(' ');
          const trouble = codes.filter((code) => !/^(api|aws|answer|credentials)-/.test(code));
          const fine = end === usual[command] || (exit === '0' && aside.length > 0);
          // The document of show has what is unknown in the place of the fact.
          const told = codes.length > 0 || command === 'show';
          const unknown = exit === '8' && told && trouble.length === 0;
          expect([name(read), end, fine || unknown, writes]).toEqual([name(read), end, true, 0]);
        }
      }),
  );

  test('a target of nobody in a state that nobody knows may serve: purge does not take it out', () =>
    onStage('joined', async (stage) => {
      without(SEC, BINDINGS)(stage);
      ofHealth((one) => (one['State'] = 'quiescent'))(stage);
      expect((await answerTo(stage, lines.purge)).end).toBe('5 target-serving');
    }));

  test('taking a state that nobody knows for a good one is found out', async () => {
    const program = await loadProgram({
      module: 'core/verify/owner-problems.ts',
      exports: () => ({ balancerProblems: () => [] }),
    });
    const ofBalancer = news.filter(([name]) => name.endsWith('state of the load balancer'));
    for (const [, ends] of await play(ofBalancer, { program })) expect(ends).toEqual({});
  });
});
