import type { World } from '../world.ts';
import { createAll } from './apply.ts';
import { manifest } from './manifests.ts';
import { deployment } from './objects.ts';

/** The state after the walkthrough's prerequisites: three pods behind an NLB, nothing elsewhere. */
export function arrangeWalkthrough(world: World): void {
  createAll(world.primary.kube, deployment(3), manifest('app/service-existing.yaml'));
}
