import type { FaultRule } from '../../src/sandbox/faults.ts';
import type { JournalEntry } from '../../src/sandbox/journal.ts';
import { endState } from './end-state.ts';
import { changing, nameOf, onStage, type Progress, VERIFY } from './stage.ts';

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A rule that hits every request for the same thing as `entry`, whatever its query. */
const ruleFor = (
  entry: JournalEntry,
  fault: Partial<FaultRule> & Pick<FaultRule, 'kind'>,
): FaultRule => ({
  ...fault,
  world: entry.world,
  ...(entry.cluster ? { cluster: entry.cluster } : {}),
  match: new RegExp(
    entry.world === 'aws'
      ? `^${escape(entry.action ?? '')}$`
      : `^${entry.verb} ${escape(entry.path?.split('?')[0] ?? '')}(\\?|$)`,
  ),
});

const faults = {
  403: { kind: 'status', status: 403 },
  500: { kind: 'status', status: 500 },
  cut: { kind: 'cut' },
  timeout: { kind: 'hang' },
} as const;

/** The distinct reads of an undisturbed run, dry runs of writes included. */
const readsOf = (line: string, before: Progress): Promise<JournalEntry[]> =>
  onStage(before, async ({ nlbmc, requests }) => {
    expect((await nlbmc(line)).code).toBe(0);
    const reads = requests().filter((request) => !request.mutating);
    const name = (entry: JournalEntry): string => nameOf(entry).split('?')[0] ?? '';
    return [...new Map(reads.map((entry) => [name(entry), entry])).values()];
  });

describe('law 4: unreadable is not absent', () => {
  describe.each(Object.entries(faults))('a read that meets %s', (_, fault) => {
    test.each(changing)(
      'leads $name to no write, or was said to be missing',
      async ({ line, before }) => {
        const reads = await readsOf(line, before);
        expect(reads.length).toBeGreaterThan(8);
        let refused = 0;
        for (const read of reads) {
          await onStage(before, async ({ nlbmc, requests, world }) => {
            const was = endState(world);
            world.faults.add(ruleFor(read, fault));
            const { code, stdout } = await nlbmc(`${line} --yes -o json --request-timeout 150ms`);
            const report = JSON.parse(stdout) as {
              problems: { message: string }[];
              skips: { message: string }[];
              cautions: { message: string }[];
            };
            const wrote = requests().filter((request) => request.mutating);
            const read_ = nameOf(read);
            if (code === 0) {
              // Not needed: the answer is right without it, and says what it could not look at.
              expect({ read_, end: report.skips.length + report.cautions.length }).not.toEqual({
                read_,
                end: 0,
              });
              return;
            }
            refused++;
            expect({ read_, code, wrote: wrote.length }).toEqual({
              read_,
              code: expect.any(Number),
              wrote: 0,
            });
            expect([2, 5, 8]).toContain(code);
            expect({ read_, problems: report.problems.length }).not.toEqual({ read_, problems: 0 });
            expect(endState(world)).toEqual(was);
          });
        }
        expect(refused).toBeGreaterThan(4);
      },
      240_000,
    );

    test('leads verify to no green', async () => {
      const reads = await readsOf(VERIFY, 'joined');
      expect(reads.length).toBeGreaterThan(8);
      await onStage('joined', async ({ nlbmc, world }) => {
        for (const read of reads) {
          const remove = world.faults.add(ruleFor(read, fault));
          const { code, stdout } = await nlbmc(`${VERIFY} -o json --request-timeout 150ms`);
          const { problems, skips } = JSON.parse(stdout) as {
            problems: unknown[];
            skips: unknown[];
          };
          const name = nameOf(read);
          if (code === 0) expect({ name, skips: skips.length }).not.toEqual({ name, skips: 0 });
          else {
            expect({ name, code }).toEqual({ name, code: code === 2 ? 2 : 8 });
            expect({ name, problems: problems.length }).not.toEqual({ name, problems: 0 });
          }
          remove();
        }
        expect((await nlbmc(VERIFY)).code).toBe(0);
      });
    }, 240_000);
  });
});
