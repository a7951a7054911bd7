import type { KubeObject } from '../kube/object.ts';
import { createAll, type Clusters } from './apply.ts';
import { balanced, deploymentOf, serviceOf } from './objects.ts';

const NAME = 'ingress';

const PORTS = [
  { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' },
  // TLS ends at the load balancer: what comes in at 443 is plain HTTP too.
  { name: 'https', port: 443, targetPort: 'http', protocol: 'TCP' },
];

/** An ingress controller in every cluster, behind the load balancer of the first cluster's Service. */
export function arrangeIngress({ primary, secondaries, aws }: Clusters): void {
  const [certificate = ''] = aws.certificates;
  const service = balanced(serviceOf(NAME, PORTS), {
    'ssl-cert': certificate,
    'ssl-ports': 'https',
    'proxy-protocol': '*',
  });
  createAll(primary.kube, ingressDeployment(3), service);
  for (const { kube } of secondaries) {
    createAll(kube, ingressDeployment(2), serviceOf(NAME, PORTS));
  }
}

/** Its pods expect the proxy protocol header at port 80, as with nginx's use-proxy-protocol. */
export const ingressDeployment = (replicas: number): KubeObject =>
  deploymentOf(NAME, replicas, {
    name: 'controller',
    image: 'registry.k8s.io/ingress-nginx/controller:v1.12.1',
    env: [{ name: 'PROXY_PROTOCOL_PORTS', value: '80' }],
    ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }],
  });
