import type { ResourceKey } from '../resources.ts';
import { configMapRules } from './configmap.ts';
import { definitionRules } from './definition.ts';
import { deploymentRules, replicaSetRules } from './deployment.ts';
import { endpointSliceRules } from './endpointslice.ts';
import { eventRules } from './event.ts';
import type { KindRules } from './kind-rules.ts';
import { leaseRules } from './lease.ts';
import { namespaceRules } from './namespace.ts';
import { nodeRules } from './node.ts';
import { podRules } from './pod.ts';
import { roleBindingRules, roleRules } from './role.ts';
import { serviceRules } from './service.ts';

const rules: Readonly<Record<ResourceKey, KindRules>> = {
  'clusterrolebindings.rbac.authorization.k8s.io': roleBindingRules,
  'clusterroles.rbac.authorization.k8s.io': roleRules,
  configmaps: configMapRules,
  'customresourcedefinitions.apiextensions.k8s.io': definitionRules,
  'deployments.apps': deploymentRules,
  'endpointslices.discovery.k8s.io': endpointSliceRules,
  events: eventRules,
  'leases.coordination.k8s.io': leaseRules,
  namespaces: namespaceRules,
  nodes: nodeRules,
  pods: podRules,
  'replicasets.apps': replicaSetRules,
  'rolebindings.rbac.authorization.k8s.io': roleBindingRules,
  'roles.rbac.authorization.k8s.io': roleRules,
  services: serviceRules,
};

/** The rules of a kind; none for a kind that has no own ones. */
export function rulesFor(resource: ResourceKey): KindRules {
  return rules[resource] ?? {};
}
