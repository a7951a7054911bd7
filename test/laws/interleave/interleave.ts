import { commands } from './commands.ts';
import { loadOffTheWire } from './program.ts';
import { firstFault, type Tally } from './search.ts';

/**
 * The property over these seeds: none shows a fault of ours. It also expects that what was played
 * was worth it: commands that ended well, were refused and were killed, and targets that clusters
 * took from each other for other reasons than nlbmc.
 */
export function interleave(seeds: readonly number[]): void {
  const tally: Tally = { seeds: 0, runs: new Map(), losses: 0 };

  (seeds.length > 0 ? test : test.skip)(
    `no deregistration of another cluster's target is ours in ${seeds.length} schedules`,
    async () => {
      expect(await firstFault(await loadOffTheWire(), seeds, tally)).toBeUndefined();
      expect(tally.seeds).toBe(seeds.length);
    },
    // Only to end what hangs: a slow machine fails no test.
    1_000 * 60 + 10_000 * seeds.length,
  );

  (seeds.length >= 100 ? test : test.skip)('and they had something to show', () => {
    const { runs } = tally;
    for (const command of Object.keys(commands)) {
      expect([...runs.keys()]).toEqual(
        expect.arrayContaining([`${command} 0`, `${command} killed`]),
      );
    }
    const refused = [...runs].filter(([name]) => name.endsWith(' 5'));
    expect(refused.reduce((sum, [, count]) => sum + count, 0)).toBeGreaterThan(seeds.length / 4);
    // Of the seeds that hand over, most have no clusters that take targets from each other.
    expect(tally.losses).toBeGreaterThan(seeds.length / 20);
  });
}
