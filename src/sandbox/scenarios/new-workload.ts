import { createAll, type Clusters } from './apply.ts';
import { deployment } from './objects.ts';

/** Pods in the primary; its Service is for the person to create, shared from the start. */
export function arrangeNewWorkload(clusters: Clusters): void {
  createAll(clusters.primary.kube, deployment(3));
}
