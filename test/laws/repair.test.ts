import { load } from 'js-yaml';
import type { Report } from '../../src/core/plan/report.ts';
import type { JournalEntry } from '../../src/sandbox/requests/journal.ts';
import type { World } from '../../src/sandbox/world.ts';
import {
  addresses,
  BINDINGS,
  deregister,
  person,
  serving,
  takenOut,
} from '../commands/repair-acts.ts';
import { endState } from './end-state.ts';
import { faults, FEWEST_REFUSED, meeting, patiently, ruleFor } from './faults.ts';
import { nameOf, onStage, PRI, SEC, type Stage, VERIFY } from './stage.ts';

const REPAIR = `repair nginx --context ${PRI},${SEC} --yes`;

/** Deletes the primary's binding for a port, as a person would. */
function deleteBinding(world: World, port: number): void {
  const { kube } = world.primary;
  const binding = kube.list(BINDINGS).find(({ spec }) => spec.serviceRef.port === port);
  kube.delete(BINDINGS, 'default', binding?.metadata.name ?? '', person);
  world.settle();
}

/** What is wrong before the repair. */
const damages: readonly { readonly name: string; readonly act: (world: World) => void }[] = [
  { name: 'a deleted binding', act: (world) => deleteBinding(world, 80) },
  {
    name: 'endpoints taken out',
    act: (world) => void deregister(world, addresses(world, SEC)),
  },
];

/** A stage with that damage, some time after everything else has settled. */
const onDamaged = <T>(
  act: (stage: Stage) => Promise<T>,
  damage: (world: World) => void,
  scenario: 'walkthrough' | 'multi-port' = 'walkthrough',
): Promise<T> =>
  onStage(
    'joined',
    (stage) => {
      stage.world.clock.advance(60_000);
      damage(stage.world);
      return act(stage);
    },
    scenario,
  );

const writesIn = (requests: readonly JournalEntry[]): readonly JournalEntry[] =>
  requests.filter(({ mutating, dryRun }) => mutating && !dryRun);

/** Without the time of the touch, which is another one in every run. */
const untimed = (state: unknown): unknown =>
  JSON.parse(JSON.stringify(state).replaceAll(/("nlbmc\/touched":)"[^"]*"/g, '$1"T"'));

describe.each(damages)('repair after $name', ({ act }) => {
  let asked: Promise<JournalEntry[]> | undefined;
  /** The distinct requests of an undisturbed dry run, played once. */
  const readsOf = (): Promise<JournalEntry[]> =>
    (asked ??= onDamaged(async ({ nlbmc, requests }) => {
      expect((await nlbmc(`${REPAIR} --dry-run`)).code).toBe(0);
      const distinct = requests().map((entry) => [nameOf(entry).split('?')[0], entry] as const);
      return [...new Map(distinct).values()];
    }, act));

  test('law 1: a dry run sends nothing that can change anything, and prints the very plan', () =>
    onDamaged(async ({ nlbmc, requests, world }) => {
      const was = endState(world);
      for (const format of ['table', 'json', 'yaml']) {
        expect((await nlbmc(`${REPAIR} --dry-run -o ${format}`)).code).toBe(0);
      }
      expect((await nlbmc(`${REPAIR} --dry-run --detailed-exitcode`)).code).toBe(4);
      const dry = JSON.parse((await nlbmc(`${REPAIR} --dry-run -o json`)).stdout) as Report;
      expect(requests().length).toBeGreaterThan(20);
      expect(requests().filter(({ mutating }) => mutating)).toEqual([]);
      expect(endState(world)).toEqual(was);
      const real = JSON.parse((await nlbmc(`${REPAIR} -o json`)).stdout) as Report;
      const kinds = ({ plan }: Report) => plan?.steps.map(({ kind }) => kind);
      expect(kinds(dry)).not.toEqual([]);
      expect(kinds(real)).toEqual(kinds(dry));
      expect((await nlbmc(`${REPAIR} --dry-run --detailed-exitcode`)).code).toBe(0);
    }, act));

  test('law 2: a second run changes nothing and says so', () =>
    onDamaged(async ({ nlbmc, requests, world }) => {
      expect(await nlbmc(REPAIR)).toMatchObject({ code: 0 });
      const was = endState(world);
      const from = world.journal.entries.length;
      const { code, stdout } = await nlbmc(`${REPAIR} -o json`);
      const { plan, writes, result } = JSON.parse(stdout) as Report;
      expect({ code, steps: plan?.steps, writes, result }).toEqual({
        code: 0,
        steps: [],
        writes: [],
        result: 'nothing to repair',
      });
      expect(requests(from).filter(({ mutating }) => mutating)).toEqual([]);
      expect(endState(world)).toEqual(was);
    }, act));

  test('law 5: no controller takes anybody out in consequence, and all are back', () =>
    onDamaged(async ({ nlbmc, world }) => {
      const from = world.journal.entries.length;
      expect(await nlbmc(REPAIR)).toMatchObject({ code: 0 });
      world.clock.advance(3_600_000);
      expect(takenOut(world, from)).toEqual([]);
      expect(serving(world)).toEqual(
        [...addresses(world, PRI), ...addresses(world, SEC)].toSorted(),
      );
      expect(await nlbmc(VERIFY)).toMatchObject({ code: 0 });
    }, act));

  test.each(Object.entries(faults))(
    'law 4: a read that meets %s leads to no write, or is said to be missing',
    async (met, fault) => {
      const reads = await readsOf();
      expect(reads.length).toBeGreaterThan(8);
      const refused: string[] = [];
      await onDamaged(async (stage) => {
        const { nlbmc, requests, world } = stage;
        for (const read of meeting(met, reads)) {
          const name = nameOf(read);
          const from = world.journal.entries.length;
          const giveBack = world.faults.add(ruleFor(read, fault));
          const { code, stdout } = await patiently(stage, fault, () =>
            nlbmc(`${REPAIR} --dry-run -o json`),
          );
          giveBack();
          const { problems, skips } = JSON.parse(stdout) as Report;
          expect({ name, wrote: writesIn(requests(from)) }).toEqual({ name, wrote: [] });
          if (code === 0) {
            const said = skips.length > 0 || /deployments|customres|\?/.test(name);
            expect({ name, said }).toEqual({ name, said: true });
            continue;
          }
          refused.push(name);
          expect({ name, code }).toEqual({ name, code: [2, 5].includes(code) ? code : 8 });
          expect({ name, problems }).not.toEqual({ name, problems: [] });
        }
      }, act);
      expect(refused.length).toBeGreaterThanOrEqual(FEWEST_REFUSED);
    },
  );

  test('law 6: one verdict, whatever the format', async () => {
    for (const format of ['json', 'yaml', 'table']) {
      await onDamaged(async ({ nlbmc }) => {
        const { code, stdout } = await nlbmc(`${REPAIR} -o ${format}`);
        expect({ format, code }).toEqual({ format, code: 0 });
        if (format === 'table') return;
        const report = format === 'json' ? JSON.parse(stdout) : load(stdout);
        expect(report).toMatchObject({ apiVersion: 'nlbmc/v1', exit: 0, result: 'repaired' });
      }, act);
    }
  });
});

test('law 6: what could be put right and what could not together are 7', async () => {
  for (const format of ['json', 'yaml', 'table']) {
    await onDamaged(
      async ({ nlbmc }) => {
        const { code, stdout } = await nlbmc(`${REPAIR} -o ${format}`);
        expect({ format, code }).toEqual({ format, code: 7 });
        expect(stdout).toContain('target-unhealthy');
      },
      (world) => {
        deregister(world, addresses(world, SEC).slice(0, 1));
        const [pod] = world.primary.kube.list('pods', 'default');
        world.primary.workloads.setPodServing(pod?.metadata.name ?? '', 'refused');
        world.clock.advance(120_000);
      },
    );
  }
});

test('law 8: every list reads all pages, and every port counts', () => {
  const damage = (world: World): void => {
    deleteBinding(world, 8080);
    deregister(world, addresses(world, SEC));
    const metadata = { name: 'settings', namespace: 'default' };
    world.primary.kube.create(
      'configmaps',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata },
      person,
    );
  };
  const whole = onDamaged(
    async ({ nlbmc, world }) => {
      expect(await nlbmc(REPAIR)).toMatchObject({ code: 0 });
      world.clock.advance(600_000);
      return untimed(endState(world));
    },
    damage,
    'multi-port',
  );
  return onDamaged(
    async ({ nlbmc, requests, world }) => {
      world.aws.pageSize = 1;
      for (const { kube } of world.clusters.values()) kube.pageSize = 1;
      expect(await nlbmc(REPAIR)).toMatchObject({ code: 0 });
      world.aws.pageSize = undefined;
      world.clock.advance(600_000);
      expect(untimed(endState(world))).toEqual(await whole);
      const paged = (what: string): boolean =>
        requests().some((entry) => {
          const name = nameOf(entry);
          return name.includes(what) && name.includes('continue=');
        });
      expect([paged('targetgroupbindings'), paged('configmaps')]).toEqual([true, true]);
    },
    damage,
    'multi-port',
  );
});
