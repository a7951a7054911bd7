import type { Report } from '../../src/core/plan/report.ts';
import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import { endState } from './end-state.ts';
import { type Encounter, encounters, enough, faults, patiently, ruleFor } from './faults.ts';
import { nameOf, onStage, onStages, PRI, SEC, type Stage } from './stage.ts';

const LEAVE = `leave nginx --context ${SEC} --primary ${PRI} --yes`;

/** Reads that have a second source, so that nothing is missing when the first is closed to a person. */
const hasSecondSource = /deployments|targetgroupbindings(\?|$)|customresourcedefinitions/;

/** Codes of what went wrong on the wire: no statement on the world. */
const trouble = /^(api|aws|answer|credentials)-/;

interface Way {
  readonly name: string;
  readonly line: string;
  readonly arrange?: (stage: Stage) => void;
}

const ways: readonly Way[] = [
  { name: 'leave', line: LEAVE },
  {
    name: 'leave --without-controller',
    line: `${LEAVE} --without-controller`,
    arrange: ({ world }: Stage) => {
      world.cluster(SEC).lbc.uninstall();
      world.settle();
    },
  },
];

/** Everything that a plan asks for, dry runs of writes included. */
const readsOf = ({ line, arrange }: Way): Promise<JournalEntry[]> =>
  onStage('joined', async (stage) => {
    arrange?.(stage);
    const from = stage.world.journal.entries.length;
    expect((await stage.nlbmc(`${line} --dry-run`)).code).toBe(0);
    const name = (entry: JournalEntry): string => nameOf(entry).split('?')[0] ?? '';
    return [...new Map(stage.requests(from).map((entry) => [name(entry), entry])).values()];
  });

describe('law 4: unreadable is not absent', () => {
  test.each(ways)(
    'a read that fails leads $name to no write, or is said to be missing',
    async (way) => {
      const reads = await readsOf(way);
      expect(reads.length).toBeGreaterThan(8);
      const refused: string[] = [];
      const refusesFor = async (
        stage: Stage,
        { met, fault, read }: Encounter<JournalEntry>,
        from: number,
      ) => {
        const name = nameOf(read);
        const { world, nlbmc, requests } = stage;
        const was = endState(world);
        const giveBack = world.faults.add(ruleFor(read, fault));
        const { code, stdout } = await patiently(stage, fault, () => nlbmc(`${way.line} -o json`));
        giveBack();
        const { problems, skips, cautions } = JSON.parse(stdout) as Report;
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
        const other = problems
          .map((problem) => problem.code)
          .filter((found) => !trouble.test(found));
        expect({ met, name, problems: problems.length > 0, other }).toEqual({
          met,
          name,
          problems: true,
          other: [],
        });
        expect(endState(world)).toEqual(was);
      };
      // A read that hangs takes its time in every try: one of the ways has to do.
      const met = Object.keys(faults).filter((one) => one !== 'timeout' || way === ways[0]);
      await onStages({ before: 'joined' }, encounters(reads, met, true), refusesFor, way.arrange);
      expect(enough(refused, met)).toEqual(Object.fromEntries(met.map((one) => [one, true])));
    },
  );
});
