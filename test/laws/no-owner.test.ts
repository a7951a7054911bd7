import { load } from 'js-yaml';
import type { Report } from '../../src/core/plan/report.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { appNamed, deployment, plainService } from '../../src/sandbox/scenarios/objects.ts';
import type { World } from '../../src/sandbox/world.ts';
import { parsed, shellWords } from '../cli/parsed.ts';
import { printedCommands } from '../cli/printed-commands.ts';
import { loseCluster } from '../commands/gone.ts';
import {
  addresses,
  BINDINGS,
  deregister,
  person,
  register,
  serving,
} from '../commands/repair-acts.ts';
import { bindByHand, share } from './broken-worlds/acts.ts';
import { endState } from './end-state.ts';
import { inventory } from './inventory.ts';
import {
  JOIN_BALANCER,
  JOIN_PEER,
  nameOf,
  onStage,
  OTHER,
  PEER,
  type Progress,
  type Stage,
  VERIFY_PEERS,
} from './stage.ts';

const played = <T>(before: Progress, act: (stage: Stage) => Promise<T>): Promise<T> =>
  onStage(before, act, 'no-owner');

const LEAVE = `leave web --context ${OTHER} --primary ${PEER} --yes`;
const JOIN_SECOND = `join web --context ${PEER} --primary ${PEER} --local-service next`;
const LEAVE_SECOND = `leave next --context ${PEER} --load-balancer shared --yes`;

/** A second app in the first cluster, with a Service of its own. */
const secondApp = (world: World): void => {
  createAll(
    world.cluster(PEER).kube,
    appNamed('next', deployment(2)),
    appNamed('next', plainService('ClusterIP')),
  );
  world.settle();
};

/** Each command that changes something, and what is there before. */
const ways: readonly {
  readonly name: string;
  readonly before: Progress;
  readonly line: string;
  readonly arrange?: (world: World) => void;
  /** Of which clusters the targets are that stay whatever this command does. */
  readonly keeps: readonly string[];
}[] = [
  { name: 'join by the load balancer', before: 'deployed', line: JOIN_BALANCER, keeps: [] },
  { name: 'join beside a member', before: 'enabled', line: JOIN_PEER, keeps: [PEER] },
  {
    name: 'join of a second Service of a member',
    before: 'joined',
    line: JOIN_SECOND,
    arrange: secondApp,
    keeps: [PEER, OTHER],
  },
  {
    name: 'enable in place',
    before: 'deployed',
    line: `enable web --context ${PEER} --yes`,
    arrange: (world) => bindByHand(world, PEER),
    keeps: [PEER],
  },
  { name: 'leave beside a member', before: 'joined', line: LEAVE, keeps: [PEER] },
  {
    name: 'leave by the load balancer',
    before: 'joined',
    line: `leave web --context ${PEER} --load-balancer shared --yes`,
    keeps: [OTHER],
  },
  {
    name: 'disable in place',
    before: 'enabled',
    line: `disable web --context ${PEER} --exclusive --yes --accept unlisted-members`,
    keeps: [PEER],
  },
  {
    name: 'repair by the load balancer',
    before: 'joined',
    line: `repair --load-balancer shared --context ${PEER},${OTHER} --yes`,
    arrange: (world) => void deregister(world, addresses(world, OTHER)),
    keeps: [PEER, OTHER],
  },
  {
    name: 'purge by the load balancer',
    before: 'joined',
    line: `purge --load-balancer shared --context ${PEER} --yes`,
    arrange: (world) => loseCluster(world, OTHER),
    keeps: [PEER],
  },
];

const reportOf = ({ stdout }: { readonly stdout: string }): Report => JSON.parse(stdout) as Report;

/** Steps without what only the server can give, and the time of a touch. */
const stepsOf = (told: { readonly stdout: string }): unknown =>
  JSON.parse(
    JSON.stringify(reportOf(told).plan?.steps)
      .replaceAll(/"resourceVersion":"\d+"/g, '"resourceVersion":"N"')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'),
  );

const mutatingIn = ({ requests }: Stage, from: number) =>
  requests(from).filter(({ mutating }) => mutating);

describe('no cluster owns the load balancer', () => {
  test.each(ways)('laws 1, 2, 5, 6, 8 and 10: $name', ({ before, line, arrange, keeps }) =>
    played(before, async (stage) => {
      const { nlbmc, world, requests } = stage;
      arrange?.(world);
      world.clock.advance(60_000);
      const kept = keeps.flatMap((cluster) => addresses(world, cluster));
      const was = endState(world);
      let from = world.journal.entries.length;

      // Law 1: a dry run changes nothing. Law 6: it ends with the same code in each format.
      for (const format of ['table', 'json', 'yaml']) {
        const dry = await nlbmc(`${line} --dry-run --detailed-exitcode -o ${format}`);
        expect({ format, ...dry }).toMatchObject({ format, code: 4 });
      }
      const dry = await nlbmc(`${line} --dry-run -o json`);
      expect(mutatingIn(stage, from)).toEqual([]);
      expect(endState(world)).toEqual(was);
      expect(stepsOf(dry)).not.toEqual([]);

      // Law 1: the plan that is printed is the one that runs.
      const real = await nlbmc(`${line} -o json`);
      expect([real.code, stepsOf(real)]).toEqual([0, stepsOf(dry)]);
      // Law 10: what it says to type, should it be interrupted, is a command line.
      for (const { command } of printedCommands(real.stderr))
        await expect(parsed(shellWords(command).slice(1))).resolves.toBeDefined();
      world.settle();

      // Law 2, with pages of one (law 8): a second run has nothing to do.
      const end = endState(world);
      from = world.journal.entries.length;
      world.aws.pageSize = 1;
      for (const { kube } of world.clusters.values()) kube.pageSize = 1;
      const again = await nlbmc(`${line} -o json`);
      world.aws.pageSize = undefined;
      expect({ code: again.code, steps: stepsOf(again) }).toEqual({ code: 0, steps: [] });
      expect(mutatingIn(stage, from)).toEqual([]);
      expect(requests(from).some((request) => nameOf(request).includes('continue='))).toBe(true);
      expect(endState(world)).toEqual(end);

      // Law 5: nothing else is taken out, then or when each controller reconciles in full.
      world.clock.advance(3_600_000);
      expect(serving(world)).toEqual(expect.arrayContaining(kept));
    }),
  );

  test.each([
    { way: 'of a cluster', before: 'enabled', join: JOIN_PEER, leave: LEAVE },
    { way: 'of a second Service', before: 'joined', join: JOIN_SECOND, leave: LEAVE_SECOND },
    {
      way: 'of the only member, which accepts that none stays',
      before: 'deployed',
      join: JOIN_BALANCER,
      leave: `leave web --context ${PEER} --load-balancer shared --accept-removing 2 --yes`,
    },
  ] as const)('law 7: join, then leave, $way restores the world', ({ before, join, leave }) =>
    played(before, async ({ nlbmc, world }) => {
      secondApp(world);
      const was = { state: endState(world), all: inventory(world) };
      expect(await nlbmc(join)).toMatchObject({ code: 0 });
      expect(endState(world)).not.toEqual(was.state);
      expect(await nlbmc(leave)).toMatchObject({ code: 0 });
      world.clock.advance(600_000);
      expect({ state: endState(world), all: inventory(world) }).toEqual(was);
    }),
  );

  test('law 5: the only member does not leave unless the number of its targets is named', () =>
    played('enabled', async (stage) => {
      const from = stage.world.journal.entries.length;
      const leave = `leave web --context ${PEER} --load-balancer shared --yes`;
      const told = await stage.nlbmc(`${leave} -o json`);
      expect(reportOf(told)).toMatchObject({
        exit: 5,
        problems: [{ code: 'below-floor', saves: 2 }],
      });
      expect((await stage.nlbmc(`${leave} --accept-removing 1`)).code).toBe(5);
      expect(mutatingIn(stage, from)).toEqual([]);
    }));

  test('law 5: enable in place is refused where a leftover record lists targets of others', () =>
    played('deployed', async (stage) => {
      const { nlbmc, world } = stage;
      bindByHand(world, PEER);
      const others = addresses(world, OTHER);
      register(world, others);
      const record = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'aws-lbc-targets-by-hand', namespace: 'default' },
        data: { targets: others.map((id) => `${id}:80`).join(',') },
      };
      world.cluster(PEER).kube.create('configmaps', record, person);
      const from = world.journal.entries.length;
      const told = await nlbmc(`enable web --context ${PEER} --yes -o json`);
      expect(reportOf(told)).toMatchObject({
        exit: 5,
        problems: [{ code: 'leftover-tracked-targets', saves: others.length }],
      });
      expect(mutatingIn(stage, from)).toEqual([]);
    }));

  test('law 5: a second Service in front of the same pods is refused', () =>
    played('joined', async (stage) => {
      const { nlbmc, world } = stage;
      const twin = appNamed('web', plainService('ClusterIP'));
      twin.metadata.name = 'twin';
      createAll(world.cluster(PEER).kube, twin);
      world.settle();
      const own = addresses(world, PEER);
      const from = world.journal.entries.length;
      const told = await nlbmc(`${JOIN_SECOND.replace('next', 'twin')} --yes -o json`);
      expect(reportOf(told)).toMatchObject({
        exit: 5,
        problems: [{ code: 'overlapping-addresses', saves: own.length }],
      });
      expect(mutatingIn(stage, from)).toEqual([]);

      // The twin by hand: when its binding goes, the targets of the first one go with it.
      const spec = { serviceRef: { name: 'twin', port: 80 }, multiClusterTargetGroup: true };
      bindByHand(world, PEER, spec);
      world.cluster(PEER).kube.delete(BINDINGS, 'default', 'by-hand', person);
      world.settle();
      expect(serving(world).filter((id) => own.includes(id))).toEqual([]);
    }));

  test('law 6: a verdict has the same code in each format, and is green of something alone', async () => {
    const ends: [string, number, string, (world: World) => void][] = [
      ['what is joined', 0, VERIFY_PEERS, () => undefined],
      [
        'the load balancer',
        0,
        VERIFY_PEERS.replace('web', '--load-balancer shared'),
        () => undefined,
      ],
      ['a member that is not listed', 3, `verify web --context ${PEER}`, () => undefined],
      [
        'a name that AWS does not know',
        2,
        `${VERIFY_PEERS} --load-balancer shred`,
        () => undefined,
      ],
      ['a flag that a person cleared', 3, VERIFY_PEERS, (world) => share(world, PEER, false)],
      [
        'targets that cannot be read',
        8,
        VERIFY_PEERS,
        (world) => {
          const match = /DescribeTargetHealth/;
          world.faults.add({ world: 'aws', match, kind: 'status', status: 403 });
        },
      ],
    ];
    await played('joined', async ({ nlbmc, world }) => {
      for (const [what, exit, line, arrange] of ends) {
        arrange(world);
        for (const [format, read] of Object.entries({
          table: undefined,
          json: JSON.parse,
          yaml: load,
        })) {
          const { code, stdout } = await nlbmc(`${line} -o ${format}`);
          expect({ what, format, code }).toEqual({ what, format, code: exit });
          if (read) expect(read(stdout)).toMatchObject({ apiVersion: 'nlbmc/v1', exit });
        }
      }
    });
  });
});
