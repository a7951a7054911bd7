import { apiVersionOf } from '../model/flavours.ts';
import type { Binding, ObjectName } from '../model/kubernetes.ts';
import type { ClusterStep, PlannedDocument } from './plan.ts';

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
  cluster: string,
  { flavour, namespace, name, spec }: Binding,
  flag: boolean,
): PlannedDocument => ({
  cluster,
  extent: 'part',
  document: {
    apiVersion: apiVersionOf(flavour),
    kind: 'TargetGroupBinding',
    metadata: { namespace, name },
    spec: { ...spec, multiClusterTargetGroup: flag },
  },
});

/** The Service reduced to its name and these annotations: enough for a server-side apply. */
export const annotatedService = (
  cluster: string,
  { namespace, name }: ObjectName,
  annotations: Readonly<Record<string, string>>,
): PlannedDocument => ({
  cluster,
  extent: 'part',
  document: { apiVersion: 'v1', kind: 'Service', metadata: { namespace, name, annotations } },
});
