import type { KubeObject } from '../kube/object.ts';
import { createAll, type Clusters } from './apply.ts';

const NAME = 'dns';
const LABELS = { app: NAME };
const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';

/**
 * Name servers in every cluster. Port 53 over UDP and TCP is one listener and one target group, since a
 * load balancer cannot have two listeners of one number.
 */
export function arrangeDns({ primary, secondaries }: Clusters): void {
  createAll(primary.kube, dnsDeployment(3), dnsService());
  for (const { kube } of secondaries) createAll(kube, dnsDeployment(2), plainService());
}

function dnsDeployment(replicas: number): KubeObject {
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
              name: 'coredns',
              image: 'registry.k8s.io/coredns/coredns:v1.12.0',
              ports: [
                { name: 'dns', containerPort: 53, protocol: 'UDP' },
                { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
              ],
            },
          ],
        },
      },
    },
  };
}

function dnsService(): KubeObject {
  const service = plainService();
  service.metadata.annotations = {
    [`${PREFIX}type`]: 'external',
    [`${PREFIX}nlb-target-type`]: 'ip',
    [`${PREFIX}scheme`]: 'internet-facing',
    [`${PREFIX}enable-tcp-udp-listener`]: 'true',
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
    spec: {
      type: 'ClusterIP',
      selector: LABELS,
      ports: [
        { name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53, targetPort: 53, protocol: 'TCP' },
      ],
    },
  };
}
