import { createAll, type Clusters } from './apply.ts';
import { manifest } from './manifests.ts';
import { plainService, twoPortDeployment, withSecondPort } from './objects.ts';

/** Two ports, so two target groups; the app is in every cluster already. */
export function arrangeMultiPort({ primary, secondaries }: Clusters): void {
  const service = withSecondPort(manifest('app/service-existing.yaml'));
  createAll(primary.kube, twoPortDeployment(3), service);
  for (const { kube } of secondaries) {
    createAll(kube, twoPortDeployment(2), withSecondPort(plainService('ClusterIP')));
  }
}
