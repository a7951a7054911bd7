import type { World } from '../world.ts';
import { createAll } from './apply.ts';
import { deployment } from './objects.ts';

/** Pods in the primary; its Service is for the person to create, shared from the start. */
export function arrangeNewWorkload(world: World): void {
  createAll(world.primary.kube, deployment(3));
}
