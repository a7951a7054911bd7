import { createAll, type Clusters } from './apply.ts';
import { manifest } from './manifests.ts';
import { deployment, plainService } from './objects.ts';

const IP_ADDRESS_TYPE = 'service.beta.kubernetes.io/aws-load-balancer-ip-address-type';

/** Pods and Services have IPv6 addresses alone; the load balancer has both, as IPv6 targets need it. */
export function arrangeIpv6({ primary, secondaries }: Clusters): void {
  const service = manifest('app/service-existing.yaml');
  service.metadata.annotations = {
    ...service.metadata.annotations,
    [IP_ADDRESS_TYPE]: 'dualstack',
  };
  createAll(primary.kube, deployment(3), service);
  for (const { kube } of secondaries) createAll(kube, deployment(2), plainService('ClusterIP'));
}
