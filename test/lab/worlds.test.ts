import { scenarios } from './scenarios/all.ts';
import { lanesOf } from './worlds.ts';

const worlds = lanesOf(scenarios).flat();

test('every scenario is played in exactly one world', () => {
  const played = worlds.flatMap((world) => world.scenarios);
  expect(played.length).toBe(scenarios.length);
  expect(new Set(played)).toEqual(new Set(scenarios));
  expect(new Set(worlds.map(({ name }) => name)).size).toBe(worlds.length);
});

test('what stops a controller never shares its world at the same time', () => {
  for (const world of worlds.filter(({ how }) => how === 'at-once')) {
    expect(world.scenarios.filter(({ place }) => place === 'alone')).toEqual([]);
  }
});

test('what needs a fresh world is the first there, and what ends one is the last', () => {
  const turned = scenarios.filter(({ turn }) => turn);
  expect(turned.length).toBeGreaterThan(0);
  for (const scenario of turned) {
    const world = worlds.find((one) => one.scenarios.includes(scenario))?.scenarios ?? [];
    expect(world.at(scenario.turn === 'first' ? 0 : -1)).toBe(scenario);
  }
});

test('one scenario alone has one world', () => {
  for (const scenario of scenarios) expect(lanesOf([scenario]).flat().length).toBe(1);
});
