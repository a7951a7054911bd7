import type { KubeObject } from '../kube/object.ts';
import { createAll, type Clusters } from './apply.ts';
import { balanced, deploymentOf, serviceOf } from './objects.ts';

const NAME = 'dns';

const PORTS = [
  { name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' },
  { name: 'dns-tcp', port: 53, targetPort: 53, protocol: 'TCP' },
];

const CONTAINER = {
  name: 'coredns',
  image: 'registry.k8s.io/coredns/coredns:v1.12.0',
  ports: PORTS.map(({ name, port, protocol }) => ({ name, containerPort: port, protocol })),
};

/**
 * Name servers in every cluster. Port 53 over UDP and TCP is one listener and one target group, since a
 * load balancer cannot have two listeners of one number.
 */
export function arrangeDns({ primary, secondaries }: Clusters): void {
  const servers = (replicas: number): KubeObject => deploymentOf(NAME, replicas, CONTAINER);
  const service = balanced(serviceOf(NAME, PORTS), { 'enable-tcp-udp-listener': 'true' });
  createAll(primary.kube, servers(3), service);
  for (const { kube } of secondaries) createAll(kube, servers(2), serviceOf(NAME, PORTS));
}
