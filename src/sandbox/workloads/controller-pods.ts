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

/** The pods of the controller's Deployment, which crash while the process that is played is gone. */
export interface ControllerPods {
  setRunning(running: boolean): void;
  stop(): void;
}

/** Lets the controller's pods crash until the process is said to run. */
export function controllerPods(cluster: KubeCluster, kubelet: Kubelet): ControllerPods {
  let runs = false;
  const look = (deployment: KubeObject): void => {
    if (!isControllerDeployment(deployment)) return;
    for (const pod of cluster.list('pods', deployment.metadata.namespace)) {
      if (matchesLabels(deployment.spec.selector, pod.metadata.labels ?? {})) {
        kubelet.setCrashing(pod, !runs);
      }
    }
  };
  const stop = cluster.onChange('pods', ({ object, old }) => {
    if (old?.spec.nodeName === object.spec.nodeName) return;
    for (const one of cluster.list('deployments.apps', object.metadata.namespace)) look(one);
  });
  return {
    setRunning(running) {
      runs = running;
      for (const one of cluster.list('deployments.apps')) look(one);
    },
    stop,
  };
}
