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
  /** Whether metadata.generation counts changes of what is not metadata or status. */
  readonly generation: boolean;
  /** Whether server-side apply is taken; elsewhere it is 415. */
  readonly apply: boolean;
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
    apply: false,
    custom: false,
    ...facts,
  };
}

const ALL = { categories: ['all'] };

/** The resources that the server itself has; custom resources come from definitions in the store. */
export const builtinResources: readonly ResourceDef[] = [
  define({ kind: 'ConfigMap', plural: 'configmaps', shortNames: ['cm'], apply: true }),
  define({ kind: 'Event', plural: 'events', shortNames: ['ev'] }),
  define({
    kind: 'Namespace',
    plural: 'namespaces',
    shortNames: ['ns'],
    namespaced: false,
    subresources: ['finalize', 'status'],
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
  }),
  define({
    ...ALL,
    kind: 'Service',
    plural: 'services',
    shortNames: ['svc'],
    subresources: ['status'],
    apply: true,
  }),
  define({ kind: 'ServiceAccount', plural: 'serviceaccounts', shortNames: ['sa'] }),
  define({
    ...ALL,
    group: 'apps',
    kind: 'Deployment',
    plural: 'deployments',
    shortNames: ['deploy'],
    subresources: ['scale', 'status'],
    generation: true,
    apply: true,
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
    generation: true,
  }),
  define({
    group: 'admissionregistration.k8s.io',
    kind: 'MutatingWebhookConfiguration',
    plural: 'mutatingwebhookconfigurations',
    categories: ['api-extensions'],
    namespaced: false,
    generation: true,
  }),
  define({
    group: 'admissionregistration.k8s.io',
    kind: 'ValidatingWebhookConfiguration',
    plural: 'validatingwebhookconfigurations',
    categories: ['api-extensions'],
    namespaced: false,
    generation: true,
  }),
  define({
    group: 'apiextensions.k8s.io',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    namespaced: false,
    subresources: ['status'],
    generation: true,
  }),
];

/** `v1`, `apps/v1`: what the resource's objects carry as apiVersion. */
export function apiVersionOf(def: Pick<ResourceDef, 'group' | 'version'>): string {
  return def.group ? `${def.group}/${def.version}` : def.version;
}
