import type { KubeRest } from './kube-rest.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** What an app team needs of its own namespace to enable, to join and to leave. */
const RULES = [
  { apiGroups: [''], resources: ['services'], verbs: ['get', 'list', 'create', 'patch'] },
  { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
  { apiGroups: [''], resources: ['events'], verbs: ['list'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] },
  {
    apiGroups: ['elbv2.k8s.aws'],
    resources: ['targetgroupbindings'],
    verbs: ['get', 'list', 'create', 'patch', 'delete'],
  },
];

/** Gives a user a Role in one namespace, of either world. */
export async function addTeam(kube: KubeRest, namespace: string, user: string): Promise<void> {
  const apiVersion = `${GROUP}/v1`;
  const metadata = { name: user, namespace };
  await kube.create('roles', namespace, { apiVersion, kind: 'Role', metadata, rules: RULES });
  await kube.create('rolebindings', namespace, {
    apiVersion,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: GROUP, kind: 'Role', name: user },
    subjects: [{ apiGroup: GROUP, kind: 'User', name: user }],
  });
}
