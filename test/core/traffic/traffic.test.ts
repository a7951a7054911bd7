import type { Listener } from '../../../src/core/model/aws.ts';
import { backendsOf } from '../../../src/core/observed/backends.ts';
import { destinationOf, parseConnectTo } from '../../../src/core/model/connect-to.ts';
import { expectedShares } from '../../../src/core/traffic/expected-shares.ts';
import { serverOf } from '../../../src/core/observed/identified.ts';
import type { Observed } from '../../../src/core/observed/observed.ts';
import { known, valueOf } from '../../../src/core/model/problem.ts';
import { percentile, secondsOf } from '../../../src/core/plan/traffic-counts.ts';
import { verifyEnd } from '../../../src/core/traffic/traffic-exit.ts';
import { trafficPorts } from '../../../src/core/traffic/traffic-ports.ts';
import { trafficVerdict } from '../../../src/core/traffic/traffic-verdict.ts';
import type {
  Attempt,
  AttemptResult,
  TrafficIntent,
  TrafficPort,
  TrafficVerdict,
} from '../../../src/core/plan/traffic.ts';
import type { Verdict } from '../../../src/core/plan/verdict.ts';
import { arnOf } from '../cluster-builder.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondaryTargets,
  unreadable,
  type WorldParts,
} from '../world.ts';

const crossZone = 'load_balancing.cross_zone.enabled';

/** Targets by `address:port zone [state]`. */
function world(
  targets: readonly string[],
  o: { own?: string; whole?: string } & Partial<WorldParts> = {},
): Observed {
  const base = observed({
    clusters: [enabledPrimary(), joinedSecondary()],
    targets: { 80: targets.map((text) => text.replace(/ \S+/, '')) },
    group: { attributes: known({ [crossZone]: o.own ?? 'use_load_balancer_configuration' }) },
    balancer: {
      zones: ['a', 'b'],
      attributes: known(o.whole === undefined ? {} : { [crossZone]: o.whole }),
      listeners: known([{ port: 80, protocol: 'TCP', targetGroupArns: [arnOf(80)] }]),
    },
    ...o,
  });
  const group = base.targetGroups[arnOf(80)];
  if (!group?.ok || !group.value.targets.ok) throw new Error('no targets');
  const placed = group.value.targets.value.map((found, n) => ({
    ...found,
    zone: targets[n]?.split(' ')[1] ?? '',
  }));
  return {
    ...base,
    targetGroups: { [arnOf(80)]: known({ ...group.value, targets: known(placed) }) },
  };
}

const three = primaryTargets;
const two = secondaryTargets;
const at = (zones: string): string[] =>
  [...three, ...two].map((target, n) => `${target} ${zones[n]}`);

/** Expected share of pri and sec, in percent. */
function expected(view: Observed): readonly [number, number] | undefined {
  const backends = backendsOf(view, arnOf(80));
  const { shares } = expectedShares(view, arnOf(80), backends);
  const of = (cluster: string): number =>
    backends
      .filter((backend) => backend.cluster === cluster)
      .reduce((sum, { target }) => sum + (shares?.get(target) ?? 0) * 100, 0);
  return shares && [Math.round(of('pri')), Math.round(of('sec'))];
}

test.each<[string, Observed, readonly [number, number] | undefined]>([
  ['cross-zone: by targets', world(at('aaabb'), { own: 'true' }), [60, 40]],
  ['cross-zone of the load balancer', world(at('aaabb'), { whole: 'true' }), [60, 40]],
  ['off, each in its zone: by zones', world(at('aaabb'), { own: 'false' }), [50, 50]],
  ['off by default', world(at('aaabb')), [50, 50]],
  [
    'the group wins over the load balancer',
    world(at('aaabb'), { own: 'false', whole: 'true' }),
    [50, 50],
  ],
  [
    'off, mixed: of pri two in a, one in b; of sec one in each',
    world(at('aabab'), { own: 'false' }),
    [58, 42],
  ],
  ['off, one zone without targets', world(at('aaaaa'), { own: 'false' }), [60, 40]],
  [
    'targets of all zones',
    world(
      at('aab**').map((t) => t.replace('*', 'all')),
      { own: 'false' },
    ),
    [42, 58],
  ],
  [
    'unhealthy ones get nothing',
    world([...at('aaabb').slice(0, 2), `${three[2]} a unhealthy`, ...at('aaabb').slice(3)], {
      own: 'true',
    }),
    [50, 50],
  ],
  [
    'none healthy: all of them',
    world(
      at('aaabb').map((t) => `${t} unhealthy`),
      { own: 'true' },
    ),
    [60, 40],
  ],
])('expected shares: %s', (_, view, shares) => expect(expected(view)).toEqual(shares));

test('without the attributes the expected share is unknown, and never guessed', () => {
  const view = world(at('aaabb'), { group: {} });
  expect(expected(view)).toBeUndefined();
});

test.each<[string, readonly string[], string | undefined]>([
  ['a context', ['sec'], 'sec'],
  ['a pod', [`nginx-5d4f6c7b8-${'10021'.padStart(5, 'x')}`], 'sec'],
  ['an address', ['10.0.1.2'], 'pri'],
  ['a target', ['10.0.1.2:80'], 'pri'],
  ['pod and cluster', ['10.0.1.2', 'pri'], 'pri'],
  ['two that contradict', ['10.0.1.2', 'sec'], undefined],
  ['a stranger', ['web-0'], undefined],
  ['a stranger and a cluster', ['web-0', 'sec'], 'sec'],
])('who answered: %s', (_, marks, cluster) => {
  const view = world(at('aaabb'));
  expect(serverOf(view, arnOf(80), backendsOf(view, arnOf(80)))(marks)?.cluster).toBe(cluster);
});

test('a pod name that both clusters have tells neither, until the cluster is named too', () => {
  const same = (view: ReturnType<typeof enabledPrimary>) =>
    view.endpoints(
      (valueOf(view.view.endpoints['default/nginx'] ?? known([])) ?? []).map((one) => ({
        ...one,
        pod: 'web-0',
      })),
    );
  const view = world(at('aaabb'), { clusters: [same(enabledPrimary()), same(joinedSecondary())] });
  const who = serverOf(view, arnOf(80), backendsOf(view, arnOf(80)));
  expect(who(['web-0'])).toBeUndefined();
  expect(who(['web-0', 'sec'])).toEqual({ cluster: 'sec', name: 'web-0' });
});

test.each([
  [[1], 50, 1],
  [[1, 2, 3, 4], 50, 2],
  [[1, 2, 3, 4], 95, 4],
  [Array.from({ length: 100 }, (_, n) => n + 1), 99, 99],
  [[], 99, 0],
] as const)('percentile of %j at %d is %d', (values, percent, value) => {
  expect(percentile(values, percent)).toBe(value);
});

const answered: AttemptResult = { kind: 'answered' };
const refused: AttemptResult = { kind: 'failed', failure: 'refused', detail: 'no' };
const attempt = (id: number, result: AttemptResult, over: Partial<Attempt> = {}): Attempt => ({
  id,
  port: 80,
  startedMs: id * 400,
  connectMs: 1,
  totalMs: 2,
  address: '192.0.2.1',
  result,
  ...over,
});

test('seconds: what was opened in each, with its failures and what was slow', () => {
  const seconds = secondsOf(
    [attempt(0, answered), attempt(1, refused), attempt(3, answered, { totalMs: 1_000 })],
    Date.UTC(2026, 10, 23, 12),
  );
  expect(seconds).toEqual([
    {
      second: 0,
      at: '2026-11-23T12:00:00.000Z',
      opened: 2,
      answered: 1,
      slow: 0,
      failures: { refused: 1 },
    },
    { second: 1, at: '2026-11-23T12:00:01.000Z', opened: 1, answered: 1, slow: 1, failures: {} },
  ]);
});

const port: TrafficPort = {
  port: 80,
  servicePort: 80,
  targetGroupArn: arnOf(80),
  protocol: 'TCP',
  host: 'nlb.example.org',
};
const intent: TrafficIntent = {
  maxFailures: 0,
  during: false,
  redirected: false,
  identify: { kind: 'header', name: 'x' },
};
const from = (...marks: (string | undefined)[]): Attempt[] =>
  marks.map((mark, id) =>
    attempt(id, { kind: 'answered', ...(mark === undefined ? {} : { marks: [mark] }) }),
  );
const judge = (
  attempts: readonly Attempt[],
  over: Partial<TrafficIntent> = {},
  view = world(at('aabab')),
): TrafficVerdict =>
  trafficVerdict(
    view,
    { ...intent, ...over },
    {
      ports: [port],
      attempts,
      startedAt: 0,
      problems: [],
    },
  );

/** So many answers of one cluster that it is no accident that the other gave none. */
const many = Array.from({ length: 40 }, () => 'pri' as const);

test.each<[string, TrafficVerdict, number, readonly string[]]>([
  ['both answer', judge(from('pri', 'sec')), 0, []],
  ['one gets none', judge(from(...many)), 3, ['traffic-missing']],
  ['one gets none of too few to tell', judge(from('pri', 'pri')), 8, ['traffic-missing']],
  ['while a command runs that is no matter', judge(from('pri'), { during: true }), 0, []],
  [
    'one address of two zones, in which both are',
    judge(from(...many), { redirected: true }),
    3,
    ['traffic-missing'],
  ],
  [
    'one address, and the cluster in the other zone',
    judge(from('pri'), { redirected: true }, world(at('aaabb'))),
    8,
    ['traffic-missing'],
  ],
  [
    'the same with cross-zone',
    judge(from(...many), { redirected: true }, world(at('aaabb'), { own: 'true' })),
    3,
    ['traffic-missing'],
  ],
  ['strangers, where nothing hangs on them', judge(from('pri', 'sec', 'x')), 0, []],
  [
    'strangers, where a cluster seems to get none',
    judge(from('pri', 'x')),
    8,
    ['traffic-unidentified'],
  ],
  [
    'silence, where a limit is named',
    judge(from('pri', 'sec', undefined), { maxSkew: 99 }),
    8,
    ['traffic-unidentified'],
  ],
  [
    'skewed',
    judge(from('pri', 'pri', 'pri', 'sec'), { maxSkew: 10 }),
    3,
    ['traffic-skewed', 'traffic-skewed'],
  ],
  ['not skewed too much', judge(from('pri', 'pri', 'pri', 'sec'), { maxSkew: 17 }), 0, []],
  ['a failure', judge([...from('pri', 'sec'), attempt(2, refused)]), 3, ['traffic-failed']],
  [
    'a failure that may be',
    judge([...from('pri', 'sec'), attempt(2, refused)], { maxFailures: 1 }),
    0,
    [],
  ],
  [
    'nothing answered is never green',
    judge([attempt(0, refused)], { maxFailures: 9 }),
    3,
    ['traffic-failed'],
  ],
])('verdict: %s', (_, { exit, problems }, code, codes) => {
  expect([exit, codesOf(problems)]).toEqual([code, codes]);
});

test('a connection that was given up counts neither way', () => {
  const { ports } = judge([...from('pri', 'sec'), attempt(2, { kind: 'interrupted' })]);
  expect(ports[0]).toMatchObject({ opened: 2, answered: 2 });
});

test.each<[string, readonly Listener[], readonly number[], readonly string[]]>([
  [
    'every listener of the target group',
    [
      { port: 80, protocol: 'TCP', targetGroupArns: [arnOf(80)] },
      { port: 443, protocol: 'TLS', targetGroupArns: [arnOf(80)] },
    ],
    [80, 443],
    [],
  ],
  [
    'none of another',
    [{ port: 81, protocol: 'TCP', targetGroupArns: ['other'] }],
    [],
    ['listener-missing'],
  ],
  [
    'UDP alone is not tried, and nothing is proven',
    [{ port: 53, protocol: 'UDP', targetGroupArns: [arnOf(80)] }],
    [],
    ['traffic-untried'],
  ],
  [
    'TCP_UDP is tried by TCP',
    [{ port: 53, protocol: 'TCP_UDP', targetGroupArns: [arnOf(80)] }],
    [53],
    [],
  ],
])('ports: %s', (_, listeners, ports, codes) => {
  const view = world(at('aaabb'));
  if (!view.loadBalancer.ok) throw new Error('no load balancer');
  const loadBalancer = known({ ...view.loadBalancer.value, listeners: known(listeners) });
  const found = trafficPorts({ ...view, loadBalancer });
  expect([found.ports.map((one) => one.port), codesOf(found.problems)]).toEqual([ports, codes]);
});

test('beside a listener that is tried, UDP is a skip that says what would prove it', () => {
  const view = world(at('aaabb'));
  if (!view.loadBalancer.ok) throw new Error('no load balancer');
  const listeners = ['TCP', 'UDP'].map((protocol, n) => ({
    port: 80 + n,
    protocol,
    targetGroupArns: [arnOf(80)],
  }));
  const loadBalancer = known({ ...view.loadBalancer.value, listeners: known(listeners) });
  const found = trafficPorts({ ...view, loadBalancer });
  expect([codesOf(found.problems), codesOf(found.skips)]).toEqual([[], ['traffic-untried']]);
  expect(found.skips[0]?.message).toContain('Port 81 uses UDP');
  const verdict = trafficVerdict(view, intent, {
    ...found,
    attempts: from('pri', 'sec'),
    startedAt: 0,
  });
  expect(codesOf(verdict.skips)).toEqual(['traffic-untried']);
});

test('listeners that could not be read are unknown', () => {
  const view = world(at('aaabb'));
  if (!view.loadBalancer.ok) throw new Error('no load balancer');
  const loadBalancer = known({ ...view.loadBalancer.value, listeners: unreadable<never>() });
  expect(trafficPorts({ ...view, loadBalancer }).problems[0]?.unread).toBe(true);
});

test.each([
  ['127.0.0.1:8080', { toHost: '127.0.0.1', toPort: 8080 }],
  ['[::1]:8080', { toHost: '::1', toPort: 8080 }],
  [
    'nlb.example:80:10.0.0.1:8080',
    { host: 'nlb.example', port: 80, toHost: '10.0.0.1', toPort: 8080 },
  ],
  [':443:tunnel:8443', { port: 443, toHost: 'tunnel', toPort: 8443 }],
  ['::[fd00::1]:', { toHost: 'fd00::1' }],
  ['a:80::81', { host: 'a', port: 80, toPort: 81 }],
  ['localhost', undefined],
  ['localhost:', undefined],
  [':8080', undefined],
  ['localhost:99999', undefined],
  ['a:b:c:80', undefined],
])('--connect-to %s', (text, rule) => expect(parseConnectTo(text)).toEqual(rule));

test('the first rule that fits says where a connection goes', () => {
  const rules = [
    { port: 443, toPort: 8443 },
    { host: 'NLB', toHost: 'tunnel' },
  ];
  expect(destinationOf(rules, 'nlb', 443)).toEqual({ host: 'nlb', port: 8443 });
  expect(destinationOf(rules, 'nlb', 80)).toEqual({ host: 'tunnel', port: 80 });
  expect(destinationOf(rules, 'other', 80)).toEqual({ host: 'other', port: 80 });
});

const health = (exit: 0 | 3 | 8): Verdict => ({
  state: exit === 0 ? 'ready' : exit === 3 ? 'degraded' : 'unknown',
  exit,
  ports: [],
  problems: [],
  skips: [],
  cautions: [],
});
const traffic = (exit: 0 | 3 | 8, command?: number): TrafficVerdict => ({
  state: health(exit).state,
  exit,
  identifiedBy: null,
  skips: [],
  ports: [],
  problems: [],
  ...(command === undefined ? {} : { command: { words: ['x'], exit: command } }),
});

test.each([
  [0, 0, undefined, 0, 'ready'],
  [0, 3, undefined, 3, 'degraded'],
  [3, 0, 0, 3, 'degraded'],
  [3, 8, 1, 8, 'unknown'],
  [8, 3, undefined, 8, 'unknown'],
  [0, 0, 1, 1, 'command failed'],
  [0, 3, 7, 7, 'degraded'],
] as const)('bindings %d, traffic %d, command %s: exit %d', (one, other, command, exit, result) => {
  expect(verifyEnd(health(one), 2, traffic(other, command))).toMatchObject({ exit, result });
});
