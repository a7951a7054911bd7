import { apiVersionOf } from '../model/flavours.ts';
import type { Binding } from '../model/kubernetes.ts';
import type { ClusterStep, KubeDocument } from './plan.ts';

/** The step that sets or clears `multiClusterTargetGroup` of a binding, as it was read. */
export const flagStep = (
  cluster: string,
  { namespace, name, flavour, resourceVersion }: Binding,
  flag: boolean,
): ClusterStep => ({
  kind: 'set-flag',
  cluster,
  binding: { namespace, name, flavour },
  resourceVersion,
  flag,
});

/** The binding as its source has to have it: what is there, with the flag set or cleared. */
export const withFlag = (
  { flavour, namespace, name, spec }: Binding,
  flag: boolean,
): KubeDocument => ({
  apiVersion: apiVersionOf(flavour),
  kind: 'TargetGroupBinding',
  metadata: { namespace, name },
  spec: { ...spec, multiClusterTargetGroup: flag },
});
