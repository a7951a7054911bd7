import type { Report } from '../../src/core/plan/report.ts';
import type { World } from '../../src/sandbox/world.ts';
import { expectGolden } from '../golden/golden.ts';
import { onTlsStage, PRI, SEC, VERIFY } from '../laws/stage.ts';
import {
  addresses,
  bindingIn,
  BINDINGS,
  deregister,
  person,
  recordMore,
  recordOf,
  register,
  serving,
  takenOut,
} from './repair-acts.ts';
import { roundTrips } from './round-trips.ts';

const REPAIR = `repair nginx --context ${PRI},${SEC} --yes`;
const everybody = (world: World) => [...addresses(world, PRI), ...addresses(world, SEC)].toSorted();

test('a generated binding that was deleted comes back, shared, and takes nobody out', () =>
  onTlsStage('joined', async ({ world, nlbmc }) => {
    const { name } = bindingIn(world, PRI).metadata;
    world.primary.kube.delete(BINDINGS, 'default', name, person);
    world.settle();
    expect(serving(world)).toEqual(addresses(world, SEC));
    const from = world.journal.entries.length;
    const { code, stdout, stderr } = await nlbmc(REPAIR);
    expect([code, stdout, stderr]).toEqual([
      0,
      expect.stringContaining('repaired'),
      expect.any(String),
    ]);
    expect(bindingIn(world, PRI)['spec']).toMatchObject({ multiClusterTargetGroup: true });
    expect(serving(world)).toEqual(everybody(world));
    expect(takenOut(world, from)).toEqual([]);
    expect(await nlbmc(VERIFY)).toMatchObject({ code: 0 });
  }));

test.each([
  ['at once', 0],
  ['two minutes after the controller has looked', 120_000],
  ['ten minutes after', 600_000],
])('endpoints that somebody took out are registered again: %s', (_, laterMs) =>
  onTlsStage('joined', async ({ world, nlbmc }) => {
    world.clock.advance(laterMs);
    const gone = addresses(world, SEC);
    deregister(world, gone);
    world.clock.advance(1000);
    expect(await nlbmc(VERIFY)).toMatchObject({ code: 3 });
    const { code, stdout, stderr } = await nlbmc(REPAIR);
    expect([code, `${stdout}\n${stderr}`]).toEqual([0, expect.stringContaining('repaired')]);
    expect(serving(world)).toEqual(everybody(world));
    world.clock.advance(120_000);
    expect(await nlbmc(VERIFY)).toMatchObject({ code: 0 });
    expect(await nlbmc(REPAIR)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing to repair'),
    });
  }),
);

/** What a repair does in the end, by hand: the controller looks in full at a cluster's binding. */
function lookInFull(world: World, cluster: string): void {
  const { name } = bindingIn(world, cluster).metadata;
  const body = { metadata: { annotations: { 'elbv2.k8s.aws/checkpoint': '' } } };
  world.cluster(cluster).kube.patch(BINDINGS, 'default', name, { type: 'merge', body }, person);
  // Not until all has settled: that would take longer than the controller keeps its list.
  world.clock.advance(5_000);
}

test('a look that comes too early is a false success; the repair looks again, and says why', () =>
  onTlsStage('joined', async ({ world, nlbmc }) => {
    world.clock.advance(600_000);
    lookInFull(world, SEC);
    deregister(world, addresses(world, SEC).slice(0, 1));
    lookInFull(world, SEC);
    expect(bindingIn(world, SEC).metadata.annotations?.['elbv2.k8s.aws/checkpoint']).not.toBe('');
    expect(serving(world)).not.toEqual(everybody(world));
    const { code, stderr } = await nlbmc(REPAIR);
    expect(code).toBe(0);
    expect(stderr).toContain('a list of targets that may be 5 minutes old');
    expect(serving(world)).toEqual(everybody(world));
  }));

test('what a controller tracks, and nobody answers at, is taken out by that controller', () =>
  onTlsStage('joined', async ({ world, nlbmc }) => {
    recordMore(world, SEC, ['10.0.64.200']);
    register(world, ['10.0.64.200']);
    world.clock.advance(600_000);
    expect(await nlbmc(VERIFY)).toMatchObject({ code: 3 });
    const from = world.journal.entries.length;
    expect(await nlbmc(REPAIR)).toMatchObject({ code: 0 });
    expect(takenOut(world, from)).toEqual(['10.0.64.200']);
    expect(recordOf(world, SEC)).toEqual(addresses(world, SEC));
    world.clock.advance(400_000);
    expect(await nlbmc(VERIFY)).toMatchObject({ code: 0 });
  }));

test('the binding is mended after few round trips', () =>
  onTlsStage('joined', async ({ sandbox, world, nlbmc }) => {
    deregister(world, addresses(world, SEC));
    expect(await roundTrips(sandbox, () => nlbmc(REPAIR), 'PATCH')).toBeLessThanOrEqual(6);
  }));

test('what cannot be mended is listed, with the reason and what to type', () =>
  onTlsStage('enabled', async ({ nlbmc }) => {
    const { code, stdout } = await nlbmc(`${REPAIR} -o json`);
    const report = JSON.parse(stdout) as Report;
    expect(code).toBe(5);
    expect(report.problems).toEqual([
      expect.objectContaining({
        code: 'member-missing',
        details: [expect.stringContaining('Why not:')],
        hints: [expect.objectContaining({ text: expect.stringContaining('nlbmc join') })],
      }),
    ]);
    expectGolden('repair-explained.txt', (await nlbmc(REPAIR)).stdout);
  }));
