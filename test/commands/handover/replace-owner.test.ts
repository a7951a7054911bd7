import { clusterTag, resourceTag, stackTag } from '../../../src/core/observed/owner-tags.ts';
import { fullSize } from '../../full-size.ts';
import { createAll } from '../../../src/sandbox/scenarios/apply.ts';
import { deployment, plainService } from '../../../src/sandbox/scenarios/objects.ts';
import type { WorldCluster } from '../../../src/sandbox/world.ts';
import { BINDINGS, person, type Shared } from '../../sandbox/handover/shared.ts';
import { EVERYTHING, giveRole } from '../../sandbox/kube/roles.ts';
import { writesSince } from '../harness.ts';
import { onShared, type Way } from './ways.ts';
import { balancersOf, groupsOf, type Scene, watched } from './watched.ts';

const REPLACE = 'replace nginx --old old --new new --no-record --yes';

interface Told {
  readonly result: string;
  readonly exit: number;
  readonly problems: readonly {
    readonly code: string;
    readonly saves?: number;
    readonly hints?: readonly { readonly text: string }[];
  }[];
  readonly writes?: readonly { readonly undo: { readonly text: string } }[];
  readonly plan?: { readonly steps: readonly { readonly kind: string; readonly phase?: string }[] };
}

interface Stage extends Scene {
  readonly shared: Shared;
}

const told = async (scene: Scene, line: string) => {
  const run = await watched(scene, `${line} -o json`);
  return { ...run, report: JSON.parse(run.stdout) as Told };
};

/** OLD has left, NEW owns the load balancer, and nothing was made or deleted in AWS but OLD's own targets. */
async function expectReplaced(scene: Stage, line: string, service = 'nginx'): Promise<Told> {
  const { world, sandbox, shared } = scene;
  const there = [balancersOf(world), groupsOf(world)];
  const { report, harmful } = await told(scene, line);
  expect(report).toMatchObject({ exit: 0, result: 'replaced', problems: [] });
  // The placeholder of the handover goes, and OLD's controller deregisters its own targets.
  expect(harmful.filter((one) => !/DeregisterTargets|DeleteTargetGroup/.test(one))).toEqual([]);
  expect([balancersOf(world), groupsOf(world)]).toEqual(there);
  expect([shared.bindings(shared.old), shared.of(shared.old)]).toEqual([[], []]);
  expect((await watched(scene, `verify ${service} --context new`)).code).toBe(0);
  const from = world.journal.entries.length;
  expect((await told(scene, line)).report).toMatchObject({ exit: 0, result: 'already replaced' });
  expect(writesSince(sandbox, from)).toEqual([]);
  return report;
}

const ways: readonly (readonly [string, Way, string | undefined])[] = [
  ['one whose Service has another name', { joined: false }, 'web'],
  // The runs that are cut off play the others to their end, too: these with CI=true.
  ...(fullSize
    ? [
        ['one that has joined', {}, undefined] as const,
        ['one that has not joined', { joined: false }, undefined] as const,
      ]
    : []),
];

test.each(ways)('the owner is replaced by %s: handed over, then it leaves', (_, way, service) =>
  onShared(way, async (scene) => {
    if (service === undefined) {
      await expectReplaced(scene, REPLACE);
      return;
    }
    const { kube } = scene.shared.fresh;
    const other = plainService('ClusterIP');
    other.metadata.name = service;
    kube.delete('services', 'default', 'nginx', person);
    createAll(kube, other);
    scene.world.settle();
    const { writes } = await expectReplaced(
      scene,
      `${REPLACE} --local-service ${service}`,
      service,
    );
    // Judged again after the handover, the old owner still leaves with its own Service.
    expect(writes?.at(-1)?.undo.text).toBe(
      `nlbmc join ${service} -n default --context old --primary new --local-service default/nginx`,
    );
    // Typed the wrong way round, the owner cannot join the one that has left; the hint can.
    const join = `join nginx --context new --primary old --local-service ${service} --yes`;
    const [problem, ...more] = (await told(scene, join)).report.problems;
    expect([problem?.code, more]).toEqual(['owner-elsewhere', []]);
    const typed = problem?.hints?.[0]?.text.replace(/^nlbmc /, '') ?? '';
    expect((await told(scene, `${typed} --dry-run`)).report.exit).toBe(0);
  }),
);

test('the whole of it is planned in a dry run: the join, each phase, and what is not planned yet', () =>
  onShared({ joined: false }, async (scene) => {
    const from = scene.world.journal.entries.length;
    const { report } = await told(scene, `${REPLACE} --dry-run`);
    expect(report.exit).toBe(0);
    const { steps } = report.plan!;
    expect(steps[0]?.kind).toBe('apply-binding');
    const phases = steps.flatMap(({ phase }) => phase ?? []);
    expect([...new Set(phases)]).toEqual(['release', 'retag', 'restart', 'adopt', 'finish']);
    expect(writesSince(scene.sandbox, from)).toEqual([]);
  }));

test('a DNS record of the old owner has to be accepted before anything is written', () =>
  onShared({}, async (scene) => {
    const { shared, world, sandbox } = scene;
    shared.merge(shared.old, 'services', 'nginx', {
      metadata: { annotations: { 'external-dns.alpha.kubernetes.io/hostname': 'shop.example' } },
    });
    const from = world.journal.entries.length;
    const run = await watched(scene, REPLACE);
    expect([2, 5]).toContain(run.code);
    expect(`${run.stdout}${run.stderr}`).toMatch(/dns-owner/);
    expect(writesSince(sandbox, from)).toEqual([]);
    expect((await watched(scene, `${REPLACE} --accept dns-owner --dry-run`)).code).toBe(0);
  }));

test('a Service that nlbmc did not make is not deleted: that is said before the join', () =>
  onShared({}, async (scene) => {
    const from = scene.world.journal.entries.length;
    const { report } = await told(scene, `${REPLACE} --delete-service`);
    expect(report.exit).toBe(5);
    expect(report.problems.map(({ code }) => code)).toEqual(['service-not-ours']);
    expect(writesSince(scene.sandbox, from)).toEqual([]);
  }));

test.each([
  ['has joined', {}],
  ['has not joined', { joined: false }],
])('what would keep the owner from leaving at the end refuses it all; the new one %s', (_, way) =>
  onShared(way, async (scene) => {
    const from = scene.world.journal.entries.length;
    const line = `${REPLACE} --min-healthy 9`;
    const { report } = await told(scene, line);
    expect(report.exit).toBe(5);
    expect(report.problems).toEqual([
      expect.objectContaining({
        code: 'below-floor',
        saves: scene.shared.of(scene.shared.old).length,
      }),
    ]);
    expect(writesSince(scene.sandbox, from)).toEqual([]);
    const accepted = await told(
      scene,
      `${line} --accept removing=${report.problems[0]?.saves} --dry-run`,
    );
    expect(accepted.report.exit).toBe(0);
    expect(accepted.report.plan!.steps.at(-1)?.kind).toBe('delete-binding');
  }),
);

/** Of these clusters a user may do everything, but sees bindings in one namespace only. */
function narrowSight(one: WorldCluster, namespace: string): void {
  giveRole(one.kube, 'app-team', '', EVERYTHING);
  const all = [null, ...one.kube.list('namespaces').map(({ metadata }) => metadata.name)];
  for (const other of all.filter((name) => name !== namespace))
    one.kube.access.deny({ user: 'app-team', resource: BINDINGS, namespace: other });
}

/** The new cluster has its Service in a namespace of its own. */
function moveFresh({ shared: { fresh, old }, world }: Stage): void {
  const metadata = { name: 'team' };
  fresh.kube.delete('services', 'default', 'nginx', person);
  fresh.kube.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata }, person);
  for (const object of [deployment(2), plainService('ClusterIP')]) {
    object.metadata.namespace = 'team';
    createAll(fresh.kube, object);
  }
  world.clock.advance(120_000);
  narrowSight(old, 'default');
  narrowSight(fresh, 'team');
}

const LOCAL = '--local-service team/nginx';
const LEAVES = { kind: 'delete-binding', cluster: 'old' };

describe('where bindings may be listed in one namespace only, and the Services are in different ones', () => {
  const asTeam = `${REPLACE} ${LOCAL} --as app-team`;
  const last = async (scene: Scene) =>
    (await told(scene, `${asTeam} --dry-run`)).report.plan?.steps.at(-1);

  test('the new cluster joins first, as the hint says, and the owner is replaced', () =>
    onShared({ joined: false }, async (scene) => {
      moveFresh(scene);
      const { report } = await told(scene, asTeam);
      expect(report).toMatchObject({ exit: 8, writes: [] });
      const [hint, ...others] = report.problems.flatMap(({ hints = [] }) => hints);
      expect(hint?.text).toMatch(/^nlbmc join nginx .*--context new --primary old/);
      // Each hint about both clusters has the name that the Service has in the other one.
      for (const { text } of others.filter((one) => one.text.includes('nlbmc verify')))
        expect(text).toContain(LOCAL);
      const join = `${hint!.text.replace(/^nlbmc /, '')} --yes`;
      expect((await watched(scene, join)).code).toBe(0);
      expect(await last(scene)).toMatchObject(LEAVES);
      if (fullSize) await expectReplaced(scene, asTeam, 'nginx -n team');
    }));

  // It takes seconds: with CI=true.
  (fullSize ? test : test.skip)('the old owner leaves after a handover by hand', () =>
    onShared({ joined: false }, async (scene) => {
      moveFresh(scene);
      const handover = `handover nginx --old old --new new ${LOCAL} --yes`;
      expect((await watched(scene, handover)).code).toBe(0);
      expect(await last(scene)).toMatchObject(LEAVES);
    }),
  );
});

const CUT = 'handover nginx --old old --new new --until release --yes';

test('in the middle of a handover to a cluster that has not joined, the replace goes on with it', () =>
  onShared({ joined: false }, async (scene) => {
    expect((await watched(scene, CUT)).code).toBe(0);
    // Its two endpoints are registered when the old owner leaves, and a third one is not.
    const refused = await told(scene, `${REPLACE} --min-healthy 3`);
    expect(refused.report.problems.map(({ code }) => code)).toEqual(['below-floor']);
    const { report } = await told(scene, `${REPLACE} --min-healthy 2 --dry-run`);
    expect(report).toMatchObject({ exit: 0, problems: [] });
    expect(report.plan!.steps.at(-1)?.kind).toBe('delete-binding');
    if (fullSize) await expectReplaced(scene, REPLACE);
  }));

/** What the controllers find the load balancer by, taken off by hand. */
function untag({ shared }: Stage): void {
  const ResourceArns = shared.balancers.map((one) => one['LoadBalancerArn'] as string);
  const TagKeys = [clusterTag, stackTag, resourceTag];
  shared.aws('elbv2.RemoveTags', { ResourceArns, TagKeys });
}

test.each([
  ['has joined', {}],
  ['has not joined', { joined: false }],
])('without tags, the owner is handed over and replaced all the same; the new one %s', (_, way) =>
  onShared(way, async (scene) => {
    untag(scene);
    const kinds = ({ report }: { readonly report: Told }) =>
      report.plan?.steps.map(({ kind, phase }) => `${phase ?? ''} ${kind}`);
    const handed = await told(scene, 'handover nginx --old old --new new --dry-run');
    const replaced = await told(scene, `${REPLACE} --dry-run`);
    expect([handed.report.exit, replaced.report.exit]).toEqual([0, 0]);
    const leaving = [' wait', ' delete-binding'];
    expect(kinds(replaced)).toEqual([...kinds(handed)!, ...leaving]);
    if (fullSize) await expectReplaced(scene, REPLACE);
  }),
);

// To the end it takes seconds for each cut: with CI=true.
const cuts = fullSize ? [2, 5, 9, 14, 18] : [9];

test.each(cuts)('cut off after write %s, the same command goes on', (most) =>
  onShared({}, async (scene) => {
    const { world, sandbox } = scene;
    const from = world.journal.entries.length;
    const stop = new AbortController();
    await watched(scene, REPLACE, {
      signal: stop.signal,
      onStep: () => {
        if (writesSince(sandbox, from).length >= most) stop.abort('SIGINT');
      },
    });
    expect(writesSince(sandbox, from).length).toBeGreaterThanOrEqual(most);
    await expectReplaced(scene, REPLACE);
  }),
);
