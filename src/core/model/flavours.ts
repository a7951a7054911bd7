import type { Flavour, ObjectName, OwnerKind } from './kubernetes.ts';

/** How one controller spells what the other spells differently. */
export interface FlavourNames {
  readonly group: string;
  readonly version: string;
  /** A binding's tracked targets are in the ConfigMap of this prefix and the binding's name. */
  readonly configMapPrefix: string;
  /**
   * Prefixes of the labels `stack-name` and `stack-namespace` (an Ingress group: `stack` alone) on
   * bindings that the controller made, and of the tag `stack` on what it made in AWS
   * (`pkg/deploy/tracking/provider.go`; a Gateway's: `pkg/gateway/constants/controller_constants.go`).
   */
  readonly stackPrefixes: readonly (readonly [prefix: string, kind: OwnerKind])[];
  /** Readiness gates of pods that wait for their target to be healthy start with this. */
  readonly gatePrefix: string;
  /** Annotation in which the controller keeps the digest of its last whole pass over a binding. */
  readonly checkpoint: string;
  /** Whether this version has been tested with that controller. */
  readonly tested: boolean;
}

/**
 * The open-source controller (`apis/elbv2/v1beta1/groupversion_info.go`,
 * `pkg/targetgroupbinding/multicluster_manager.go`) and EKS Auto Mode (EKS user guide,
 * auto-multi-cluster-target-groups). Auto Mode's gate prefix and checkpoint are inferred from its API
 * group.
 */
export const flavours: Readonly<Record<Flavour, FlavourNames>> = {
  lbc: {
    group: 'elbv2.k8s.aws',
    version: 'v1beta1',
    configMapPrefix: 'aws-lbc-targets-',
    stackPrefixes: [
      ['service.k8s.aws/', 'service'],
      ['gateway.k8s.aws.nlb/', 'gateway'],
      ['gateway.k8s.aws.alb/', 'gateway'],
      ['ingress.k8s.aws/', 'ingress'],
    ],
    gatePrefix: 'target-health.elbv2.k8s.aws',
    checkpoint: 'elbv2.k8s.aws/checkpoint',
    tested: true,
  },
  'auto-mode': {
    group: 'eks.amazonaws.com',
    version: 'v1',
    configMapPrefix: 'eks-lbc-targets-',
    stackPrefixes: [
      ['service.eks.amazonaws.com/', 'service'],
      ['ingress.eks.amazonaws.com/', 'ingress'],
    ],
    gatePrefix: 'target-health.eks.amazonaws.com',
    checkpoint: 'eks.amazonaws.com/checkpoint',
    tested: false,
  },
};

/** The flavour of a document's `apiVersion`; undefined for any other API. */
export function flavourOf(apiVersion: string): Flavour | undefined {
  const group = apiVersion.split('/')[0];
  if (group === flavours.lbc.group) return 'lbc';
  return group === flavours['auto-mode'].group ? 'auto-mode' : undefined;
}

/**
 * Whose binding is made in a cluster that serves these: the open-source controller's, unless the cluster
 * knows only those of EKS Auto Mode. Auto Mode is always there beside an installed controller.
 */
export const flavourToMake = (served: readonly Flavour[] = []): Flavour =>
  served.includes('auto-mode') && !served.includes('lbc') ? 'auto-mode' : 'lbc';

/** Name of the ConfigMap in which a controller keeps what it registered for a binding. */
export const trackingName = (binding: {
  readonly name: ObjectName['name'];
  readonly flavour: Flavour;
}): string => `${flavours[binding.flavour].configMapPrefix}${binding.name}`;

/**
 * A binding's kind as kubectl is told it: with its group, since a cluster may serve the kind of both
 * controllers, and of a name alone kubectl takes the first that it finds.
 */
export const bindingKind = (flavour: Flavour): string =>
  `targetgroupbinding.${flavours[flavour].group}`;

/** The `apiVersion` of a binding of that controller's. */
export const apiVersionOf = (flavour: Flavour): string =>
  `${flavours[flavour].group}/${flavours[flavour].version}`;
