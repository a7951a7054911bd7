import type { KubeObject } from '../kube/object.ts';
import { createAll, type Clusters } from './apply.ts';

const NAME = 'ingress';
const LABELS = { app: NAME };
const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';

const PORTS = [
  { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' },
  // TLS ends at the load balancer: what comes in at 443 is plain HTTP too.
  { name: 'https', port: 443, targetPort: 'http', protocol: 'TCP' },
];

/** An ingress controller in every cluster, behind the load balancer of the first cluster's Service. */
export function arrangeIngress({ primary, secondaries, aws }: Clusters): void {
  const [certificate = ''] = aws.certificates;
  createAll(primary.kube, ingressDeployment(3), ingressService(certificate));
  for (const { kube } of secondaries) createAll(kube, ingressDeployment(2), plainService());
}

/** Its pods expect the proxy protocol header at port 80, as with nginx's use-proxy-protocol. */
export function ingressDeployment(replicas: number): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, labels: LABELS },
    spec: {
      replicas,
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          containers: [
            {
              name: 'controller',
              image: 'registry.k8s.io/ingress-nginx/controller:v1.12.1',
              env: [{ name: 'PROXY_PROTOCOL_PORTS', value: '80' }],
              ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }],
            },
          ],
        },
      },
    },
  };
}

function ingressService(certificate: string): KubeObject {
  const service = plainService();
  service.metadata.annotations = {
    [`${PREFIX}type`]: 'external',
    [`${PREFIX}nlb-target-type`]: 'ip',
    [`${PREFIX}scheme`]: 'internet-facing',
    [`${PREFIX}ssl-cert`]: certificate,
    [`${PREFIX}ssl-ports`]: 'https',
    [`${PREFIX}proxy-protocol`]: '*',
    [`${PREFIX}healthcheck-healthy-threshold`]: '2',
    [`${PREFIX}healthcheck-unhealthy-threshold`]: '2',
  };
  service['spec'].type = 'LoadBalancer';
  return service;
}

function plainService(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: NAME },
    spec: { type: 'ClusterIP', selector: LABELS, ports: PORTS },
  };
}
