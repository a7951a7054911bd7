import { createAll, type Clusters } from './apply.ts';
import { deployment, plainService } from './objects.ts';
import { arrangeWalkthrough } from './walkthrough.ts';

/** All is ready for the second cluster to join, but its controller does not know how to share. */
export function arrangeOldController(clusters: Clusters): void {
  arrangeWalkthrough(clusters);
  for (const { kube } of clusters.secondaries) {
    createAll(kube, deployment(2), plainService('ClusterIP'));
  }
}
