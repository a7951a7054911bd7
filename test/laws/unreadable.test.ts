import type { ScenarioName } from '../../src/sandbox/scenarios/scenarios.ts';
import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import { endState } from './end-state.ts';
import { faults, FEWEST_REFUSED, meeting, patiently, ruleFor } from './faults.ts';
import {
  changing,
  changingByDocument,
  changingPeers,
  nameOf,
  onStage,
  onStages,
  type Progress,
  VERIFY,
} from './stage.ts';

/** Reads that have a second source, so that nothing is missing when the first is closed to a person. */
const hasSecondSource = /deployments|targetgroupbindings(\?|$)|customresourcedefinitions/;

/** The distinct reads of an undisturbed run, dry runs of writes included. */
const readsOf = (
  line: string,
  before: Progress,
  scenario?: ScenarioName,
): Promise<JournalEntry[]> =>
  onStage(
    before,
    async ({ nlbmc, requests }) => {
      expect((await nlbmc(line)).code).toBe(0);
      const reads = requests().filter((request) => !request.mutating);
      const name = (entry: JournalEntry): string => nameOf(entry).split('?')[0] ?? '';
      return [...new Map(reads.map((entry) => [name(entry), entry])).values()];
    },
    scenario,
  );

/** Codes of what went wrong on the wire: no statement on the world. */
const trouble = /^(api|aws|answer|credentials)-/;

interface Changing {
  readonly name: string;
  readonly line: string;
  readonly before: Progress;
  readonly scenario?: ScenarioName;
}

interface Told {
  readonly problems: readonly { readonly code: string }[];
  readonly skips: readonly { readonly code: string }[];
  readonly cautions: readonly { readonly code: string }[];
}

describe('law 4: unreadable is not absent', () => {
  describe.each(Object.entries(faults))('a read that meets %s', (met, fault) => {
    test.each<Changing>([...changing, ...changingByDocument, ...changingPeers])(
      'leads $name to no write, or is said to be missing',
      async ({ line, before, scenario }) => {
        const reads = await readsOf(line, before, scenario);
        expect(reads.length).toBeGreaterThan(8);
        const refused: string[] = [];
        await onStages({ before, scenario }, meeting(met, reads), async (stage, read, from) => {
          const { nlbmc, requests, world } = stage;
          const name = nameOf(read);
          const was = endState(world);
          const giveBack = world.faults.add(ruleFor(read, fault));
          const { code, stdout } = await patiently(stage, fault, () =>
            nlbmc(`${line} --yes -o json`),
          );
          giveBack();
          const { problems, skips, cautions } = JSON.parse(stdout) as Told;
          if (code === 0) {
            // Not needed: the answer is right without it, and says what it could not look at.
            const said = skips.length + cautions.length > 0 || hasSecondSource.test(name);
            expect({ name, said }).toEqual({ name, said: true });
            return;
          }
          refused.push(name);
          const wrote = requests(from).filter((request) => request.mutating).length;
          expect({ name, code, wrote }).toEqual({
            name,
            code: [2, 5].includes(code) ? code : 8,
            wrote: 0,
          });
          expect({ name, problems }).not.toEqual({ name, problems: [] });
          // Refused for what could not be read, and not for something that seemed to be missing.
          const other = problems
            .map((problem) => problem.code)
            .filter((found) => !trouble.test(found));
          expect({ name, other }).toEqual({ name, other: [] });
          expect(endState(world)).toEqual(was);
        });
        expect(refused.length).toBeGreaterThanOrEqual(FEWEST_REFUSED);
      },
    );

    test('leads verify to no green, or is said to be missing', async () => {
      const reads = await readsOf(VERIFY, 'joined');
      expect(reads.length).toBeGreaterThan(8);
      await onStage('joined', async (stage) => {
        const { nlbmc, world } = stage;
        for (const read of meeting(met, reads)) {
          const remove = world.faults.add(ruleFor(read, fault));
          const { code, stdout } = await patiently(stage, fault, () => nlbmc(`${VERIFY} -o json`));
          const { problems, skips } = JSON.parse(stdout) as Told;
          const name = nameOf(read);
          if (code === 0) {
            const said = skips.length > 0 || hasSecondSource.test(name);
            expect({ name, said }).toEqual({ name, said: true });
          } else {
            expect({ name, code }).toEqual({ name, code: code === 2 ? 2 : 8 });
            expect({ name, problems }).not.toEqual({ name, problems: [] });
          }
          remove();
        }
        expect((await nlbmc(VERIFY)).code).toBe(0);
      });
    });
  });
});
