import type { KubeObject } from '../../kube/object.ts';
import { chartLabels, NAME, NAMESPACE } from './installation.ts';

const GROUP = 'rbac.authorization.k8s.io';
const ROLE = `${NAME}-role`;
const BINDING = `${NAME}-rolebinding`;
const WATCHED = ['get', 'list', 'watch'];

/** What the controller may do with what is served here: API group, resources, verbs. */
const RIGHTS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    'elbv2.k8s.aws',
    ['targetgroupbindings'],
    ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  ],
  ['', ['events'], ['create', 'patch']],
  ['', ['pods'], WATCHED],
  ['', ['services'], [...WATCHED, 'patch', 'update']],
  ['', ['nodes', 'namespaces'], WATCHED],
  ['', ['configmaps'], ['get', 'delete', 'create', 'update']],
  ['elbv2.k8s.aws', ['targetgroupbindings/status'], ['update', 'patch']],
  ['', ['pods/status', 'services/status'], ['update', 'patch']],
  ['discovery.k8s.io', ['endpointslices'], WATCHED],
];

/**
 * The ClusterRole and its binding that the chart makes (helm/aws-load-balancer-controller/templates/rbac.yaml);
 * without `configMaps` an older one's.
 */
export function controllerRights(version: string, configMaps: boolean): KubeObject[] {
  const about = (kind: string, name: string): KubeObject => ({
    apiVersion: `${GROUP}/v1`,
    kind,
    metadata: { name, labels: chartLabels(version) },
  });
  const rights = RIGHTS.filter(([, resources]) => configMaps || !resources.includes('configmaps'));
  return [
    {
      ...about('ClusterRole', ROLE),
      rules: rights.map(([group, resources, verbs]) => ({
        apiGroups: [group],
        resources: [...resources],
        verbs: [...verbs],
      })),
    },
    {
      ...about('ClusterRoleBinding', BINDING),
      roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: ROLE },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
    },
  ];
}
