import type { KubeObject } from '../object.ts';
import { CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES, MASTERS, type PolicyRule } from './rbac.ts';

const GROUP = 'rbac.authorization.k8s.io';
const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];

/** API group -> resources that `view` and `edit` are about. */
const NAMESPACED: Readonly<Record<string, readonly string[]>> = {
  '': ['configmaps', 'pods', 'serviceaccounts', 'services'],
  apps: ['deployments', 'deployments/scale', 'replicasets', 'replicasets/scale'],
};
/** What only the control plane writes. */
const READ_ONLY: Readonly<Record<string, readonly string[]>> = {
  '': ['events', 'namespaces', 'pods/log', 'pods/status', 'services/status'],
  apps: ['deployments/status', 'replicasets/status'],
  'discovery.k8s.io': ['endpointslices'],
};

const rulesFor = (
  resources: Readonly<Record<string, readonly string[]>>,
  verbs: readonly string[],
): PolicyRule[] =>
  Object.entries(resources).map(([group, names]) => ({
    apiGroups: [group],
    resources: [...names],
    verbs: [...verbs],
  }));

const view = [...rulesFor(NAMESPACED, READ), ...rulesFor(READ_ONLY, READ)];
const edit = [...view, ...rulesFor(NAMESPACED, WRITE)];
const rights = { [GROUP]: ['roles', 'rolebindings'] };

const ROLES: Readonly<Record<string, readonly PolicyRule[]>> = {
  'cluster-admin': [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    { verbs: ['*'], nonResourceURLs: ['*'] },
  ],
  admin: [...edit, ...rulesFor(rights, [...READ, ...WRITE])],
  edit,
  view,
};

/**
 * The ClusterRoles for people that every cluster has, cut to what is served here. Custom resources are
 * in none of them. Source: kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go.
 */
export function firstRoles(): { readonly key: string; readonly object: KubeObject }[] {
  const about = (kind: string, name: string): KubeObject => ({
    apiVersion: `${GROUP}/v1`,
    kind,
    metadata: { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
  });
  const roleRef = { apiGroup: GROUP, kind: 'ClusterRole', name: 'cluster-admin' };
  return [
    ...Object.entries(ROLES).map(([name, rules]) => ({
      key: CLUSTER_ROLES,
      object: { ...about('ClusterRole', name), rules },
    })),
    {
      key: CLUSTER_ROLE_BINDINGS,
      object: {
        ...about('ClusterRoleBinding', 'cluster-admin'),
        roleRef,
        subjects: [{ apiGroup: GROUP, kind: 'Group', name: MASTERS }],
      },
    },
  ];
}
