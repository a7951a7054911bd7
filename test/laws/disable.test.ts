import { load } from 'js-yaml';
import type { Report } from '../../src/core/plan/report.ts';
import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import type { ScenarioName } from '../../src/sandbox/scenarios/scenarios.ts';
import type { World } from '../../src/sandbox/world.ts';
import { loseSecondary } from '../commands/gone.ts';
import { addresses, serving } from '../commands/repair-acts.ts';
import { endState } from './end-state.ts';
import { faults, FEWEST_REFUSED, meeting, patiently, ruleFor } from './faults.ts';
import { nameOf, onStage, onStages, PRI, type Progress, type Stage } from './stage.ts';

interface Story {
  readonly name: string;
  readonly line: string;
  readonly before: Progress;
  readonly arrange?: (world: World) => void;
  readonly formats: readonly string[];
}

const tabular = ['table', 'json', 'yaml'];
const stories: readonly Story[] = [
  {
    name: 'disable',
    line: `disable nginx --context ${PRI} --yes --accept unlisted-members`,
    before: 'enabled',
    formats: [...tabular, 'manifest'],
  },
  {
    name: 'purge',
    line: `purge nginx --context ${PRI} --yes`,
    before: 'joined',
    arrange: loseSecondary,
    formats: tabular,
  },
];

const played = <T>(
  { before, arrange }: Story,
  act: (stage: Stage) => Promise<T>,
  scenario: ScenarioName = 'walkthrough',
): Promise<T> =>
  onStage(
    before,
    (stage) => {
      arrange?.(stage.world);
      return act(stage);
    },
    scenario,
  );

const reportOf = (stdout: string): Report => JSON.parse(stdout) as Report;
const writesIn = (requests: readonly JournalEntry[]): readonly JournalEntry[] =>
  requests.filter(({ mutating, dryRun }) => mutating && !dryRun);

/** The steps as data, without what only the server can give. */
const stepsOf = (stdout: string): unknown =>
  JSON.parse(
    JSON.stringify(reportOf(stdout).plan?.steps).replaceAll(
      /"resourceVersion":"\d+"/g,
      '"resourceVersion":"N"',
    ),
  );

/** Codes of what went wrong on the wire, and of an owner that was not told: no statement on the world. */
const trouble = /^(api|aws|answer|credentials)-|^owner-unknown$/;

describe.each(stories)('$name', (story) => {
  const { line } = story;
  let asked: Promise<JournalEntry[]> | undefined;
  /** The distinct reads of an undisturbed run, played once. */
  const readsOf = (): Promise<JournalEntry[]> =>
    (asked ??= played(story, async ({ nlbmc, requests }) => {
      expect((await nlbmc(line)).code).toBe(0);
      const distinct = requests()
        .filter(({ mutating }) => !mutating)
        .map((entry) => [nameOf(entry).split('?')[0], entry] as const);
      return [...new Map(distinct).values()];
    }));

  test('law 1: a dry run sends nothing that can change anything, and prints the very plan', () =>
    played(story, async ({ nlbmc, requests, world }) => {
      const was = endState(world);
      for (const format of story.formats) {
        expect((await nlbmc(`${line} --dry-run -o ${format}`)).code).toBe(0);
      }
      expect((await nlbmc(`${line} --dry-run --detailed-exitcode`)).code).toBe(4);
      const dry = await nlbmc(`${line} --dry-run -o json`);
      expect(requests().length).toBeGreaterThan(20);
      expect(requests().filter(({ mutating }) => mutating)).toEqual([]);
      expect(endState(world)).toEqual(was);
      expect(stepsOf(dry.stdout)).not.toEqual([]);
      expect(stepsOf((await nlbmc(`${line} -o json`)).stdout)).toEqual(stepsOf(dry.stdout));
      expect((await nlbmc(`${line} --dry-run --detailed-exitcode`)).code).toBe(0);
    }));

  test.each(['walkthrough', 'multi-port', 'instance'] as const)(
    'law 2: a second run changes nothing and says so, in the scenario %s',
    (scenario) =>
      played(
        story,
        async ({ nlbmc, requests, world }) => {
          expect(await nlbmc(line)).toMatchObject({ code: 0 });
          const was = endState(world);
          const from = world.journal.entries.length;
          const { code, stdout } = await nlbmc(`${line} -o json`);
          const { plan, writes, result } = reportOf(stdout);
          expect({ code, steps: plan?.steps, writes }).toEqual({ code: 0, steps: [], writes: [] });
          expect(result).toContain('already');
          expect(requests(from).filter(({ mutating }) => mutating)).toEqual([]);
          expect(endState(world)).toEqual(was);
        },
        scenario,
      ),
  );

  test.each(Object.entries(faults))(
    'law 4: a read that meets %s leads to no write, or is said to be missing',
    async (met, fault) => {
      const reads = await readsOf();
      expect(reads.length).toBeGreaterThan(8);
      const refused: string[] = [];
      await played(story, async (stage) => {
        const { nlbmc, requests, world } = stage;
        const was = endState(world);
        for (const read of meeting(met, reads)) {
          const name = nameOf(read);
          const from = world.journal.entries.length;
          const giveBack = world.faults.add(ruleFor(read, fault));
          const dry = await patiently(stage, fault, () => nlbmc(`${line} --dry-run -o json`));
          const { problems, skips } = reportOf(dry.stdout);
          if (dry.code === 0) {
            giveBack();
            // Not needed: the answer is right without it, and says what it could not look at.
            const said = skips.length > 0 || /deployments|customres|\?/.test(name);
            expect({ name, said }).toEqual({ name, said: true });
            continue;
          }
          refused.push(name);
          const real = await patiently(stage, fault, () => nlbmc(`${line} -o json`));
          giveBack();
          const expected = [2, 5].includes(real.code) ? real.code : 8;
          expect({ name, codes: [dry.code, real.code], wrote: writesIn(requests(from)) }).toEqual({
            name,
            codes: [expected, expected],
            wrote: [],
          });
          // Refused for what could not be read, and not for something that seemed to be missing.
          const other = problems.filter((problem) => !trouble.test(problem.code));
          expect({ name, any: problems.length > 0, other }).toEqual({ name, any: true, other: [] });
        }
        expect(endState(world)).toEqual(was);
      });
      expect(refused.length).toBeGreaterThanOrEqual(FEWEST_REFUSED);
    },
  );

  test('law 5: nobody who is there loses a target', () =>
    played(story, async ({ nlbmc, world }) => {
      expect(await nlbmc(line)).toMatchObject({ code: 0 });
      world.clock.advance(3_600_000);
      expect(serving(world)).toEqual(addresses(world, PRI));
    }));

  test('law 6: one verdict, whatever the format', async () => {
    for (const format of tabular) {
      await played(story, async ({ nlbmc }) => {
        const { code, stdout } = await nlbmc(`${line} -o ${format}`);
        expect({ format, code }).toEqual({ format, code: 0 });
        if (format === 'table') return;
        const report = format === 'json' ? JSON.parse(stdout) : load(stdout);
        expect(report).toMatchObject({ apiVersion: 'nlbmc/v1', exit: 0, result: `${story.name}d` });
      });
    }
    // What the other cluster serves is in the way of both.
    await onStages({ before: 'joined' }, tabular, async ({ nlbmc }, format) => {
      const { code, stdout } = await nlbmc(`${line} -o ${format}`);
      expect({ format, code }).toEqual({ format, code: 5 });
      if (format === 'table') return;
      const report = format === 'json' ? JSON.parse(stdout) : load(stdout);
      expect(report).toMatchObject({ exit: 5, problems: [{ saves: 2 }] });
    });
  });

  test('law 8: every list reads all pages, and every port counts', async () => {
    const end = await played(
      story,
      async ({ nlbmc, world }) => {
        expect((await nlbmc(line)).code).toBe(0);
        return endState(world);
      },
      'multi-port',
    );
    await played(
      story,
      async ({ nlbmc, requests, world }) => {
        world.aws.pageSize = 1;
        for (const { kube } of world.clusters.values()) kube.pageSize = 1;
        expect((await nlbmc(line)).code).toBe(0);
        world.aws.pageSize = undefined;
        expect(endState(world)).toEqual(end);
        expect(requests().some((entry) => nameOf(entry).includes('continue='))).toBe(true);
      },
      'multi-port',
    );
  });
});

describe('disable', () => {
  test('its manifest is the same before and after', () =>
    onStage('enabled', async ({ nlbmc }) => {
      const line = `disable nginx --context ${PRI}`;
      const first = await nlbmc(`${line} -o manifest`);
      expect((await nlbmc(`${line} --yes --accept unlisted-members`)).code).toBe(0);
      expect((await nlbmc(`${line} -o manifest`)).stdout).toBe(first.stdout);
    }));

  test('goes on waiting for what is not there yet', () =>
    onStage('enabled', async ({ nlbmc, requests, world }) => {
      const line = `disable nginx --context ${PRI} --yes --accept unlisted-members --timeout 1m`;
      world.primary.lbc.pause();
      expect((await nlbmc(line)).code).toBe(6);
      const from = world.journal.entries.length;
      expect((await nlbmc(line)).code).toBe(6);
      expect(requests(from).filter(({ mutating }) => mutating)).toEqual([]);
      world.primary.lbc.resume();
      expect((await nlbmc(line)).code).toBe(0);
    }));
});
