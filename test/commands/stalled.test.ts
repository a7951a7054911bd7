import { onStage, PRI, SEC, VERIFY } from '../laws/stage.ts';
import type { World } from '../../src/sandbox/world.ts';
import { person } from './repair-acts.ts';

/** One pod more in the secondary. */
function scaleUp(world: World): void {
  const body = { spec: { replicas: 3 } };
  world
    .cluster(SEC)
    .kube.patch('deployments.apps', 'default', 'nginx', { type: 'merge', body }, person);
  world.clock.advance(60_000);
}

test('a controller that hangs and still reports ready: converging at first, then stalled', () =>
  onStage('joined', async ({ world, nlbmc }) => {
    world.cluster(SEC).lbc.pause();
    scaleUp(world);
    const soon = await nlbmc(VERIFY);
    expect(soon.code).toBe(3);
    expect(soon.stdout).toContain('(target-converging)');
    expect(soon.stdout).not.toContain('controller-stalled');
    world.clock.advance(600_000);
    const late = await nlbmc(`${VERIFY} --wait --timeout 10s`);
    expect(late.code).toBe(3);
    expect(late.stdout).toMatch(
      /neither the endpoints nor the binding have changed for 1\d minutes, so the controller hangs, its reconcile fails each time, or it counts this as done\. +\(controller-stalled\)/,
    );
    expect(late.stdout).toContain(`kubectl --context ${SEC} -n kube-system logs `);
    world.cluster(SEC).lbc.resume();
    world.settle();
    world.clock.advance(60_000);
    expect(await nlbmc(VERIFY)).toMatchObject({ code: 0 });
  }));

test('a wait that runs out names something to look at, not the wait again', () =>
  onStage('joined', async ({ world, nlbmc }) => {
    world.cluster(SEC).lbc.pause();
    scaleUp(world);
    const { stdout } = await nlbmc(`${VERIFY} --wait --timeout 20s`);
    expect(stdout).toContain('did not become green within');
    expect(stdout).toContain(
      `kubectl --context ${SEC} -n default describe targetgroupbinding.elbv2.k8s.aws nginx`,
    );
    expect(stdout).not.toContain('verify nginx --wait');
    expect(stdout).toContain(PRI);
  }));
