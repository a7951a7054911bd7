import type { KubeCluster } from '../kube/cluster/cluster.ts';
import type { KubeObject } from '../kube/object.ts';
import { matchesLabels } from '../kube/selectors.ts';
import type { Kubelet } from './kubelet.ts';

/**
 * Whether this is the load balancer controller's Deployment. The controller's process is played
 * elsewhere in the sandbox and keeps the Deployment's status, which says whether it runs.
 */
export function isControllerDeployment(deployment: KubeObject): boolean {
  return deployment.metadata.labels?.['app.kubernetes.io/name'] === 'aws-load-balancer-controller';
}

/** Lets the controller's pods crash and recover with its Deployment's status. */
export function followController(cluster: KubeCluster, kubelet: Kubelet): { stop(): void } {
  const look = (deployment: KubeObject): void => {
    if (!isControllerDeployment(deployment)) return;
    const crashing = !deployment.status?.readyReplicas;
    for (const pod of cluster.list('pods', deployment.metadata.namespace)) {
      if (matchesLabels(deployment.spec.selector, pod.metadata.labels ?? {})) {
        kubelet.setCrashing(pod, crashing);
      }
    }
  };
  const stops = [
    cluster.onChange('deployments.apps', ({ object }) => look(object)),
    cluster.onChange('pods', ({ object, old }) => {
      if (old?.spec.nodeName === object.spec.nodeName) return;
      for (const one of cluster.list('deployments.apps', object.metadata.namespace)) look(one);
    }),
  ];
  return { stop: () => stops.forEach((stop) => stop()) };
}
