import type { KubeObject } from '../object.ts';
import type { ResourceKey } from '../resources.ts';
import type { FieldError } from '../status-error.ts';
import { configMapRules } from './configmap.ts';
import { definitionRules } from './definition.ts';
import { deploymentRules, replicaSetRules } from './deployment.ts';
import { endpointSliceRules } from './endpointslice.ts';
import { namespaceRules } from './namespace.ts';
import { podRules } from './pod.ts';
import { serviceRules } from './service.ts';

/** What a built-in kind does to a write, beside what all kinds do. */
export interface KindRules {
  /** Fills in, in place, what the writer left open; done again after the mutating webhooks. */
  defaults?(object: KubeObject, old?: KubeObject): void;
  validate?(object: KubeObject, old?: KubeObject): FieldError[];
  /** Hands out, in place, what only one object may have; `others` are all objects of the kind. */
  allocate?(object: KubeObject, others: readonly KubeObject[], old?: KubeObject): FieldError[];
}

const rules: Readonly<Record<ResourceKey, KindRules>> = {
  configmaps: configMapRules,
  'customresourcedefinitions.apiextensions.k8s.io': definitionRules,
  'deployments.apps': deploymentRules,
  'endpointslices.discovery.k8s.io': endpointSliceRules,
  namespaces: namespaceRules,
  pods: podRules,
  'replicasets.apps': replicaSetRules,
  services: serviceRules,
};

/** The rules of a kind; none for a kind that has no own ones. */
export function rulesFor(resource: ResourceKey): KindRules {
  return rules[resource] ?? {};
}
