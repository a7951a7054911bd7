import type { ScenarioName } from '../../src/sandbox/scenarios/scenarios.ts';
import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import { fullSize } from '../full-size.ts';
import { endState } from './end-state.ts';
import { encounters, enough, faults, patiently, ruleFor } from './faults.ts';
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

/** What `enough` says where it is so for each fault. */
const always = Object.fromEntries(Object.keys(faults).map((met) => [met, true]));

/** In CI all of them are played, otherwise each second one. */
const all: readonly Changing[] = [...changing, ...changingByDocument, ...changingPeers];

describe('law 4: unreadable is not absent', () => {
  test.each<Changing>(all.filter((_, n) => fullSize || n % 3 === 0))(
    'a read that fails leads $name to no write, or is said to be missing',
    async ({ line, before, scenario }) => {
      const reads = await readsOf(line, before, scenario);
      expect(reads.length).toBeGreaterThan(8);
      const refused: string[] = [];
      await onStages({ before, scenario }, encounters(reads), async (stage, encounter, from) => {
        const { met, fault, read } = encounter;
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
          expect({ met, name, said }).toEqual({ met, name, said: true });
          return;
        }
        refused.push(met);
        const wrote = requests(from).filter((request) => request.mutating).length;
        expect({ met, name, code, wrote }).toEqual({
          met,
          name,
          code: [2, 5].includes(code) ? code : 8,
          wrote: 0,
        });
        expect({ met, name, problems }).not.toEqual({ met, name, problems: [] });
        // Refused for what could not be read, and not for something that seemed to be missing.
        const other = problems
          .map((problem) => problem.code)
          .filter((found) => !trouble.test(found));
        expect({ met, name, other }).toEqual({ met, name, other: [] });
        expect(endState(world)).toEqual(was);
      });
      expect(enough(refused)).toEqual(always);
    },
  );

  test('a read that fails leads verify to no green, or is said to be missing', async () => {
    const reads = await readsOf(VERIFY, 'joined');
    expect(reads.length).toBeGreaterThan(8);
    await onStage('joined', async (stage) => {
      const { nlbmc, world } = stage;
      for (const { met, fault, read } of encounters(reads)) {
        const remove = world.faults.add(ruleFor(read, fault));
        const { code, stdout } = await patiently(stage, fault, () => nlbmc(`${VERIFY} -o json`));
        const { problems, skips } = JSON.parse(stdout) as Told;
        const name = nameOf(read);
        if (code === 0) {
          const said = skips.length > 0 || hasSecondSource.test(name);
          expect({ met, name, said }).toEqual({ met, name, said: true });
        } else {
          expect({ met, name, code }).toEqual({ met, name, code: code === 2 ? 2 : 8 });
          expect({ met, name, problems }).not.toEqual({ met, name, problems: [] });
        }
        remove();
      }
      expect((await nlbmc(VERIFY)).code).toBe(0);
    });
  });
});
