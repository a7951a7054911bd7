import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import { type Outcome, runNlbmc, writesSince } from '../commands/harness.ts';
import { balancersOf, groupsOf, healthyIn, type Scene } from '../commands/handover/watched.ts';
import { onShared, type Way } from '../commands/handover/ways.ts';
import { fullSize } from '../full-size.ts';
import { endState, shape } from './end-state.ts';
import { type Encounter, encounters, faults, patiently, ruleFor } from './faults.ts';
import { nameOf } from './stage.ts';

const FORWARD = 'handover nginx --old old --new new --yes';
const BACK = `${FORWARD} --back`;
const NOBODY = 'handover nginx --old old --new nobody --context new --yes';
const LOST = `${FORWARD} --lost --accept old-answers`;
const REPLACE = 'replace nginx --old old --new new --no-record --yes';

/** What has been typed by then, and the line whose reads fail. */
type Leg = readonly [earlier: string | undefined, line: string];

interface Journey {
  readonly name: string;
  readonly way?: Way;
  /** Played one after the other in one world. */
  readonly legs: readonly Leg[];
}

const journeys: readonly Journey[] = [
  {
    name: 'a handover, gone on with after each phase, and the way back',
    legs: [
      [undefined, FORWARD],
      [`${FORWARD} --until release`, FORWARD],
      [`${FORWARD} --until retag`, FORWARD],
      [`${FORWARD} --until restart`, FORWARD],
      [`${FORWARD} --until adopt`, FORWARD],
      [FORWARD, BACK],
    ],
  },
  {
    name: 'a handover to nobody, and the way back',
    legs: [
      [undefined, NOBODY],
      [`${NOBODY} --until release`, NOBODY],
      [NOBODY, `${NOBODY} --back`],
    ],
  },
  {
    name: 'a handover from a cluster that is lost',
    legs: [
      [undefined, LOST],
      [`${LOST} --until retag`, LOST],
    ],
  },
  {
    name: 'the way back after each phase',
    legs: [
      [`${FORWARD} --until release`, BACK],
      [`${FORWARD} --until retag`, BACK],
      [`${FORWARD} --until adopt`, BACK],
    ],
  },
  {
    name: 'a handover to a cluster that has not joined, or its replace',
    way: { joined: false },
    legs: [
      [undefined, FORWARD],
      [undefined, REPLACE],
      ['join nginx --context new --primary old --yes', REPLACE],
      [`${FORWARD} --until restart`, REPLACE],
    ],
  },
];

/**
 * Reads that have a second source. Events only tell why something that is missing is not there. Attributes of
 * target groups tell how long the old cluster drains, which is planned once the load balancer is handed over.
 */
const hasSecondSource =
  /deployments|targetgroupbindings(\?|$)|customresourcedefinitions|\/events$|namespaces\/kube-system$|DescribeTargetGroupAttributes$/;

interface Told {
  readonly problems: readonly { readonly code: string }[];
  readonly skips: readonly unknown[];
  readonly cautions: readonly unknown[];
}
const told = ({ stdout }: Outcome): Told => JSON.parse(stdout) as Told;
const asides = ({ skips, cautions }: Told): number => skips.length + cautions.length;

const type = ({ sandbox }: Scene, line: string) => runNlbmc(sandbox, line);

async function reach(scene: Scene, line: string): Promise<void> {
  const { code, stdout } = await type(scene, line);
  if (code !== 0) throw new Error(`${line} ended with ${code}:\n${stdout}`);
}

const pathOf = (entry: JournalEntry): string => nameOf(entry).split('?')[0] ?? '';

/** The distinct reads since an entry of the journal, dry runs of writes included. */
const readsSince = ({ world }: Scene, from: number): readonly JournalEntry[] => {
  const all = world.journal.entries.slice(from);
  const reads = all.filter(({ source, mutating }) => source === 'http' && !mutating);
  return [...new Map(reads.map((entry) => [pathOf(entry), entry]))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => entry);
};

const kinds = Object.entries(faults);

/**
 * The reads of a leg with the faults that they meet. In CI those of the very first leg meet each, the others one of
 * them, in turn. Outside CI each twelfth read meets one.
 */
const meetingsOf = (reads: readonly JournalEntry[], leg: number, first: boolean) =>
  fullSize && first
    ? encounters(reads)
    : reads.flatMap((read, n): readonly Encounter<JournalEntry>[] => {
        const [met, fault] = kinds[(n + leg) % kinds.length]!;
        return fullSize || n % 12 === leg % 12 ? [{ met, fault, read }] : [];
      });

describe('law 4: unreadable is not absent, when a load balancer is handed over', () => {
  test.each(journeys.filter((_, n) => fullSize || n === 0))(
    'where a read of $name fails, nothing is planned, or what it would have told is said to be missing',
    ({ way = {}, legs }) =>
      onShared(way, async (scene) => {
        const { world, sandbox } = scene;
        for (const [at, [earlier, line]] of legs.entries()) {
          if (earlier !== undefined) await reach(scene, earlier);
          const from = world.journal.entries.length;
          const asked = `${line} --dry-run --detailed-exitcode -o json`;
          const usual = await type(scene, asked);
          expect([earlier, line, usual.code]).toEqual([earlier, line, 4]);
          const reads = readsSince(scene, from);
          expect(reads.length).toBeGreaterThan(20);
          const first = line === FORWARD && earlier === undefined && way.joined !== false;
          let refused = 0;
          for (const { met, fault, read } of meetingsOf(reads, at, first)) {
            const remove = world.faults.add(ruleFor(read, fault));
            const found = await patiently(scene, fault, () => type(scene, asked));
            remove();
            const what = { earlier, line, met, name: pathOf(read) };
            const report = told(found);
            if (found.code === 4) {
              const said =
                hasSecondSource.test(pathOf(read)) || asides(report) > asides(told(usual));
              expect({ ...what, said }).toEqual({ ...what, said: true });
              continue;
            }
            refused += 1;
            // Of a dry run, 403 is an answer: that write would be refused, too.
            const codes = read.dryRun && met === '403' ? [5] : [2, 8];
            expect({ ...what, code: found.code, is: codes.includes(found.code) }).toMatchObject({
              ...what,
              is: true,
            });
            expect({ ...what, problems: report.problems }).not.toEqual({ ...what, problems: [] });
          }
          expect(writesSince(sandbox, from)).toEqual([]);
          expect(refused).toBeGreaterThan(fullSize ? reads.length / 2 : 0);
        }
      }),
  );

  /** What is done once this many writes have been sent. */
  const afterWrites = ({ world: { journal } }: Scene, count: number, act: () => void): void => {
    const add = journal.add.bind(journal);
    let left = count;
    journal.add = (entry) => {
      add(entry);
      if (!entry.mutating || entry.dryRun || entry.source !== 'http') return;
      left -= 1;
      if (left === 0) act();
    };
  };

  test('a read that fails between two writes ends the run, which goes on when it is typed again', async () => {
    const line = `${FORWARD} -o json`;
    const usual = await onShared({}, async (scene) => {
      const from = scene.world.journal.entries.length;
      await reach(scene, line);
      scene.world.clock.advance(15 * 60_000);
      return {
        reads: readsSince(scene, from).filter((read) => !hasSecondSource.test(pathOf(read))),
        writes: writesSince(scene.sandbox, from).length,
        end: shape(endState(scene.world)),
      };
    });
    expect(usual.writes).toBeGreaterThan(10);
    let ended = 0;
    // In CI after each third write another read; outside CI one.
    for (let n = fullSize ? 1 : 7; n < usual.writes; n += fullSize ? 3 : usual.writes) {
      const read = usual.reads[(n * 7) % usual.reads.length]!;
      const [met, fault] = kinds[n % 3]!;
      await onShared({}, async (scene) => {
        const { world } = scene;
        const groups = groupsOf(world);
        const there = [balancersOf(world), groups, healthyIn(world, groups)];
        let remove = (): void => undefined;
        afterWrites(scene, n, () => (remove = world.faults.add(ruleFor(read, fault))));
        const found = await type(scene, line);
        remove();
        const what = { n, met, name: pathOf(read) };
        if (found.code === 0) {
          expect({ ...what, said: asides(told(found)) > 0 }).toEqual({ ...what, said: true });
        } else {
          ended += 1;
          const is = [6, 7, 8].includes(found.code) && told(found).problems.length > 0;
          expect({ ...what, code: found.code, is }).toMatchObject({ ...what, is: true });
          await reach(scene, line);
        }
        expect([balancersOf(world), groupsOf(world), healthyIn(world, groups)]).toEqual(there);
        world.clock.advance(15 * 60_000);
        expect({ ...what, end: shape(endState(world)) }).toEqual({ ...what, end: usual.end });
      });
    }
    expect(ended).toBeGreaterThanOrEqual(fullSize ? 3 : 1);
  });
});
