import type {
  AppDeployment,
  AppPod,
  Binding,
  Controller,
  Endpoint,
  Flavour,
  KubeEvent,
  LeftTracked,
  Node,
  ObjectName,
  PodWords,
  Service,
} from './kubernetes.ts';
import type { GatewaySettings } from './gateway.ts';
import type { Reading } from './problem.ts';
import type { SiblingAnswer } from './sibling-answer.ts';
import type { Target, TrackedTargets } from './target.ts';

/** What makes the pods behind a Service. */
export interface Workloads {
  /** All Deployments in the namespace of the Service. */
  readonly deployments: Reading<readonly AppDeployment[]>;
  /** The pods that the Service selects. */
  readonly pods: Reading<readonly AppPod[]>;
}

/** What a document has of a cluster, in the place of its endpoints. */
export interface RecordedFacts {
  /** When it was written, ISO 8601. */
  readonly at: string;
  /** Endpoints that were registered then, by binding. */
  readonly registered: Readonly<Record<string, readonly Target[]>>;
}

/** One cluster, as read. Maps are keyed `namespace/name`. */
export interface ClusterView {
  readonly context: string;
  readonly server: string;
  /** UID of the namespace kube-system: what the cluster is, whatever it is called. */
  readonly identity: Reading<string>;
  /** The Service acted on in this cluster (the local one in a secondary); undefined: there is none. */
  readonly localService: ObjectName;
  readonly service: Reading<Service | undefined>;
  /** Names of the Services in the namespace, read only when `service` is absent. */
  readonly serviceNames: readonly string[];
  /** All bindings that may be read; `scope` says whether that was the whole cluster. */
  readonly bindings: Reading<readonly Binding[]>;
  readonly bindingsScope: 'cluster' | 'namespace';
  /** Whose bindings the cluster serves; absent: not known. */
  readonly servedFlavours?: readonly Flavour[];
  /** Of which controller's bindings only those of one namespace may be read; absent: of none. */
  readonly narrowFlavours?: readonly Flavour[];
  /** What a controller's webhook says of bindings out of sight, by own binding; read only for `verify` and `repair`. */
  readonly siblings?: Readonly<Record<string, Reading<SiblingAnswer>>>;
  /** Tracked targets, by binding. */
  readonly tracked: Readonly<Record<string, Reading<TrackedTargets>>>;
  /** Records of the local Service's namespace that no binding has; read only for a repair. */
  readonly leftTracked?: Reading<readonly LeftTracked[]>;
  /** Endpoints, by Service. */
  readonly endpoints: Readonly<Record<string, Reading<readonly Endpoint[]>>>;
  /** Services that bindings refer to, by name. */
  readonly services: Readonly<Record<string, Reading<Service | undefined>>>;
  /** Read only when a binding has instance targets. */
  readonly nodes?: Reading<readonly Node[]>;
  /** What makes the pods of `service`; read only with `--rollout`, and where the Service selects pods. */
  readonly workloads?: Workloads;
  /** Deployments of external-dns; read only where a leave deletes the Service, and for a handover. */
  readonly externalDns?: Reading<readonly ObjectName[]>;
  /** Read only by `enable`, where a Gateway made a binding for the Service. */
  readonly gatewaySettings?: Reading<GatewaySettings>;
  readonly controller: Reading<Controller>;
  /** Whether the CRD knows `multiClusterTargetGroup`. */
  readonly crdMultiCluster: Reading<boolean>;
  /** Events by namespace, but for those about pods: only the Service's own and those of bindings. */
  readonly events?: Readonly<Record<string, Reading<readonly KubeEvent[]>>>;
  /** Read only where the local Service has no ready endpoint. */
  readonly podWords?: Reading<PodWords>;
  /** Deployments in the namespace of the local Service; read where `podWords` is. */
  readonly deployments?: Reading<readonly AppDeployment[]>;
  /** Not read in this run: what a document of `show` has of it. */
  readonly recorded?: RecordedFacts;
}
