import type { World } from '../world.ts';
import { createAll } from './apply.ts';
import { deployment, plainService } from './objects.ts';
import { arrangeWalkthrough } from './walkthrough.ts';

/** All is ready for the second cluster to join, but its controller does not know how to share. */
export function arrangeOldController(world: World): void {
  arrangeWalkthrough(world);
  for (const { kube } of world.secondaries) {
    createAll(kube, deployment(2), plainService('ClusterIP'));
  }
}
