import { createAll, type Clusters } from './apply.ts';
import { manifest } from './manifests.ts';
import { deployment, plainService } from './objects.ts';

const TARGET_TYPE = 'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type';

/** The load balancer's targets are nodes: the app is in every cluster, behind node ports. */
export function arrangeInstance({ primary, secondaries }: Clusters): void {
  const service = manifest('app/service-existing.yaml');
  service.metadata.annotations = { ...service.metadata.annotations, [TARGET_TYPE]: 'instance' };
  createAll(primary.kube, deployment(3), service);
  for (const { kube } of secondaries) createAll(kube, deployment(2), plainService('NodePort'));
}
