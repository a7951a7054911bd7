import type { Target } from './target.ts';

/** Namespace and name of an object. */
export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/** Labels and annotations that a person puts on what nlbmc creates. */
export interface AddedMetadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** `namespace/name`: how maps of a ClusterView are keyed, and how people read a name. */
export const nameText = (o: ObjectName): string => `${o.namespace}/${o.name}`;

/** Whether both name the same object. */
export const sameName = (a: ObjectName, b: ObjectName): boolean =>
  a.namespace === b.namespace && a.name === b.name;

/** Which controller's API a binding speaks: the open-source LBC, or EKS Auto Mode. */
export type Flavour = 'lbc' | 'auto-mode';

/** A binding as a request names it: each controller has an API of its own. */
export interface BindingName extends ObjectName {
  readonly flavour: Flavour;
}

export type TargetType = 'ip' | 'instance';
export type IpFamily = 'ipv4' | 'ipv6';

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort: number | string;
  readonly nodePort?: number;
  /** TCP, UDP, SCTP. */
  readonly protocol: string;
}

/** Who wrote a value as it is, and when at the latest: `at` is the last change of anything that this manager owns. */
export interface LastWrite {
  readonly manager: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A Kubernetes Service, as far as an enrollment cares. */
export interface Service extends ObjectName {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly type: string;
  readonly loadBalancerClass?: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
  readonly ports: readonly ServicePort[];
  readonly selector: Readonly<Record<string, string>>;
  readonly ipFamilies: readonly string[];
  readonly externalTrafficPolicy?: string;
  readonly healthCheckNodePort?: number;
  /** `spec.loadBalancerSourceRanges`: who may connect; absent: everybody, unless an annotation says it. */
  readonly sourceRanges?: readonly string[];
  readonly hostname?: string;
  readonly terminating: boolean;
  /** Whether a Service of type LoadBalancer is to have node ports. */
  readonly allocatesNodePorts: boolean;
  /** What a handover has noted on it, and when at the latest by the API server's clock; absent: nothing. */
  readonly handoverNote?: { readonly value: string; readonly at: string };
  /** Field managers that own an annotation, by annotation key: who would write it again. */
  readonly annotationManagers: Readonly<Record<string, readonly string[]>>;
  /** Who wrote the multi-cluster annotation; absent: it is not there, or the server does not say. */
  readonly flagWrite?: LastWrite;
  /** Field managers that sent it by server-side apply, whatever they own of it. */
  readonly appliers: readonly string[];
}

export interface NetworkingPeer {
  readonly securityGroup?: { readonly groupID: string };
  readonly ipBlock?: { readonly cidr: string };
}
export interface NetworkingPort {
  readonly protocol?: string;
  /** Absent: all ports. */
  readonly port?: number | string;
}
export interface NetworkingRule {
  readonly from: readonly NetworkingPeer[];
  readonly ports: readonly NetworkingPort[];
}

/** What a controller of LBC makes a load balancer for: it owns what it makes. */
export type OwnerKind = 'service' | 'gateway' | 'ingress';

/** The object that a controller made something for. An Ingress group has no namespace: ''. */
export interface Stack extends ObjectName {
  readonly kind: OwnerKind;
}

/** A TargetGroupBinding. Multi-cluster: it shares its target group. Otherwise it owns it: exclusive. */
export interface Binding extends ObjectName {
  readonly flavour: Flavour;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly observedGeneration?: number;
  readonly terminating: boolean;
  readonly targetGroupArn: string;
  readonly targetType: TargetType;
  readonly ipFamily: IpFamily;
  readonly multiCluster: boolean;
  /** The Service in the binding's namespace, and the port as written there. */
  readonly serviceName: string;
  readonly servicePort: number | string;
  /** Rules of `spec.networking.ingress`; absent: the controller opens nothing. */
  readonly networking?: readonly NetworkingRule[];
  readonly nodeSelector?: Readonly<Record<string, unknown>>;
  readonly vpcId?: string;
  readonly protocol?: string;
  /** What a controller made it for; absent: a person or nlbmc made it. */
  readonly stack?: Stack;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Field managers that own the flag, and those that sent the binding by server-side apply. */
  readonly managers: { readonly flag: readonly string[]; readonly appliers: readonly string[] };
  /** Who wrote the flag; absent: it is not there, or the server does not say. */
  readonly flagWrite?: LastWrite;
  /** Labels and annotations that nlbmc applied. */
  readonly applied?: AddedMetadata;
  readonly finalizers: readonly string[];
  /** What the controller found at its last whole pass; empty: it is to look again. */
  readonly checkpoint?: string;
  /** When it wrote that, in ms since 1970. */
  readonly checkpointAt?: number;
  /** When anybody changed anything in it last, in ms since 1970. */
  readonly changedAt?: number;
  /** The `spec` as the API server gave it, for differences and documents. */
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The Service that a binding refers to: always in the binding's namespace. */
export const serviceOf = (binding: Pick<Binding, 'namespace' | 'serviceName'>): ObjectName => ({
  namespace: binding.namespace,
  name: binding.serviceName,
});

/** One endpoint of a Service's EndpointSlices, with what is needed to judge it. */
export interface Endpoint {
  readonly address: string;
  /** Port numbers by Service port name ('' for an unnamed one), from the same slice. */
  readonly ports: Readonly<Record<string, number>>;
  /** As in the slice: undefined counts as ready. */
  readonly ready?: boolean;
  readonly terminating: boolean;
  readonly pod?: string;
  readonly node?: string;
  readonly zone?: string;
  /** When its slice was changed last, in ms since 1970: since then the endpoint has been as it is. */
  readonly since?: number;
  /** Read only where `ready` is false and the endpoint is not terminating; else undefined. */
  readonly podContainersReady?: boolean;
  /** The pod has a target-health readiness gate that is not True. */
  readonly gatePending?: boolean;
  /** `Ready` condition of its node, where read. */
  readonly nodeReady?: 'True' | 'False' | 'Unknown';
}

export interface Node {
  readonly name: string;
  readonly instanceId?: string;
  readonly zone?: string;
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly string[];
}

/** What was found out about the AWS Load Balancer Controller of a cluster. */
export interface Controller {
  /** One entry for each controller Deployment found. */
  readonly deployments: readonly ControllerDeployment[];
}
export interface ControllerDeployment extends ObjectName {
  /** Such as `3.5.0`, from the image tag or the version label; absent when neither tells. */
  readonly version?: string;
  readonly clusterName?: string;
  readonly vpcId?: string;
  readonly watchNamespace?: string;
  readonly backendSecurityGroup?: string;
  readonly maxTargetsPerTargetGroup?: number;
  /** How many there are to be; absent where that was not read. */
  readonly replicas?: number;
  readonly readyReplicas: number;
}

/** A ConfigMap of tracked targets, by the name of the binding that it is or was for. */
export interface LeftTracked extends ObjectName {
  readonly configMap: string;
  readonly targets: readonly Target[];
}

/** What a component said of an object: an Event (core/v1), which the API server keeps for an hour. */
export interface KubeEvent {
  readonly about: ObjectName & { readonly kind: string; readonly uid?: string };
  /** `Normal` or `Warning`. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  /** When it was said last; ISO 8601. */
  readonly at: string;
  /** When it was said first, by the API server's clock; ISO 8601. */
  readonly createdAt?: string;
}

/** What a Service's pods are called, and the warnings about them. */
export interface PodWords {
  readonly names: readonly string[];
  readonly events: readonly KubeEvent[];
}

/** A Deployment of an app, as its controller has last written it down. */
export interface AppDeployment extends ObjectName {
  /** Labels of the pods that it makes. */
  readonly podLabels: Readonly<Record<string, string>>;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly paused: boolean;
  /** Pods that it shall have; then those it has, those of the current template, those available. */
  readonly replicas: number;
  readonly present: number;
  readonly updated: number;
  readonly available: number;
  /** Reason of the condition Progressing; absent: there is none, since no deadline is counted. */
  readonly progressing?: string;
}

/** A pod, and what made it. */
export interface AppPod {
  readonly name: string;
  /** Kind of its controller: `ReplicaSet`, `StatefulSet`; absent: a person made it. */
  readonly madeBy?: string;
  /** The ReplicaSet that made it belongs to a Deployment. */
  readonly ofDeployment: boolean;
}
