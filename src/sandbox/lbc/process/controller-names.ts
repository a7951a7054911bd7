import type { ResourceKey } from '../../kube/resources.ts';

/** What a kind of controller calls the things that it reads and writes. */
export interface ControllerNames {
  /** Kind of its bindings, and how an object of it names its API. */
  readonly bindings: ResourceKey;
  readonly apiVersion: string;
  readonly bindingFinalizer: string;
  readonly serviceFinalizer: string;
  readonly checkpoint: string;
  readonly checkpointTimestamp: string;
  /** The record of a binding's targets is the ConfigMap of this prefix and the binding's name. */
  readonly recordPrefix: string;
  readonly gatePrefix: string;
  /** Label of namespaces whose pods get readiness gates. */
  readonly gateLabel: string;
  readonly loadBalancerClass: string;
  /** Whether annotations choose the controller too, for a Service without a class. */
  readonly annotationsChoose: boolean;
  /** Start of the labels and tags of what is made for a Service. */
  readonly stackPrefix: string;
  /** Tags with the cluster's name, and with the name of the shared backend group. */
  readonly clusterTag: string;
  readonly backendTag: string;
  /** Description of the rules that are made for bindings. */
  readonly sharedRule: string;
  /** Before `/CLUSTER` it is who calls AWS; alone, who calls the API server. */
  readonly caller: 'lbc' | 'eks';
  /** Who the API server sees. AWS gives its own controller all rights that it needs. */
  readonly user: string | undefined;
}

/** The open-source controller (apis/elbv2/v1beta1, pkg/deploy/tracking/provider.go, pkg/annotations). */
export const LBC_NAMES: ControllerNames = {
  bindings: 'targetgroupbindings.elbv2.k8s.aws',
  apiVersion: 'elbv2.k8s.aws/v1beta1',
  bindingFinalizer: 'elbv2.k8s.aws/resources',
  serviceFinalizer: 'service.k8s.aws/resources',
  checkpoint: 'elbv2.k8s.aws/checkpoint',
  checkpointTimestamp: 'elbv2.k8s.aws/checkpoint-timestamp',
  recordPrefix: 'aws-lbc-targets-',
  gatePrefix: 'target-health.elbv2.k8s.aws/',
  gateLabel: 'elbv2.k8s.aws/pod-readiness-gate-inject',
  loadBalancerClass: 'service.k8s.aws/nlb',
  annotationsChoose: true,
  stackPrefix: 'service.k8s.aws/',
  clusterTag: 'elbv2.k8s.aws/cluster',
  backendTag: 'elbv2.k8s.aws/resource',
  sharedRule: 'elbv2.k8s.aws/targetGroupBinding=shared',
  caller: 'lbc',
  user: 'system:serviceaccount:kube-system:aws-load-balancer-controller',
};

/**
 * EKS Auto Mode. Documented in the EKS user guide: the API (auto-configure-nlb.adoc), the prefix of
 * the records (auto-multi-cluster-target-groups.adoc), the class, which alone chooses it, and the
 * tags (the managed policy AmazonEKSLoadBalancingPolicy). Seen in clusters of others: the Service's
 * finalizer, readiness gates and their label. Inferred from its API group: all other names.
 */
export const AUTO_MODE_NAMES: ControllerNames = {
  bindings: 'targetgroupbindings.eks.amazonaws.com',
  apiVersion: 'eks.amazonaws.com/v1',
  bindingFinalizer: 'eks.amazonaws.com/resources',
  serviceFinalizer: 'service.eks.amazonaws.com/resources',
  checkpoint: 'eks.amazonaws.com/checkpoint',
  checkpointTimestamp: 'eks.amazonaws.com/checkpoint-timestamp',
  recordPrefix: 'eks-lbc-targets-',
  gatePrefix: 'target-health.eks.amazonaws.com/',
  gateLabel: 'eks.amazonaws.com/pod-readiness-gate-inject',
  loadBalancerClass: 'eks.amazonaws.com/nlb',
  annotationsChoose: false,
  stackPrefix: 'service.eks.amazonaws.com/',
  clusterTag: 'eks:eks-cluster-name',
  backendTag: 'service.eks.amazonaws.com/resource',
  sharedRule: 'eks.amazonaws.com/targetGroupBinding=shared',
  caller: 'eks',
  user: undefined,
};
