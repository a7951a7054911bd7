import {
  acceptsRemoving,
  capacityOf,
  type Floors,
  shortfalls,
} from '../../../src/core/observed/capacity.ts';
import { known } from '../../../src/core/model/problem.ts';
import { arnOf } from '../cluster-builder.ts';
import { forbidden, observed, registered, unreadable, type WorldParts } from '../world.ts';

const crossZone = 'load_balancing.cross_zone.enabled';
const floors: Floors = { minHealthy: 1 };

/** Targets `ip:port state zone`; those of 10.0.2.x leave. */
function look(
  targets: readonly string[],
  attribute: string | undefined,
  o: Partial<WorldParts> = {},
) {
  const list = targets.map((text) => {
    const [address = '', state = '', zone] = text.split(' ');
    return { ...registered(`${address} ${state}`), ...(zone === undefined ? {} : { zone }) };
  });
  const world = observed({
    clusters: [],
    targets: { 80: [] },
    group: {
      targets: known(list),
      attributes: known(attribute === undefined ? {} : { [crossZone]: attribute }),
    },
    ...o,
  });
  const group = world.targetGroups[arnOf(80)];
  const all = group?.ok && group.value.targets.ok ? group.value.targets.value : list;
  const leaving = new Set(
    all
      .map(({ target }) => `${target.id}:${target.port}`)
      .filter((key) => key.startsWith('10.0.2.')),
  );
  const capacity = capacityOf(world, { arn: arnOf(80), port: 80, leaving });
  return capacity;
}

const found = (
  targets: readonly string[],
  attribute: string | undefined,
  given: Floors = floors,
  o: Partial<WorldParts> = {},
): string[] => {
  const capacity = look(targets, attribute, o);
  if (!capacity.ok) throw new Error(capacity.problem.message);
  return shortfalls(capacity.value, given).map(
    ({ kind, zone, healthy, staying, floor, targets: hurt }) =>
      `${kind}${zone === undefined ? '' : ` ${zone}`}: ${healthy} -> ${staying} < ${floor}, saves ${hurt.length}`,
  );
};

const a = 'us-east-1a';
const b = 'us-east-1b';
const on = 'true';
const off = 'false';

test.each<[string, string[], string, Floors, string[]]>([
  ['others stay healthy', [`10.0.1.1:80 healthy ${a}`, `10.0.2.1:80 healthy ${a}`], on, floors, []],
  [
    'the last healthy ones leave',
    [`10.0.1.1:80 unhealthy ${a}`, `10.0.2.1:80 healthy ${a}`, `10.0.2.2:80 healthy ${b}`],
    on,
    floors,
    ['port: 2 -> 0 < 1, saves 2'],
  ],
  [
    'draining, initial and unhealthy ones do not stay for anybody',
    [
      `10.0.1.1:80 draining ${a}`,
      `10.0.1.2:80 initial ${a}`,
      `10.0.1.3:80 unused ${a}`,
      `10.0.2.1:80 healthy ${a}`,
    ],
    on,
    floors,
    ['port: 1 -> 0 < 1, saves 1'],
  ],
  [
    'a floor that is raised',
    [`10.0.1.1:80 healthy ${a}`, `10.0.2.1:80 healthy ${a}`],
    on,
    { minHealthy: 2 },
    ['port: 2 -> 1 < 2, saves 1'],
  ],
  [
    'nothing is lost where nothing leaves, however little is there',
    [`10.0.1.1:80 healthy ${a}`, `10.0.2.1:80 draining ${a}`],
    on,
    { minHealthy: 5 },
    [],
  ],
  [
    'unhealthy ones leave next to healthy ones below the floor',
    [`10.0.1.1:80 healthy ${a}`, `10.0.2.1:80 unhealthy ${a}`],
    on,
    { minHealthy: 5 },
    [],
  ],
  [
    'nothing is healthy: the load balancer sends to all that are in use',
    [`10.0.1.1:80 unhealthy ${a}`, `10.0.2.1:80 unhealthy ${a}`, `10.0.2.2:80 unused ${a}`],
    on,
    floors,
    ['fail-open: 0 -> 0 < 1, saves 1'],
  ],
  [
    'a zone is emptied, and cross-zone is off',
    [`10.0.1.1:80 healthy ${a}`, `10.0.2.1:80 healthy ${a}`, `10.0.2.2:80 healthy ${b}`],
    off,
    floors,
    [`zone ${b}: 1 -> 0 < 1, saves 1`],
  ],
  [
    'the same with cross-zone on is no loss',
    [`10.0.1.1:80 healthy ${a}`, `10.0.2.1:80 healthy ${a}`, `10.0.2.2:80 healthy ${b}`],
    on,
    floors,
    [],
  ],
  [
    'a floor for each zone counts with cross-zone on, too',
    [`10.0.1.1:80 healthy ${a}`, `10.0.2.1:80 healthy ${a}`, `10.0.2.2:80 healthy ${b}`],
    on,
    { minHealthy: 1, minHealthyPerZone: 1 },
    [`zone ${b}: 1 -> 0 < 1, saves 1`],
  ],
  [
    'a target of all zones stays for each of them',
    ['10.0.1.1:80 healthy all', `10.0.2.1:80 healthy ${a}`, `10.0.2.2:80 healthy ${b}`],
    off,
    floors,
    [],
  ],
  [
    'targets of all zones leave the last ones of a zone',
    [`10.0.1.1:80 healthy ${a}`, '10.0.2.1:80 healthy all'],
    off,
    floors,
    [`zone ${b}: 1 -> 0 < 1, saves 1`],
  ],
  [
    'a zone that nothing tells is no zone that is safe',
    [`10.0.1.1:80 healthy ${a}`, '10.0.1.2:80 healthy', `10.0.2.1:80 healthy ${a}`],
    off,
    floors,
    ['zone-unknown: 3 -> 2 < 1, saves 1'],
  ],
])('%s', (_, targets, attribute, given, expected) => {
  expect(found(targets, attribute, given)).toEqual(expected);
});

describe('cross-zone', () => {
  const split = [`10.0.1.1:80 healthy ${a}`, `10.0.2.1:80 healthy ${b}`];
  const balancer = (value: string): Partial<WorldParts> => ({
    balancer: { attributes: known({ [crossZone]: value }) },
  });

  test('is that of the load balancer where the target group says so, or nothing', () => {
    expect(found(split, 'use_load_balancer_configuration', floors, balancer(on))).toEqual([]);
    expect(found(split, undefined, floors, balancer(off))).toHaveLength(1);
    expect(found(split, on, floors, balancer(off))).toEqual([]);
    expect(found(split, off, floors, balancer(on))).toHaveLength(1);
  });

  test('is off where neither has the attribute, as AWS has it', () => {
    expect(found(split, undefined)).toHaveLength(1);
  });

  test('is unknown where what decides could not be read', () => {
    expect(look(split, undefined, { balancer: { attributes: unreadable() } })).toEqual({
      ok: false,
      problem: forbidden,
    });
    expect(look(split, on, { balancer: { attributes: unreadable() } }).ok).toBe(true);
    expect(look(split, on, { group: { attributes: unreadable() } }).ok).toBe(false);
  });
});

test('the zone of an instance is that of its node, or what EC2 says', () => {
  const addressEvidence = { 'i-2': { gone: false, zone: b } };
  const world = observed({
    clusters: [],
    targets: { 80: ['i-1:30080', 'i-2:30080'] },
    group: { attributes: known({ [crossZone]: off }) },
    addressEvidence,
  });
  const capacity = capacityOf(world, { arn: arnOf(80), port: 80, leaving: new Set() });
  expect(capacity).toMatchObject({ value: { withoutZone: 1, staying: 2 } });
});

test('the override is the exact number, and never one of nothing', () => {
  expect(acceptsRemoving(4, 4)).toBe(true);
  expect(acceptsRemoving(4, 3)).toBe(false);
  expect(acceptsRemoving(4, undefined)).toBe(false);
  expect(acceptsRemoving(0, 0)).toBe(false);
});

test('an impaired load balancer: each zone has to do alone, with cross-zone on, too', () => {
  const targets = [`10.0.1.1:80 healthy ${a}`, `10.0.2.1:80 healthy ${b}`];
  expect(found(targets, 'true')).toEqual([]);
  expect(found(targets, 'true', floors, { balancer: { state: 'active_impaired' } })).toEqual([
    `zone ${b}: 1 -> 0 < 1, saves 1`,
  ]);
});

test('what is healthy in a zone that is shifted away carries nobody', () => {
  const away = { ...registered('10.0.1.1:80 healthy'), zone: a, shifted: true as const };
  const there = { ...registered('10.0.2.1:80 healthy'), zone: b };
  const o = {
    group: { targets: known([away, there]), attributes: known({ [crossZone]: 'true' }) },
  };
  expect(found([], 'true', floors, o)).toEqual(['port: 1 -> 0 < 1, saves 1']);
});
