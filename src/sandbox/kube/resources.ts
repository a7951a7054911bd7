/**
 * The name of a resource: the plural, with `.group` after it for all but the core group:
 * `services`, `deployments.apps`, `targetgroupbindings.elbv2.k8s.aws`.
 */
export type ResourceKey = string;

/** A part of an object that is read or written on its own. */
export type Subresource = 'status' | 'scale' | 'log' | 'finalize';

/** What the server knows of one resource in one version. */
export interface ResourceDef {
  readonly key: ResourceKey;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly subresources: readonly Subresource[];
  /** Whether metadata.generation counts changes of what is not metadata or status, and of which part of metadata. */
  readonly generation: boolean | 'annotations' | 'labels';
  /** Whether PUT creates what is not there (each strategy's AllowCreateOnUpdate). */
  readonly createOnUpdate: boolean;
  /** Whether a write may leave out the resourceVersion (AllowUnconditionalUpdate). */
  readonly unconditional: boolean;
  /** Whether DELETE answers with the object that is gone (ReturnDeletedObject), and not with a Status. */
  readonly returnsDeleted: boolean;
  /** Fields of metadata that a write of `status` leaves as they are; 'all' for custom resources. */
  readonly statusKeeps: readonly string[] | 'all';
  /** True for what a CustomResourceDefinition in the store declares: its schema rules, no strategic merge. */
  readonly custom: boolean;
}

type Facts = Pick<ResourceDef, 'kind' | 'plural'> & Partial<ResourceDef>;

function define(facts: Facts): ResourceDef {
  const group = facts.group ?? '';
  return {
    key: group ? `${facts.plural}.${group}` : facts.plural,
    group,
    version: 'v1',
    singular: facts.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    subresources: [],
    generation: false,
    createOnUpdate: false,
    unconditional: true,
    returnsDeleted: false,
    statusKeeps: [],
    custom: false,
    ...facts,
  };
}

const ALL = { categories: ['all'] };

/** The resources that the server itself has; custom resources come from definitions in the store. */
export const builtinResources: readonly ResourceDef[] = [
  define({ kind: 'ConfigMap', plural: 'configmaps', shortNames: ['cm'] }),
  define({ kind: 'Event', plural: 'events', shortNames: ['ev'], createOnUpdate: true }),
  define({
    kind: 'Namespace',
    plural: 'namespaces',
    shortNames: ['ns'],
    namespaced: false,
    subresources: ['finalize', 'status'],
    returnsDeleted: true,
  }),
  define({
    kind: 'Node',
    plural: 'nodes',
    shortNames: ['no'],
    namespaced: false,
    subresources: ['status'],
  }),
  define({
    ...ALL,
    kind: 'Pod',
    plural: 'pods',
    shortNames: ['po'],
    subresources: ['log', 'status'],
    generation: true,
    returnsDeleted: true,
    statusKeeps: ['ownerReferences'],
  }),
  define({
    ...ALL,
    kind: 'Service',
    plural: 'services',
    shortNames: ['svc'],
    subresources: ['status'],
    createOnUpdate: true,
    returnsDeleted: true,
  }),
  define({
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    shortNames: ['sa'],
    returnsDeleted: true,
  }),
  define({
    ...ALL,
    group: 'apps',
    kind: 'Deployment',
    plural: 'deployments',
    shortNames: ['deploy'],
    subresources: ['scale', 'status'],
    statusKeeps: ['labels'],
    generation: 'annotations',
  }),
  define({
    ...ALL,
    group: 'apps',
    kind: 'ReplicaSet',
    plural: 'replicasets',
    shortNames: ['rs'],
    subresources: ['scale', 'status'],
    generation: true,
  }),
  define({
    group: 'discovery.k8s.io',
    kind: 'EndpointSlice',
    plural: 'endpointslices',
    generation: 'labels',
  }),
  define({
    group: 'coordination.k8s.io',
    kind: 'Lease',
    plural: 'leases',
    createOnUpdate: true,
    unconditional: false,
  }),
  ...['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'].map((kind) =>
    define({
      group: 'rbac.authorization.k8s.io',
      kind,
      plural: `${kind.toLowerCase()}s`,
      namespaced: kind.startsWith('Role'),
      createOnUpdate: true,
    }),
  ),
  define({
    group: 'admissionregistration.k8s.io',
    kind: 'MutatingWebhookConfiguration',
    plural: 'mutatingwebhookconfigurations',
    categories: ['api-extensions'],
    namespaced: false,
    unconditional: false,
    generation: true,
  }),
  define({
    group: 'admissionregistration.k8s.io',
    kind: 'ValidatingWebhookConfiguration',
    plural: 'validatingwebhookconfigurations',
    categories: ['api-extensions'],
    namespaced: false,
    unconditional: false,
    generation: true,
  }),
  define({
    group: 'apiextensions.k8s.io',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    namespaced: false,
    unconditional: false,
    subresources: ['status'],
    generation: true,
  }),
];

/** `v1`, `apps/v1`: what the resource's objects carry as apiVersion. */
export function apiVersionOf(def: Pick<ResourceDef, 'group' | 'version'>): string {
  return def.group ? `${def.group}/${def.version}` : def.version;
}
