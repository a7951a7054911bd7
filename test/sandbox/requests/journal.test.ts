import { VirtualClock } from '../../../src/sandbox/time/clock.ts';
import { Journal } from '../../../src/sandbox/requests/journal.ts';

const entry = {
  world: 'aws',
  actor: 'test',
  action: 'sts.GetCallerIdentity',
  status: 200,
  mutating: false,
  source: 'http',
} as const;

describe('a journal', () => {
  test('numbers all that happened', () => {
    const journal = new Journal(new VirtualClock());
    for (let i = 0; i < 3; i++) journal.add(entry);
    expect(journal.entries.map(({ n }) => n)).toEqual([1, 2, 3]);
  });

  test('told to, keeps only the last entries, with the numbers they had', () => {
    const journal = new Journal(new VirtualClock());
    journal.keepLast(100);
    for (let i = 0; i < 10_000; i++) journal.add(entry);
    expect(journal.entries.length).toBeLessThanOrEqual(110);
    expect(journal.entries.length).toBeGreaterThanOrEqual(100);
    expect(journal.entries.at(-1)?.n).toBe(10_000);
  });
});
