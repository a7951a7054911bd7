import { createAll, type Clusters } from './apply.ts';
import { deployment, plainService } from './objects.ts';
import { arrangeWalkthrough } from './walkthrough.ts';

/** The app is in every cluster; the load balancer is the primary's alone. */
export function arrangeAutoMode(clusters: Clusters): void {
  arrangeWalkthrough(clusters);
  for (const { kube } of clusters.secondaries) {
    createAll(kube, deployment(2), plainService('ClusterIP'));
  }
}
