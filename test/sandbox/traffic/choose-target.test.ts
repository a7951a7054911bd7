import type {
  TrafficGroup,
  TrafficTarget,
} from '../../../src/sandbox/aws/state/traffic-balancer.ts';
import {
  chooseGroup,
  chooseTarget,
  nodesInDns,
} from '../../../src/sandbox/traffic/choose-target.ts';
import { flowHash } from '../../../src/sandbox/traffic/flow.ts';

/** Targets written as `name@zone state`. */
function group(targets: readonly string[], o: Partial<TrafficGroup> = {}): TrafficGroup {
  return {
    protocol: 'TCP',
    proxyProtocol: false,
    arn: 'group',
    crossZone: false,
    keepsClient: false,
    sticky: false,
    inDns: { count: 1 },
    toRoute: { count: 1 },
    targets: targets.map((text) => {
      const [, id = '', zone = '', state] = /^(\w+)@(\w+) (\w+)$/.exec(text) ?? [];
      return { key: id, id, port: 80, zone, state: state as TrafficTarget['state'] };
    }),
    ...o,
  };
}

/** All targets that can be chosen in a zone, in order. */
const choosable = (one: TrafficGroup, zone: string): string[] => [
  ...new Set(Array.from({ length: 60 }, (_, i) => chooseTarget(one, zone, i / 60)?.id ?? 'nobody')),
];

const MIXED = ['a1@a healthy', 'a2@a unhealthy', 'b1@b healthy', 'x@all healthy'];

test.each<[string, readonly string[], Partial<TrafficGroup>, string[]]>([
  ['the healthy ones of the zone, and those of all zones', MIXED, {}, ['a1', 'x']],
  ['with cross-zone those of every zone', MIXED, { crossZone: true }, ['a1', 'b1', 'x']],
  ['no healthy one: all of the zone', ['a1@a unhealthy', 'b1@b healthy'], {}, ['a1']],
  ['fail-open takes new ones too', ['a1@a unhealthy', 'a2@a initial'], {}, ['a1', 'a2']],
  ['a new one gets nothing otherwise', ['a1@a healthy', 'a2@a initial'], {}, ['a1']],
  ['draining ones get nothing new', ['a1@a healthy', 'a2@a draining'], {}, ['a1']],
  ['nor in fail-open', ['a1@a unhealthy', 'a2@a draining', 'a3@a unused'], {}, ['a1']],
  ['only draining ones', ['a1@a draining'], {}, ['nobody']],
  ['none in the zone', ['b1@b healthy'], {}, ['nobody']],
  [
    'fewer healthy than the minimum: all',
    ['a1@a healthy', 'a2@a unhealthy'],
    { toRoute: { count: 2 } },
    ['a1', 'a2'],
  ],
  [
    'a smaller share than the minimum: all',
    ['a1@a healthy', 'a2@a unhealthy', 'a3@a unhealthy'],
    { toRoute: { count: 1, percentage: 50 } },
    ['a1', 'a2', 'a3'],
  ],
])('targets: %s', (_, targets, settings, expected) => {
  expect(choosable(group(targets, settings), 'a')).toEqual(expected);
});

const NODES = ['a', 'b', 'c'].map((zone) => ({ zone, address: `10.0.0.${zone}` }));

test.each<[string, TrafficGroup[], string]>([
  ['nodes with a healthy target', [group(['1@a healthy', '2@b healthy'])], 'ab'],
  ['a zone of unhealthy ones is out', [group(['1@a healthy', '2@b unhealthy'])], 'a'],
  ['all unhealthy: all nodes', [group(['1@a unhealthy'])], 'abc'],
  ['cross-zone: one healthy is good for all', [group(['1@a healthy'], { crossZone: true })], 'abc'],
  ['every group counts', [group(['1@a healthy', '2@b healthy']), group(['3@b healthy'])], 'b'],
  ['a higher minimum', [group(['1@a healthy', '2@b healthy'], { inDns: { count: 2 } })], 'abc'],
])('DNS: %s', (_, groups, expected) => {
  expect(
    nodesInDns(NODES, groups)
      .map(({ zone }) => zone)
      .join(''),
  ).toBe(expected);
});

test.each<[string, [string, number][], number, string | undefined]>([
  ['the only one', [['one', 1]], 0.99, 'one'],
  [
    'the first part',
    [
      ['one', 3],
      ['two', 1],
    ],
    0.74,
    'one',
  ],
  [
    'the rest',
    [
      ['one', 3],
      ['two', 1],
    ],
    0.75,
    'two',
  ],
  [
    'weight zero gets nothing',
    [
      ['one', 0],
      ['two', 1],
    ],
    0,
    'two',
  ],
  ['only zeros', [['one', 0]], 0, undefined],
])('weights: %s', (_, forwards, dice, expected) => {
  const list = forwards.map(([arn, weight]) => ({ arn, weight }));
  expect(chooseGroup(list, dice)).toBe(expected);
});

describe('the hash of a flow', () => {
  const flow = (port: number, address = '127.0.0.1') => ({
    source: { address, port },
    destination: { address: '10.0.0.1', port: 80 },
  });

  test('is the same for the same flow, and another for another', () => {
    expect(flowHash(flow(1), 'x')).toBe(flowHash(flow(1), 'x'));
    expect(flowHash(flow(1), 'x')).not.toBe(flowHash(flow(2), 'x'));
    expect(flowHash(flow(1), 'x')).not.toBe(flowHash(flow(1), 'y'));
  });

  test('spreads neighbouring ports evenly', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let port = 30_000; port < 40_000; port++) {
      const tenth = Math.floor(flowHash(flow(port), 'x') * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  test('of a sticky group looks at the source address only', () => {
    expect(flowHash(flow(1), 'x', true)).toBe(flowHash(flow(2), 'x', true));
    expect(flowHash(flow(1), 'x', true)).not.toBe(flowHash(flow(1, '127.0.0.2'), 'x', true));
  });
});
