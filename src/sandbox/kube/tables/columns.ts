import type { KubeObject } from '../object.ts';
import type { ResourceDef } from '../resources.ts';
import { ageOf } from './age.ts';
import { column, nameColumn } from './column.ts';
import type { Column } from './column.ts';
import {
  configMapColumns,
  definitionColumns,
  eventColumns,
  namespaceColumns,
  nodeColumns,
} from './cluster-columns.ts';
import { customColumns } from './custom-columns.ts';
import { endpointSliceColumns, serviceColumns } from './network-columns.ts';
import { deploymentColumns, replicaSetColumns } from './deployment-columns.ts';
import { podColumns } from './pod-columns.ts';

const age = column('Age', (object, now) => ageOf(object.metadata.creationTimestamp, now));
const webhooks = column('Webhooks', (object) => object['webhooks']?.length ?? 0, 'integer');
const created = column('Created At', (object) => object.metadata.creationTimestamp ?? '');
const holder = column('Holder', ({ spec }) => spec?.holderIdentity ?? '');
const role = column('Role', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`);
const secrets = column('Secrets', (object) => object['secrets']?.length ?? 0, 'integer');

/** Columns as kubectl shows them, AGE where the kind has it. Source: kubernetes pkg/printers/internalversion. */
const columns: Readonly<Record<string, readonly Column[]>> = {
  'clusterrolebindings.rbac.authorization.k8s.io': [nameColumn, role, age],
  'clusterroles.rbac.authorization.k8s.io': [nameColumn, created],
  configmaps: configMapColumns(age),
  'customresourcedefinitions.apiextensions.k8s.io': definitionColumns,
  'deployments.apps': deploymentColumns(age),
  'endpointslices.discovery.k8s.io': endpointSliceColumns(age),
  events: eventColumns,
  'leases.coordination.k8s.io': [nameColumn, holder, age],
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': [nameColumn, webhooks, age],
  namespaces: namespaceColumns(age),
  nodes: nodeColumns(age),
  pods: podColumns(age),
  'replicasets.apps': replicaSetColumns(age),
  'rolebindings.rbac.authorization.k8s.io': [nameColumn, role, age],
  'roles.rbac.authorization.k8s.io': [nameColumn, created],
  serviceaccounts: [nameColumn, secrets, age],
  services: serviceColumns(age),
  'validatingwebhookconfigurations.admissionregistration.k8s.io': [nameColumn, webhooks, age],
};

/** The columns of a resource; a custom one's are in its definition `crd`. */
export function columnsOf(def: ResourceDef, crd?: KubeObject): readonly Column[] {
  if (crd) return customColumns(crd, def.version, age);
  return columns[def.key] ?? [nameColumn, age];
}
