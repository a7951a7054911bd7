import { appNamed, twoPortDeployment } from '../../src/sandbox/scenarios/objects.ts';
import type { KubeObject } from '../../src/sandbox/kube/object.ts';

/**
 * A pod as the practice Deployment makes them (templates/app/deployment.yaml, with the second port
 * of the sandbox's scenario multi-port), bound to a node. Both worlds create it so. `app` is its label.
 */
export function podOf(name: string, nodeName: string, app = 'nginx'): KubeObject {
  const { metadata, spec } = appNamed(app, twoPortDeployment(1))['spec'].template;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: metadata.labels },
    spec: { ...spec, nodeName },
  };
}

export const namespaceOf = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
});
