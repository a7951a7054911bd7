import { badValue, required, unsupported } from '../faults.ts';
import type { KubeObject } from '../object.ts';
import { sameJson } from '../object.ts';
import type { FieldError } from '../status-error.ts';
import type { KindRules } from './kind-rules.ts';

const GROUP = 'rbac.authorization.k8s.io';

interface Rule {
  readonly verbs: readonly string[] | null;
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  apiGroup?: string;
  readonly namespace?: string;
}

function ruleFaults(rule: Rule, namespaced: boolean, at: string): FieldError[] {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs: urls } = rule;
  const faults = verbs?.length
    ? []
    : [required(`${at}.verbs`, 'verbs must contain at least one value')];
  if (!urls?.length)
    return [
      ...faults,
      ...(apiGroups?.length
        ? []
        : [required(`${at}.apiGroups`, 'resource rules must supply at least one api group')]),
      ...(resources?.length
        ? []
        : [required(`${at}.resources`, 'resource rules must supply at least one resource')]),
    ];
  const why = 'rules cannot apply to both regular resources and non-resource URLs';
  return [
    ...faults,
    ...(namespaced
      ? [
          badValue(
            `${at}.nonResourceURLs`,
            urls,
            'namespaced rules cannot apply to non-resource URLs',
          ),
        ]
      : []),
    ...(apiGroups?.length || resources?.length || resourceNames?.length
      ? [badValue(`${at}.nonResourceURLs`, urls, why)]
      : []),
  ];
}

/** Source: kubernetes pkg/apis/rbac/validation/validation.go, ValidatePolicyRule. */
export const roleRules: KindRules = {
  validate({ kind, rules }) {
    const list: readonly Rule[] = rules ?? [];
    return list.flatMap((rule, i) => ruleFaults(rule, kind === 'Role', `rules[${i}]`));
  },
};

function subjectFaults(subject: Subject, namespaced: boolean, at: string): FieldError[] {
  const { kind, name, apiGroup = '', namespace } = subject;
  const kinds = ['ServiceAccount', 'User', 'Group'];
  const wanted = kind === 'ServiceAccount' ? '' : GROUP;
  return [
    ...(name ? [] : [required(`${at}.name`)]),
    ...(kinds.includes(kind) ? [] : [unsupported(`${at}.kind`, kind, kinds)]),
    ...(kinds.includes(kind) && apiGroup !== wanted
      ? [unsupported(`${at}.apiGroup`, apiGroup, [wanted])]
      : []),
    ...(kind === 'ServiceAccount' && !namespaced && !namespace
      ? [required(`${at}.namespace`)]
      : []),
  ];
}

interface RoleRef {
  readonly apiGroup: string;
  readonly kind: string;
  readonly name: string;
}

/** As Go prints it, without the names of JSON. */
const goNames = ({ apiGroup, kind, name }: RoleRef): object => ({
  APIGroup: apiGroup,
  Kind: kind,
  Name: name,
});

function bindingFaults(object: KubeObject, old?: KubeObject): FieldError[] {
  const { roleRef } = object;
  const namespaced = object.kind === 'RoleBinding';
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  const subjects: readonly Subject[] = object['subjects'] ?? [];
  return [
    ...(roleRef.apiGroup === GROUP
      ? []
      : [unsupported('roleRef.apiGroup', roleRef.apiGroup, [GROUP])]),
    ...(kinds.includes(roleRef.kind) ? [] : [unsupported('roleRef.kind', roleRef.kind, kinds)]),
    ...(roleRef.name ? [] : [required('roleRef.name')]),
    ...subjects.flatMap((one, i) => subjectFaults(one, namespaced, `subjects[${i}]`)),
    ...(old && !sameJson(old['roleRef'], roleRef)
      ? [badValue('roleRef', goNames(roleRef), 'cannot change roleRef')]
      : []),
  ];
}

/** Source: kubernetes pkg/apis/rbac/validation/validation.go, ValidateRoleBinding; pkg/apis/rbac/v1/defaults.go. */
export const roleBindingRules: KindRules = {
  defaults(object) {
    if (object['roleRef'].apiGroup === '') object['roleRef'].apiGroup = GROUP;
    for (const subject of (object['subjects'] ?? []) as Subject[])
      if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ??= GROUP;
  },
  validate: bindingFaults,
};
