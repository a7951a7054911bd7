import type { Row, Step } from './exchange.ts';
import {
  apply,
  changed,
  clusterRole,
  clusterRoleBinding,
  configMap,
  get,
  made,
  mergePatch,
  post,
  remove,
  role,
  roleBinding,
  row,
} from './requests.ts';

const GROUP = 'rbac.authorization.k8s.io';
const READ = { verbs: ['get'], apiGroups: [''], resources: ['configmaps'] };
const toRole = (name = 'a'): object => ({ apiGroup: GROUP, kind: 'Role', name });
// A user for each row, since ClusterRoleBindings hold in all of them.
const EVE = { kind: 'User', name: 'NS-eve' };
const bound = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  roleRef: toRole(),
  subjects: [EVE],
  ...more,
});

const asEve = (step: Step): Step => ({ ...step, user: 'NS-eve' });
const given = (...rules: readonly object[]): readonly Step[] => [
  post(role({ rules })),
  post(roleBinding(bound())),
];
const review = (plural: string, kind: string, spec: object): Step => ({
  verb: 'POST',
  path: `/apis/authorization.k8s.io/v1/${plural}`,
  body: { apiVersion: 'authorization.k8s.io/v1', kind, spec },
});
const mayI = (attributes: object): Step =>
  review('selfsubjectaccessreviews', 'SelfSubjectAccessReview', {
    resourceAttributes: { namespace: 'NS', ...attributes },
  });

const objects: readonly Row[] = [
  made('role', role({ rules: [READ] })),
  made('role without rules', role()),
  made('rule without anything', role({ rules: [{}] })),
  made('rule without verbs', role({ rules: [{ apiGroups: [''], resources: ['pods'] }] })),
  made('paths in a role', role({ rules: [{ verbs: ['get'], nonResourceURLs: ['/a'] }] })),
  made('paths', clusterRole({ rules: [{ verbs: ['get'], nonResourceURLs: ['/a'] }] })),
  made('paths and resources', clusterRole({ rules: [{ ...READ, nonResourceURLs: ['/a'] }] })),
  made('odd name of a role', role({ rules: [READ] }, { name: 'A:b' })),
  made('bad name of a role', role({ rules: [READ] }, { name: 'a%b' })),
  made('binding', roleBinding(bound())),
  made(
    'binding of a ClusterRole',
    roleBinding(bound({ roleRef: { ...toRole(), kind: 'ClusterRole' } })),
  ),
  made('binding without role', roleBinding({ subjects: [EVE] })),
  made(
    'binding of something else',
    roleBinding(bound({ roleRef: { apiGroup: 'x', kind: 'Pod', name: '' } })),
  ),
  made('binding to nobody', roleBinding(bound({ subjects: [] }))),
  made(
    'odd subjects',
    roleBinding(
      bound({
        subjects: [
          { kind: 'User' },
          { kind: 'x', name: 'a' },
          { kind: 'ServiceAccount', name: 'a' },
        ],
      }),
    ),
  ),
  made('cluster binding of a Role', clusterRoleBinding(bound())),
  made(
    'cluster binding to an account without namespace',
    clusterRoleBinding({
      roleRef: { ...toRole(), kind: 'ClusterRole' },
      subjects: [{ kind: 'ServiceAccount', name: 'a' }],
    }),
  ),
  changed('role of a binding changes', roleBinding(bound()), { roleRef: { name: 'b' } }),
  changed('subjects change', roleBinding(bound()), { subjects: [{ kind: 'Group', name: 'x' }] }),
  changed('rules go', role({ rules: [READ] }), { rules: null }),
  row('applied role', apply(role({ rules: [READ] }))),
  row('what deleting a role gives', post(role({ rules: [READ] })), remove(role())),
];

const access: readonly Row[] = [
  row('nothing is allowed at first', asEve(get(configMap()))),
  row('what a Role allows', post(configMap()), ...given(READ), asEve(get(configMap()))),
  row('another verb', post(configMap()), ...given(READ), asEve(remove(configMap()))),
  row(
    'another name',
    post(configMap()),
    ...given({ ...READ, resourceNames: ['b'] }),
    asEve(get(configMap())),
  ),
  row(
    'that name',
    post(configMap()),
    ...given({ ...READ, resourceNames: ['a'] }),
    asEve(get(configMap())),
  ),
  row(
    'a star',
    post(configMap()),
    ...given({ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }),
    asEve(mergePatch(configMap(), { data: { a: 'b' } })),
  ),
  row(
    'a list is not a get',
    ...given(READ),
    asEve({ verb: 'GET', path: '/api/v1/namespaces/NS/configmaps' }),
  ),
  row(
    'another namespace',
    ...given(READ),
    asEve({ verb: 'GET', path: '/api/v1/namespaces/default/configmaps/a' }),
  ),
  row('create where it is not allowed', ...given(READ), asEve(post(configMap()))),
  row('apply needs patch', ...given({ ...READ, verbs: ['create'] }), asEve(apply(configMap()))),
  row('a path', asEve({ verb: 'GET', path: '/metrics' })),
  row('discovery', asEve({ verb: 'GET', path: '/api/v1/namespaces/NS/configmaps/x/y' })),
  row('may I', ...given(READ), asEve(mayI({ verb: 'get', resource: 'configmaps' }))),
  row('may I not', ...given(READ), asEve(mayI({ verb: 'list', resource: 'configmaps' }))),
  row('may I what', asEve(review('selfsubjectaccessreviews', 'SelfSubjectAccessReview', {}))),
  row(
    'what may somebody else',
    asEve(review('subjectaccessreviews', 'SubjectAccessReview', { user: 'x' })),
  ),
];

/** Roles and bindings, and what they allow. */
export const rightsRows = [...objects, ...access].map(({ name, steps }) => ({
  name: `rights: ${name}`,
  steps,
}));
