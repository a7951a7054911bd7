import { stablePhases } from '../../../src/core/model/handover.ts';
import { createAll } from '../../../src/sandbox/scenarios/apply.ts';
import { deployment, plainService } from '../../../src/sandbox/scenarios/objects.ts';
import { fullSize } from '../../full-size.ts';
import { person } from '../../sandbox/handover/shared.ts';
import { onShared, type Way } from './ways.ts';
import { runAsListed } from './told-writes.ts';
import { balancersOf, groupsOf, type Scene, watched } from './watched.ts';

const FORWARD = 'handover nginx --old old --new new --yes';
const BACK = `${FORWARD} --back`;

const lbcWrites = ({ world }: Scene, from: number): readonly string[] =>
  world.journal.entries
    .slice(from)
    .filter((one) => one.world === 'aws' && one.mutating && one.actor.startsWith('lbc/'))
    .map(({ action }) => action ?? '');

interface Shown {
  readonly owner: { readonly kind: string; readonly context?: string };
}

async function ownerOf(scene: Scene): Promise<string> {
  const { stdout } = await watched(scene, 'show nginx --context old,new -o json');
  const { owner } = JSON.parse(stdout) as Shown;
  return owner.context ?? owner.kind;
}

async function expectUnnoticed(scene: Scene, line: string, owner: string): Promise<void> {
  const { world } = scene;
  const there = [balancersOf(world), groupsOf(world)];
  const run = await runAsListed(scene, line);
  if (run.code !== 0) throw new Error(run.stdout);
  expect(run).toMatchObject({ code: 0, missed: [], harmful: [] });
  // The event of the adoption was seen, and not in vain.
  expect(run.stdout).not.toMatch(/Not checked: that the controller/);
  expect([balancersOf(world), groupsOf(world)]).toEqual(there);
  expect(await ownerOf(scene)).toBe(owner);
  const verified = await watched(scene, 'verify nginx --context old,new');
  expect(verified.code).toBe(0);
}

const ways: readonly (readonly [string, Way])[] = [
  ['ip targets', {}],
  ['two ports', { kind: 'two-ports' }],
  ['instance targets', { kind: 'instance' }],
  ['a Service without a class', { withoutClass: true }],
  ['a group of the user for clients', { ownGroup: true }],
  ['a new owner that has not joined', { joined: false }],
];

// Outside CI one way, there and back.
test.each(fullSize ? ways : ways.slice(0, 1))(
  'handed over, back and over again, with %s: nobody notices',
  (_, way) =>
    onShared(way, async (scene) => {
      await expectUnnoticed(scene, FORWARD, 'new');
      const from = scene.world.journal.entries.length;
      const again = await watched(scene, FORWARD);
      expect(again.stdout).toMatch(/already handed over/);
      expect(
        scene.world.journal.entries
          .slice(from)
          .filter((one) => one.source === 'http' && one.mutating),
      ).toEqual([]);
      await expectUnnoticed(scene, BACK, 'old');
      if (fullSize) await expectUnnoticed(scene, FORWARD, 'new');
    }),
);

test('to a Service of another name in another namespace', () =>
  onShared({ joined: false }, async (scene) => {
    const { shared } = scene;
    const { kube } = shared.fresh;
    kube.create(
      'namespaces',
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      person,
    );
    const [app, service] = [deployment(2), plainService('ClusterIP')];
    app.metadata.namespace = 'shop';
    Object.assign(service.metadata, { namespace: 'shop', name: 'web' });
    createAll(kube, app, service);
    scene.world.settle();
    const line = `${FORWARD} --local-service shop/web`;
    const run = await runAsListed(scene, line);
    if (run.code !== 0) throw new Error(run.stdout);
    expect(run).toMatchObject({ code: 0, missed: [], harmful: [] });
    const adopted = kube.get('services', 'shop', 'web');
    expect(adopted?.metadata.finalizers).toEqual(['service.k8s.aws/resources']);
    expect((await watched(scene, line)).stdout).toMatch(/already handed over/);
    // The owner has nothing to join, least of all its secondary.
    const join = 'join nginx --context new --primary old --local-service shop/web --yes';
    const refused = await watched(scene, join);
    expect(refused).toMatchObject({ code: 5, harmful: [] });
    expect(refused.stdout).toMatch(/shop\/web of new owns the load balancer.*\(owner-elsewhere\)/);
    const [, typed = ''] = /next: nlbmc (verify .*)/.exec(refused.stdout) ?? [];
    expect((await watched(scene, typed)).code).toBe(0);
  }));

test.each(fullSize ? stablePhases : (['restart'] as const))(
  'stopped after the phase %s, and back',
  (phase) =>
    onShared({}, async (scene) => {
      const { world } = scene;
      const service = () => scene.shared.service(scene.shared.old)['spec'] as object;
      const before = service();
      const run = await runAsListed(scene, `${FORWARD} --until ${phase}`);
      if (run.code !== 0) throw new Error(run.stdout);
      expect(run).toMatchObject({ code: 0, missed: [], harmful: [] });
      const { stdout } = await watched(scene, 'verify nginx --context old,new');
      const done = phase === 'restart' ? 'retag' : phase;
      expect(stdout).toMatch(`phase ${done} is done`);
      for (const option of ['', ' --back'])
        expect(stdout).toContain(`nlbmc handover nginx -n default --old old --new new${option} `);
      expect(stdout).not.toMatch(/remove-tags/);
      const from = world.journal.entries.length;
      await expectUnnoticed(scene, BACK, 'old');
      expect(service()).toEqual(before);
      const wrote = scene.shared.wrote(from);
      if (phase !== 'adopt') expect(wrote).toEqual([]);
    }),
);

test('no cluster is to own it, and then one does again', () =>
  onShared({}, async (scene) => {
    const { world } = scene;
    const nobody = 'handover nginx --old old --new nobody --context new --yes';
    await expectUnnoticed(scene, nobody, 'none');
    const from = world.journal.entries.length;
    expect((await watched(scene, nobody)).stdout).toMatch(/already handed over/);
    expect(
      world.journal.entries.slice(from).filter((one) => one.source === 'http' && one.mutating),
    ).toEqual([]);
    expect(lbcWrites(scene, from)).toEqual([]);
    await expectUnnoticed(scene, `${nobody} --back`, 'old');
  }));

test('the owner is gone: the other cluster succeeds it', () =>
  onShared({}, async (scene) => {
    const { world, shared } = scene;
    shared.old.lbc.stop();
    for (const pod of shared.old.kube.list('pods', 'default')) {
      shared.old.kube.delete('pods', 'default', pod.metadata.name, person);
    }
    world.clock.advance(120_000);
    const own = shared.of(shared.fresh);
    const line = 'handover nginx --old old --new new --lost --yes';
    // Its nodes are instances that still run: that it does not come back is for a person to say.
    const asked = await watched(scene, line);
    expect([asked.code, asked.stderr]).toEqual([
      2,
      expect.stringContaining('--accept old-answers'),
    ]);
    const run = await runAsListed(scene, `${line} --accept old-answers`);
    if (run.code !== 0) throw new Error(run.stdout);
    expect(run).toMatchObject({ code: 0, harmful: [] });
    expect(own.filter((one) => !shared.targets().includes(one))).toEqual([]);
  }));
