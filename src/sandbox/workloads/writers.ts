import type { Writer } from '../kube/cluster/writer.ts';

/** The components of a cluster that write here, as managedFields names them. */
export const controllerManager: Writer = {
  actor: 'workloads',
  manager: 'kube-controller-manager',
  internal: true,
};
export const scheduler: Writer = { ...controllerManager, manager: 'kube-scheduler' };
export const kubelet: Writer = { ...controllerManager, manager: 'kubelet' };
