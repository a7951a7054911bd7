import type { World } from '../../src/sandbox/world.ts';
import { SEC } from '../laws/stage.ts';
import { person } from './repair-acts.ts';

/**
 * The secondary goes without leaving: its controller, its pods and its nodes with their addresses.
 * Its targets stay registered, and fail their health checks, until somebody purges them.
 */
export const loseSecondary = (world: World): void => loseCluster(world, SEC);

/** The same with any cluster. */
export function loseCluster(world: World, name: string): void {
  const { kube, lbc } = world.cluster(name);
  lbc.stop();
  for (const { metadata } of kube.list('deployments.apps', 'default'))
    kube.delete('deployments.apps', 'default', metadata.name, person);
  world.clock.advance(120_000);
  for (const { spec } of kube.list('nodes')) {
    const id = /i-[0-9a-f]+$/.exec((spec as { providerID: string }).providerID)?.[0];
    if (id !== undefined) world.aws.network.terminateInstance(id);
  }
}
