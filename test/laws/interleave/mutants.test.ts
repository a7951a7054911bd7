/** @shared Modules of nlbmc are replaced by hooks of Node. */
import { handoverChecks } from '../../../src/core/handover/checks.ts';
import { fullSize } from '../../full-size.ts';
import { shownBlockers, unshownBlockers } from './handover-mutants.ts';
import { mutants } from './mutants.ts';
import { loadOffTheWire } from './program.ts';
import { scheduleOf } from './schedule.ts';
import { faultsIn, firstFault, firstSeed } from './search.ts';
import { seedsOf } from './seeds.ts';

describe('in random interleavings: nlbmc without one of its refusals', () => {
  const seeds = [...seedsOf(0), ...seedsOf(1)].toSorted((a, b) => a - b);

  // With fewer seeds than in CI a mutant may live; that proves nothing.
  const inFull = seeds.length >= 500 ? test : test.skip;
  const [first, ...others] = mutants.filter(({ rare }) => rare === undefined);

  inFull.each(others)('$name is found out', async ({ mutation }) => {
    expect(await firstSeed(await loadOffTheWire(...[mutation].flat()), seeds)).toBeDefined();
  });

  // For one of them: to find the smallest schedule takes longer than to find a schedule.
  inFull(`${first?.name} is found out, told by the smallest schedule that does`, async () => {
    const found = await firstFault(
      await loadOffTheWire(...(first ? [first.mutation].flat() : [])),
      seeds,
    );
    const seed = Number(/^SEED=(\d+)\n/.exec(found ?? '')?.[1]);
    const told = found?.match(/^ *[\d.]+ s {2}[\w-]+ [\w-]+ \(n=\d+\)/gm) ?? [];
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(scheduleOf(seed).length);
  });
});

test('each blocker of a handover has a mutant, or a reason why it has none', () => {
  const blockers = handoverChecks.filter(({ severity }) => severity === 'blocker');
  const told = [...new Set(shownBlockers), ...Object.keys(unshownBlockers)];
  expect(told.toSorted()).toEqual([...new Set<string>(blockers.map(({ id }) => id))].toSorted());
});

describe('in a schedule that needs it', () => {
  const shown = mutants.flatMap(({ shown: schedule, ...mutant }) =>
    schedule ? [{ ...mutant, schedule }] : [],
  );

  // Outside CI one of them.
  test.each(shown.filter((_, n) => fullSize || n === 0))(
    '$name is found out, and nlbmc as it is is not to blame',
    async ({ mutation, schedule }) => {
      expect(await faultsIn(await loadOffTheWire(), schedule)).toEqual([]);
      expect(await faultsIn(await loadOffTheWire(...[mutation].flat()), schedule)).not.toEqual([]);
    },
  );
});
