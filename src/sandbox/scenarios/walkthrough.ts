import { createAll, type Clusters } from './apply.ts';
import { manifest } from './manifests.ts';
import { deployment } from './objects.ts';

/** The state after the walkthrough's prerequisites: three pods behind an NLB, nothing elsewhere. */
export function arrangeWalkthrough(clusters: Clusters): void {
  createAll(clusters.primary.kube, deployment(3), manifest('app/service-existing.yaml'));
}
