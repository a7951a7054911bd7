import { load } from 'js-yaml';
import type { Report } from '../../src/core/plan/report.ts';
import type { ScenarioName } from '../../src/sandbox/scenarios/scenarios.ts';
import type { World } from '../../src/sandbox/world.ts';
import { addresses, BINDINGS, person, serving } from '../commands/repair-acts.ts';
import { endState } from './end-state.ts';
import { inventory } from './inventory.ts';
import { JOIN, nameOf, onStage, onStages, PRI, SEC, type Stage, VERIFY } from './stage.ts';

const LEAVE = `leave nginx --context ${SEC} --primary ${PRI} --yes`;

interface Way {
  readonly name: string;
  readonly line: string;
  readonly arrange: (world: World) => void;
  /** Beside the first scenario: where the way differs with ports and target types. */
  readonly more?: readonly ScenarioName[];
}

const ours = { 'app.kubernetes.io/managed-by': 'nlbmc' };

/** The ways in which a cluster leaves, and what is there before. */
const ways: readonly Way[] = [
  { name: 'leave', line: LEAVE, arrange: () => undefined, more: ['multi-port', 'instance'] },
  {
    name: 'leave --delete-service',
    line: `${LEAVE} --delete-service`,
    arrange: (world) => {
      const body = { metadata: { labels: ours } };
      const { kube } = world.cluster(SEC);
      kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
    },
  },
  {
    name: 'leave --without-controller',
    line: `${LEAVE} --without-controller`,
    arrange: (world) => world.cluster(SEC).lbc.uninstall(),
    more: ['multi-port', 'instance'],
  },
  {
    name: 'leave --without-controller of bindings that hang already',
    line: `${LEAVE} --without-controller`,
    arrange: (world) => {
      const { kube, lbc } = world.cluster(SEC);
      lbc.uninstall();
      for (const { metadata } of kube.list(BINDINGS)) {
        kube.delete(BINDINGS, 'default', metadata.name, person);
      }
    },
  },
];

const at = <T>(
  way: Way,
  act: (stage: Stage, from: number) => Promise<T>,
  scenario?: ScenarioName,
): Promise<T> =>
  onStage(
    'joined',
    async (stage) => {
      way.arrange(stage.world);
      stage.world.settle();
      return act(stage, stage.world.journal.entries.length);
    },
    scenario,
  );

const reportOf = ({ stdout }: { readonly stdout: string }): Report => JSON.parse(stdout) as Report;
const writesIn = ({ requests }: Stage, from: number) =>
  requests(from).filter(({ mutating }) => mutating);

describe.each(ways)('$name', (way) => {
  test('law 1: a dry run changes nothing, prints the very plan that runs, and says 4 while changes are pending', () =>
    at(way, async (stage, from) => {
      const { nlbmc } = stage;
      const was = endState(stage.world);
      for (const format of ['table', 'json']) {
        const { code, stdout } = await nlbmc(`${way.line} --dry-run -o ${format}`);
        expect([format, code, stdout !== '']).toEqual([format, 0, true]);
        expect(writesIn(stage, from)).toEqual([]);
        expect(endState(stage.world)).toEqual(was);
      }
      const dry = await nlbmc(`${way.line} --dry-run --detailed-exitcode -o json`);
      const real = await nlbmc(`${way.line} -o json`);
      expect([dry.code, real.code]).toEqual([4, 0]);
      expect(reportOf(real).plan?.steps).toEqual(reportOf(dry).plan?.steps);
      expect((await nlbmc(`${way.line} --dry-run --detailed-exitcode`)).code).toBe(0);
    }));

  test.each<ScenarioName>(['walkthrough', ...(way.more ?? [])])(
    'law 2: a second run changes nothing and says so (%s)',
    (scenario) =>
      at(
        way,
        async (stage) => {
          const first = await stage.nlbmc(way.line);
          expect(first).toMatchObject({ code: 0 });
          const was = endState(stage.world);
          const from = stage.world.journal.entries.length;
          const again = await stage.nlbmc(`${way.line} -o json`);
          const { plan, writes, result } = reportOf(again);
          expect({ code: again.code, steps: plan?.steps, writes, result }).toEqual({
            code: 0,
            steps: [],
            writes: [],
            result: 'already left',
          });
          expect(writesIn(stage, from)).toEqual([]);
          expect(endState(stage.world)).toEqual(was);
          expect(
            addresses(stage.world, SEC).filter((id) => serving(stage.world).includes(id)),
          ).toEqual([]);
        },
        scenario,
      ),
  );

  test('law 5: nobody else loses a target, then or when everybody rolls out', () =>
    at(way, async ({ nlbmc, world }) => {
      const others = addresses(world, PRI);
      expect((await nlbmc(way.line)).code).toBe(0);
      expect(serving(world)).toEqual(others);
      world.clock.advance(3_600_000);
      expect(serving(world)).toEqual(others);
      expect((await nlbmc(`verify nginx --context ${PRI}`)).code).toBe(0);
    }));

  test('law 8: with pages of one it does the same', async () => {
    const whole = await at(
      way,
      async ({ nlbmc, world }) => {
        expect((await nlbmc(way.line)).code).toBe(0);
        return endState(world);
      },
      'multi-port',
    );
    await at(
      way,
      async ({ nlbmc, requests, world }) => {
        world.aws.pageSize = 1;
        for (const { kube } of world.clusters.values()) kube.pageSize = 1;
        expect((await nlbmc(way.line)).code).toBe(0);
        world.aws.pageSize = undefined;
        expect(endState(world)).toEqual(whole);
        expect(requests().some((request) => nameOf(request).includes('continue='))).toBe(true);
      },
      'multi-port',
    );
  });
});

describe('law 6: one verdict, whatever the format', () => {
  interface End {
    readonly exit: number;
    readonly way: string;
    readonly line: string;
    readonly arrange?: (world: World) => void;
  }
  const ends: readonly End[] = [
    { exit: 0, way: 'left', line: LEAVE },
    { exit: 2, way: 'nobody to ask', line: LEAVE.replace(' --yes', '') },
    { exit: 2, way: 'no binding, and nothing named', line: `leave other --context ${SEC} --yes` },
    { exit: 4, way: 'changes pending', line: `${LEAVE} --dry-run --detailed-exitcode` },
    { exit: 5, way: 'too little stays', line: `${LEAVE} --min-healthy 9` },
    {
      exit: 5,
      way: 'AWS forbids the first write',
      line: `${LEAVE} --without-controller`,
      arrange: (world) => {
        world.cluster(SEC).lbc.uninstall();
        const match = /DeregisterTargets/;
        world.faults.add({ world: 'aws', match, kind: 'status', status: 403 });
      },
    },
    {
      exit: 6,
      way: 'a controller that no longer reconciles',
      line: `${LEAVE} --timeout 90s`,
      arrange: (world) => world.cluster(SEC).lbc.pause(),
    },
    {
      exit: 7,
      way: 'the last of its writes refused',
      line: `${LEAVE} --without-controller`,
      arrange: (world) => {
        world.cluster(SEC).lbc.uninstall();
        const match = /^DELETE .*configmaps(?!.*dryRun)/;
        world.faults.add({ world: 'kube', match, kind: 'status', status: 500 });
      },
    },
    {
      exit: 8,
      way: 'AWS that cannot be read',
      line: LEAVE,
      arrange: (world) => {
        const match = /DescribeTargetHealth/;
        world.faults.add({ world: 'aws', match, kind: 'status', status: 403 });
      },
    },
  ];
  test.each(ends)('exit $exit: $way', async ({ exit, line, arrange }) => {
    const answers = async ({ nlbmc }: Stage, format: string) => {
      const { code, stdout } = await nlbmc(`${line} -o ${format}`);
      expect({ format, code }).toEqual({ format, code: exit });
      const read = format === 'json' ? JSON.parse : format === 'yaml' ? load : undefined;
      if (read) expect(read(stdout)).toMatchObject({ apiVersion: 'nlbmc/v1', exit });
    };
    const formats = ['table', 'json', 'yaml'];
    await onStages({ before: 'joined' }, formats, answers, ({ world }) => arrange?.(world));
  });
});

describe('law 7: join, then leave, restores the world', () => {
  test.each<ScenarioName>(['walkthrough', 'multi-port', 'instance'])('%s', (scenario) =>
    onStage(
      'enabled',
      async ({ nlbmc, world }) => {
        const made = scenario === 'walkthrough';
        if (made) world.cluster(SEC).kube.delete('services', 'default', 'nginx', person);
        world.settle();
        const was = { state: endState(world), all: inventory(world) };
        expect((await nlbmc(`${JOIN} ${made ? '--create-service --yes' : ''}`)).code).toBe(0);
        expect(endState(world)).not.toEqual(was.state);
        expect((await nlbmc(`${LEAVE} ${made ? '--delete-service' : ''}`)).code).toBe(0);
        expect({ state: endState(world), all: inventory(world) }).toEqual(was);
      },
      scenario,
    ),
  );

  test('and the cluster may join again', () =>
    onStage('joined', async ({ nlbmc }) => {
      expect((await nlbmc(LEAVE)).code).toBe(0);
      for (const line of [JOIN, VERIFY]) expect(await nlbmc(line)).toMatchObject({ code: 0 });
    }));
});
