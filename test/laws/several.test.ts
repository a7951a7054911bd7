import { load } from 'js-yaml';
import type { Report } from '../../src/core/plan/report.ts';
import { createAll } from '../../src/sandbox/scenarios/apply.ts';
import { deployment } from '../../src/sandbox/scenarios/objects.ts';
import { addresses, person, serving, takenOut } from '../commands/repair-acts.ts';
import { endState } from './end-state.ts';
import { inventory } from './inventory.ts';
import {
  ENROLL,
  onSeveral,
  REPLACE,
  type Several,
  type SeveralStage,
  type,
  ways,
} from './several.ts';
import { nameOf, onStage, PRI, type Stage } from './stage.ts';

const all: readonly Several[] = Object.values(ways);

const reported = async (stage: SeveralStage, line: string): Promise<Report> =>
  JSON.parse((await type(stage, `${line} -o json`)).stdout) as Report;

const written = ({ requests }: Stage, from: number) =>
  requests(from).filter(({ mutating }) => mutating);

/** Steps as data, without what only the server can give. */
const stepsOf = ({ plan }: Report): unknown =>
  JSON.parse(
    JSON.stringify(plan?.steps).replaceAll(/"resourceVersion":"\d+"/g, '"resourceVersion":"N"'),
  );

describe.each(all)('$name', (way) => {
  test('law 1: a dry run changes nothing, and is the plan that runs; law 2: a new plan has no steps', () =>
    onSeveral(way, async (stage, from) => {
      const was = endState(stage.world);
      const text = await type(stage, `${way.line} --dry-run`);
      expect([text.code, text.stdout !== '']).toEqual([0, true]);
      const pending = await type(stage, `${way.line} --dry-run --detailed-exitcode -o yaml`);
      expect(pending.code).toBe(4);
      const dry = await reported(stage, `${way.line} --dry-run`);
      expect(dry.plan?.steps).not.toEqual([]);
      expect(written(stage, from)).toEqual([]);
      expect(endState(stage.world)).toEqual(was);

      const real = await reported(stage, way.line);
      expect(real).toMatchObject({ exit: 0, problems: [] });
      expect(stepsOf(real)).toEqual(stepsOf(dry));
      stage.world.settle();

      const then = endState(stage.world);
      const start = stage.world.journal.entries.length;
      const again = await reported(stage, way.line);
      expect(again).toMatchObject({ exit: 0, writes: [], plan: { steps: [] } });
      expect(again.result).toMatch(/already|left/);
      expect((await type(stage, `${way.line} --dry-run --detailed-exitcode`)).code).toBe(0);
      expect(written(stage, start)).toEqual([]);
      expect(endState(stage.world)).toEqual(then);
    }));

  test('law 5: no target of another cluster leaves on the way', () =>
    onSeveral(way, async (stage, from) => {
      const { world } = stage;
      const leaving = way.leave.flatMap((cluster) => addresses(world, cluster));
      expect((await type(stage, way.line)).code).toBe(0);
      world.settle();
      expect([...takenOut(world, from)].toSorted()).toEqual(leaving.toSorted());
      const staying = way.stay.flatMap((cluster) => addresses(world, cluster));
      expect([...serving(world)].toSorted()).toEqual(staying.toSorted());
    }));
});

describe('law 6: one verdict, whatever the format', () => {
  const readers: readonly (readonly [string, ((text: string) => unknown) | undefined])[] = [
    ['table', undefined],
    ['json', JSON.parse],
    ['yaml', load],
  ];
  const down = (cluster: string) => ({
    world: 'kube' as const,
    cluster,
    kind: 'status' as const,
    status: 403,
  });
  const scale = (stage: Stage, cluster: string, replicas: number): void => {
    const { kube } = stage.world.cluster(cluster);
    const body = { spec: { replicas } };
    kube.patch('deployments.apps', 'default', 'nginx', { type: 'merge', body }, person);
    stage.world.settle();
  };
  const verifyByDocument: Several = {
    ...ways.leaveByDocument,
    line: 'verify nginx --context a,b --from - --max-age 24h',
  };
  const rows: readonly {
    readonly exit: number;
    readonly how: string;
    readonly way: Several;
    readonly arrange: (stage: Stage) => unknown;
  }[] = [
    {
      exit: 7,
      how: 'enroll of which one cluster cannot be read',
      way: ways.enroll,
      arrange: ({ world }) => world.faults.add(down('b')),
    },
    {
      exit: 8,
      how: 'enroll with a primary that cannot be read',
      way: ways.enroll,
      arrange: ({ world }) => world.faults.add(down(PRI)),
    },
    {
      exit: 3,
      how: 'enroll of a cluster without pods',
      way: ways.enroll,
      arrange: (stage) => scale(stage, 'b', 0),
    },
    {
      exit: 5,
      how: 'join by a document that has targets which are gone',
      way: ways.joinByDocument,
      arrange: (stage) => scale(stage, PRI, 1),
    },
    {
      exit: 7,
      how: 'join by a document, of which one cluster cannot be read',
      way: ways.joinByDocument,
      arrange: ({ world }) => world.faults.add(down('b')),
    },
    {
      exit: 0,
      how: 'verify by a document',
      way: verifyByDocument,
      arrange: () => undefined,
    },
    {
      exit: 3,
      how: 'verify by a document, of a cluster without pods',
      way: verifyByDocument,
      arrange: (stage) => scale(stage, 'a', 0),
    },
    {
      exit: 8,
      how: 'verify by a document, of a cluster that cannot be read',
      way: verifyByDocument,
      arrange: ({ world }) => world.faults.add(down('a')),
    },
    {
      exit: 7,
      how: 'leave of which one cluster cannot be read',
      way: ways.leave,
      arrange: ({ world }) => world.faults.add(down('b')),
    },
    {
      exit: 5,
      how: 'replace by a cluster without pods',
      way: ways.replace,
      arrange: (stage) => scale(stage, 'b', 0),
    },
    {
      exit: 8,
      how: 'replace of a cluster that cannot be read',
      way: ways.replace,
      arrange: ({ world }) => world.faults.add(down('a')),
    },
    {
      exit: 6,
      how: 'replace by a cluster whose controller has stopped',
      way: ways.replace,
      arrange: ({ world }) => world.cluster('b').lbc.pause(),
    },
  ];

  test.each(rows)('exit $exit: $how', ({ exit, way, arrange }) =>
    onSeveral(way, async (stage) => {
      arrange(stage);
      for (const [format, read] of readers) {
        const { code, stdout } = await type(stage, `${way.line} -o ${format}`);
        expect({ format, code }).toEqual({ format, code: exit });
        if (read) expect(read(stdout)).toMatchObject({ apiVersion: 'nlbmc/v1', exit });
      }
    }),
  );
});

describe('law 7: leaving takes back what enrolling made', () => {
  test.each([
    ['enroll', ways.enroll, `leave nginx --context a,b --primary ${PRI} --yes`],
    ['join of several clusters', ways.join, ways.leave.line],
    ['join of several clusters by a document', ways.joinByDocument, ways.leaveByDocument.line],
  ])('%s, then leave of the same clusters', (_, way, leave) =>
    onSeveral(way, async (stage) => {
      const { world } = stage;
      const of = (): readonly string[] =>
        inventory(world).kubernetes.filter((text) => /^[ab] /.test(text));
      const [was, targets] = [of(), [...serving(world)].toSorted()];
      expect((await type(stage, way.line)).code).toBe(0);
      expect((await type(stage, leave)).code).toBe(0);
      world.settle();
      expect(of()).toEqual(was);
      expect([...serving(world)].toSorted()).toEqual(targets);
    }),
  );

  test('replace and back again', () =>
    onSeveral(ways.replace, async (stage) => {
      const was = endState(stage.world).clusters;
      expect((await type(stage, REPLACE)).code).toBe(0);
      const back = REPLACE.replace('--old a --new b', '--old b --new a');
      expect((await type(stage, back)).code).toBe(0);
      stage.world.settle();
      expect(endState(stage.world).clusters).toEqual(was);
    }));
});

describe('law 8: every list is read to its last page, and every port counts', () => {
  test('enroll and replace of two ports with pages of one', () =>
    onSeveral({ ...ways.replace, scenario: 'multi-port', earlier: [] }, async (stage) => {
      const { world } = stage;
      world.aws.pageSize = 1;
      for (const { kube } of world.clusters.values()) kube.pageSize = 1;
      expect((await type(stage, ENROLL.replace('a,b', 'a'))).code).toBe(0);
      expect((await type(stage, REPLACE)).code).toBe(0);
      const { verdict, exit } = await reported(stage, `verify nginx --context ${PRI},b`);
      expect(exit).toBe(0);
      expect(verdict?.ports.map(({ port, members }) => [port, members.length])).toEqual([
        [80, 2],
        [8080, 2],
      ]);
      expect(stage.requests().some((one) => nameOf(one).includes('continue='))).toBe(true);
    }));

  test('join and verify of two ports by a document with pages of one', () =>
    onSeveral({ ...ways.joinByDocument, scenario: 'multi-port' }, async (stage) => {
      const { world } = stage;
      world.aws.pageSize = 1;
      for (const { kube } of world.clusters.values()) kube.pageSize = 1;
      expect((await type(stage, ways.joinByDocument.line)).code).toBe(0);
      const { verdict, exit } = await reported(
        stage,
        'verify nginx --context a,b --from - --max-age 24h',
      );
      expect(exit).toBe(0);
      expect(verdict?.ports.map(({ port, members }) => [port, members.length])).toEqual([
        [80, 3],
        [8080, 3],
      ]);
    }));
});

test('law 2: where one cluster came later, only what is missing is done', () =>
  onStage('deployed', async (found) => {
    const stage = { ...found, document: '' };
    const line = `enroll nginx --primary ${PRI} --context sec-eks-clu1 --yes --create-service`;
    const { kube } = stage.world.cluster('sec-eks-clu1');
    for (const kind of ['services', 'deployments.apps'])
      kube.delete(kind, 'default', 'nginx', person);
    stage.world.settle();
    expect((await reported(stage, line)).exit).toBe(3);
    createAll(kube, deployment(2));
    stage.world.settle();
    expect(await reported(stage, line)).toMatchObject({ exit: 0, result: 'already enrolled' });
  }));
