/** How a list merges: by keys, as a set, or (unmarked) as one value. */
export interface ListMarker {
  readonly listType?: 'map' | 'set';
  readonly listMapKeys?: readonly string[];
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
}

/** Listed by `key` in server-side apply, and by the same key in a strategic merge patch. */
function keyed(key: string, patchStrategy = 'merge'): ListMarker {
  return { listType: 'map', listMapKeys: [key], patchStrategy, patchMergeKey: key };
}

/** A merge key of the strategic merge patch is one field, even where server-side apply has two. */
function keyedBy(listMapKeys: readonly string[], patchMergeKey: string): ListMarker {
  return { listType: 'map', listMapKeys, patchStrategy: 'merge', patchMergeKey };
}

const set: ListMarker = { listType: 'set' };
const mergedSet: ListMarker = { listType: 'set', patchStrategy: 'merge' };

const containers: Readonly<Record<string, ListMarker>> = {
  env: keyed('name'),
  ports: keyedBy(['containerPort', 'protocol'], 'containerPort'),
  volumeDevices: keyed('devicePath'),
  volumeMounts: keyed('mountPath'),
};

/**
 * Lists (and one struct) of the built-in kinds that do not merge as one value, by type and field.
 * Source: the tags `patchStrategy`, `patchMergeKey`, `+listType`, `+listMapKey` in
 * staging/src/k8s.io/api/{admissionregistration,apps,core,discovery}/v1/types.go, apimachinery pkg/apis/meta/v1/types.go
 * and apiextensions-apiserver pkg/apis/apiextensions/v1/types*.go.
 */
export const markers: Readonly<Record<string, Readonly<Record<string, ListMarker>>>> = {
  Container: containers,
  ContainerRestartRuleOnExitCodes: { values: set },
  ContainerStatus: {
    allocatedResourcesStatus: keyed('name'),
    volumeMounts: keyed('mountPath'),
  },
  CustomResourceDefinitionStatus: { conditions: { listType: 'map', listMapKeys: ['type'] } },
  DeploymentSpec: { strategy: { patchStrategy: 'retainKeys' } },
  DeploymentStatus: { conditions: keyed('type') },
  Endpoint: { addresses: set },
  EphemeralContainer: containers,
  JSONSchemaProps: { 'x-kubernetes-validations': keyed('rule') },
  MutatingWebhook: { matchConditions: keyed('name') },
  MutatingWebhookConfiguration: { webhooks: keyed('name') },
  NamespaceStatus: { conditions: keyed('type') },
  NodeSpec: { podCIDRs: mergedSet },
  NodeStatus: { addresses: keyed('type'), conditions: keyed('type') },
  ObjectMeta: { finalizers: mergedSet, ownerReferences: keyed('uid') },
  PodSpec: {
    containers: keyed('name'),
    ephemeralContainers: keyed('name'),
    hostAliases: keyed('ip'),
    imagePullSecrets: keyed('name'),
    initContainers: keyed('name'),
    resourceClaims: keyed('name', 'merge,retainKeys'),
    schedulingGates: keyed('name'),
    topologySpreadConstraints: keyedBy(['topologyKey', 'whenUnsatisfiable'], 'topologyKey'),
    volumes: keyed('name', 'merge,retainKeys'),
  },
  PodStatus: {
    conditions: keyed('type'),
    // A strategic merge goes by address, server-side apply takes the list as one value.
    hostIPs: { patchStrategy: 'merge', patchMergeKey: 'ip' },
    podIPs: keyed('ip'),
    resourceClaimStatuses: keyed('name', 'merge,retainKeys'),
  },
  ReplicaSetStatus: { conditions: keyed('type') },
  ResourceRequirements: { claims: { listType: 'map', listMapKeys: ['name'] } },
  ResourceStatus: { resources: { listType: 'map', listMapKeys: ['resourceID'] } },
  ServiceAccount: { secrets: keyed('name') },
  ServiceSpec: { ports: keyedBy(['port', 'protocol'], 'port') },
  ServiceStatus: { conditions: keyed('type') },
  ValidatingWebhook: { matchConditions: keyed('name') },
  ValidatingWebhookConfiguration: { webhooks: keyed('name') },
};

/** Types that are owned as one value: `+structType=atomic` in the same files. */
export const atomicTypes: ReadonlySet<string> = new Set([
  'ConfigMapKeySelector',
  'EndpointPort',
  'FileKeySelector',
  'LabelSelector',
  'LocalObjectReference',
  'NodeSelector',
  'NodeSelectorTerm',
  'ObjectFieldSelector',
  'ObjectReference',
  'OwnerReference',
  'ResourceFieldSelector',
  'RoleRef',
  'SecretKeySelector',
  'Subject',
  'TypedLocalObjectReference',
]);

/** Maps that are owned as one value: `+mapType=atomic`. */
export const atomicMaps: ReadonlySet<string> = new Set([
  'PodSpec.nodeSelector',
  'ServiceSpec.selector',
]);

/** Defaults that stand in for a list key that is left out: `+default="TCP"`. */
export const keyDefaults: Readonly<Record<string, string>> = {
  'ContainerPort.protocol': 'TCP',
  'ServicePort.protocol': 'TCP',
};
