import type { Flavour, Service } from './kubernetes.ts';

/** Annotations of a Service that LBC reads; the prefix is the same in EKS Auto Mode. */
export const multiClusterAnnotation =
  'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group';
export const attributesAnnotation = 'service.beta.kubernetes.io/aws-load-balancer-attributes';

/** All annotations of a Service that say what its load balancer is like (`pkg/annotations/constants.go`). */
export const settingsPrefix = 'service.beta.kubernetes.io/aws-load-balancer-';

/** On a Service during a handover: `released`, or `tagged CLUSTER`, as far as it has come. */
export const handoverAnnotation = 'nlbmc/handover';

/** Written by `kubectl apply`: the document as it was applied. */
export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Finalizers of a Service that a controller manages: LBC's (`controllers/service/service_controller.go`),
 * and that of EKS Auto Mode, which is not documented and was seen in such clusters.
 */
const serviceFinalizers: Readonly<Record<string, Flavour>> = {
  'service.k8s.aws/resources': 'lbc',
  'service.eks.amazonaws.com/resources': 'auto-mode',
};

/** Which controller manages a Service, by its finalizer; undefined: none does. */
export const managerOf = ({ finalizers }: Pick<Service, 'finalizers'>): Flavour | undefined =>
  finalizers.map((name) => serviceFinalizers[name]).find((flavour) => flavour !== undefined);

/** Finalizer of a binding that LBC has taken on (`controllers/elbv2/targetgroupbinding_controller.go`). */
export const bindingFinalizer = 'elbv2.k8s.aws/resources';

/** On what nlbmc creates. */
export const managedBy = { 'app.kubernetes.io/managed-by': 'nlbmc' } as const;

/** Labels by which LBC lists its own bindings: on ours they would make it overwrite or delete them. */
export const isStackLabel = (key: string): boolean =>
  /^(service|ingress|gateway)\.(k8s\.aws|eks\.amazonaws\.com)(\.[a-z]+)?\//.test(key);

/** A flag as Go's strconv.ParseBool reads it: untrimmed, few spellings; undefined: not a flag. */
export function parseFlag(text: string): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text) ? false : undefined;
}

/** Whether these annotations of a Service make its controller share the target groups. */
export const asksForSharing = (
  annotations: Readonly<Record<string, string | undefined>>,
): boolean => parseFlag(annotations[multiClusterAnnotation] ?? '') === true;
