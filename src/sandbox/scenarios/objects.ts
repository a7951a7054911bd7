import type { KubeObject } from '../kube/object.ts';
import { manifest } from './manifests.ts';

/** The practice Deployment with `replicas` pods. */
export function deployment(replicas: number): KubeObject {
  const object = manifest('app/deployment.yaml');
  object.spec.replicas = replicas;
  return object;
}

/** The practice Deployment, listening on 8080 too. */
export function twoPortDeployment(replicas: number): KubeObject {
  const object = deployment(replicas);
  object.spec.template.spec.containers[0].ports.push({ name: 'admin', containerPort: 8080 });
  return object;
}

/** A Deployment of one container, labelled by its name. */
export const deploymentOf = (name: string, replicas: number, container: object): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels: { app: name } },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [container] } },
  },
});

/** A Service of that Deployment that brings no load balancer. */
export const serviceOf = (name: string, ports: readonly object[]): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { type: 'ClusterIP', selector: { app: name }, ports },
});

/** The same Service with an internet-facing load balancer of ip targets, and what `notes` say of it. */
export function balanced(service: KubeObject, notes: Readonly<Record<string, string>>): KubeObject {
  const all = {
    type: 'external',
    'nlb-target-type': 'ip',
    scheme: 'internet-facing',
    'healthcheck-healthy-threshold': '2',
    'healthcheck-unhealthy-threshold': '2',
    ...notes,
  };
  service.metadata.annotations = Object.fromEntries(
    Object.entries(all).map(([key, value]) => [
      `service.beta.kubernetes.io/aws-load-balancer-${key}`,
      value,
    ]),
  );
  service['spec'].type = 'LoadBalancer';
  return service;
}

/** A Service for the practice Deployment that brings no load balancer. */
export function plainService(type: 'ClusterIP' | 'NodePort'): KubeObject {
  const service = manifest('app/service-secondary.yaml');
  service.spec.type = type;
  return service;
}

/** The practice app's Deployment or Service under another name, its pods included. */
export function appNamed(name: string, object: KubeObject): KubeObject {
  const labels = { app: name };
  object.metadata.name = name;
  if (object.kind === 'Service') {
    object.spec.selector = labels;
    return object;
  }
  object.metadata.labels = labels;
  object.spec.selector.matchLabels = labels;
  object.spec.template.metadata.labels = labels;
  return object;
}

/** The same Service with 8080 as a second port. */
export function withSecondPort(service: KubeObject): KubeObject {
  service.spec.ports.push({ name: 'admin', port: 8080, targetPort: 8080, protocol: 'TCP' });
  return service;
}
