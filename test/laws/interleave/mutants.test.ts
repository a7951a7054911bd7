/** @isolated Modules of the program are replaced. */
import { fullSize } from '../../full-size.ts';
import { mutants } from './mutants.ts';
import { loadProgram } from './program.ts';
import { faultsIn, firstFault } from './search.ts';
import { seedsOf } from './seeds.ts';

describe('in random interleavings: nlbmc without one of its refusals', () => {
  const seeds = [...seedsOf(0), ...seedsOf(1)].toSorted((a, b) => a - b);

  // With fewer seeds than in CI a mutant may live; that proves nothing.
  (seeds.length >= 500 ? test : test.skip).each(mutants.filter(({ rare }) => rare === undefined))(
    '$name is found out',
    async ({ mutation }) => {
      const found = await firstFault(await loadProgram(...[mutation].flat()), seeds);
      expect(found).toMatch(/^SEED=\d+\n/);
    },
  );
});

describe('in a schedule that needs it', () => {
  const shown = mutants.flatMap(({ shown: schedule, ...mutant }) =>
    schedule ? [{ ...mutant, schedule }] : [],
  );

  // Outside CI one of them.
  test.each(shown.filter((_, n) => fullSize || n === 0))(
    '$name is found out, and nlbmc as it is is not to blame',
    async ({ mutation, schedule }) => {
      expect(await faultsIn(await loadProgram(), schedule)).toEqual([]);
      expect(await faultsIn(await loadProgram(...[mutation].flat()), schedule)).not.toEqual([]);
    },
  );
});
