import type { Scenario } from './stage.ts';

/** A world of the lab, and what is played in it. */
export interface PlannedWorld {
  /** Its folder's, and its clusters' share of etcd. */
  readonly name: string;
  readonly scenarios: readonly Scenario[];
  /** All at the same time, or one after another, each with controllers as they were at first. */
  readonly how: 'at-once' | 'in-turn';
}

/** Those that stop controllers share so many worlds. */
const ALONE = 2;
/** And so many those with elections, which wait longest. */
const ELECTED = 3;

/**
 * The worlds that these scenarios need, in lanes: the worlds of one lane stand one after another, the
 * lanes beside each other. What is played in a world mostly waits, so there is time for others.
 */
export function lanesOf(scenarios: readonly Scenario[]): readonly (readonly PlannedWorld[])[] {
  const at = (place: Scenario['place']) => scenarios.filter((one) => one.place === place);
  const apart = at('apart');
  const ipv6 = apart.filter(({ ipFamily }) => ipFamily === 'IPv6');
  const elected = apart.filter(({ elections }) => elections);
  const single = apart.filter((one) => ![...ipv6, ...elected].includes(one));
  const worlds: readonly (readonly PlannedWorld[])[] = [
    // Those that take longest start first.
    ...inTurns(at('alone'), ALONE).map((some, n): PlannedWorld[] => [
      { name: `alone-${n + 1}`, scenarios: some, how: 'in-turn' },
    ]),
    ...inTurns(elected, ELECTED).map((some, n): PlannedWorld[] => [
      { name: `handover-${n + 1}`, scenarios: some, how: 'in-turn' },
    ]),
    [{ name: 'beside', scenarios: at('beside'), how: 'at-once' }],
    [
      ...single.map((one): PlannedWorld => ({ name: one.name, scenarios: [one], how: 'at-once' })),
      { name: 'ipv6', scenarios: ipv6, how: 'at-once' },
    ],
  ];
  return worlds
    .map((lane) => lane.filter((world) => world.scenarios.length > 0))
    .filter((lane) => lane.length > 0);
}

/** As many to each world, by their turn: those for a fresh world first, and what ends a world last. */
function inTurns(scenarios: readonly Scenario[], count: number): readonly (readonly Scenario[])[] {
  const turns = ['first', undefined, 'last'] as const;
  const worlds = Array.from({ length: count }, (): Scenario[] => []);
  for (const turn of turns) {
    for (const scenario of scenarios.filter((one) => one.turn === turn)) {
      const free = worlds.filter((some) => !turn || some.every((one) => one.turn !== turn));
      const [least] = free.toSorted((a, b) => a.length - b.length);
      if (!least) throw new Error(`no world is left in which ${scenario.name} could be ${turn}`);
      least.push(scenario);
    }
  }
  return worlds;
}
