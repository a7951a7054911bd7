/** @isolated Modules of the program are replaced. */
import { mutants } from './mutants.ts';
import { loadProgram } from './program.ts';
import { firstFault } from './search.ts';
import { seedsOf } from './seeds.ts';

describe('law 5, in random interleavings: nlbmc without one of its refusals', () => {
  const seeds = [...seedsOf(0), ...seedsOf(1)].toSorted((a, b) => a - b);

  // With fewer seeds than in CI a mutant may live; that proves nothing.
  (seeds.length >= 500 ? test : test.skip).each(mutants)(
    '$name is found out',
    async ({ mutation }) => {
      const found = await firstFault(await loadProgram(mutation), seeds);
      expect(found).toMatch(/^SEED=\d+\n/);
    },
  );
});
