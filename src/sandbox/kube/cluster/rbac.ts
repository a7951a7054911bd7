import type { KubeObject } from '../object.ts';
import type { Contents } from './contents.ts';

/** Who asks. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

/** rbac.authorization.k8s.io/v1, PolicyRule. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export const ROLES = 'roles.rbac.authorization.k8s.io';
export const CLUSTER_ROLES = 'clusterroles.rbac.authorization.k8s.io';
export const ROLE_BINDINGS = 'rolebindings.rbac.authorization.k8s.io';
export const CLUSTER_ROLE_BINDINGS = 'clusterrolebindings.rbac.authorization.k8s.io';

/** Members of it may do everything. */
export const MASTERS = 'system:masters';
const AUTHENTICATED = 'system:authenticated';

/** Somebody of that name with the groups that everybody has, and a ServiceAccount its own. */
export function userNamed(name: string, groups: readonly string[] = []): User {
  if (name === 'system:anonymous') return { name, groups: ['system:unauthenticated'] };
  const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name);
  const own = account ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`] : [];
  return { name, groups: [...groups, ...own, AUTHENTICATED] };
}

function isMeant({ kind, name, namespace }: Subject, user: User, within: string): boolean {
  if (kind === 'User') return name === user.name;
  if (kind === 'Group') return user.groups.includes(name);
  return user.name === `system:serviceaccount:${namespace ?? within}:${name}`;
}

/** A rule, and where it comes from, in the authorizer's words. */
export interface GivenRule {
  readonly rule: PolicyRule;
  readonly reason: string;
}

/**
 * The rules that hold for a user: of the cluster, and in the namespace where one is named. Source:
 * kubernetes pkg/registry/rbac/validation/rule.go, VisitRulesFor.
 */
export function rulesOf(contents: Contents, user: User, namespace = ''): GivenRule[] {
  const subjectOf = (binding: KubeObject): Subject | undefined =>
    ((binding['subjects'] ?? []) as Subject[]).find((subject) =>
      isMeant(subject, user, binding.metadata.namespace ?? ''),
    );
  const bound = [
    ...contents.list(CLUSTER_ROLE_BINDINGS),
    ...(namespace ? contents.list(ROLE_BINDINGS, namespace) : []),
  ];
  return bound.flatMap((binding) => {
    const subject = subjectOf(binding);
    if (!subject) return [];
    const { kind, roleRef, metadata } = binding;
    const found =
      roleRef.kind === 'Role'
        ? contents.get(ROLES, metadata.namespace ?? '', roleRef.name)
        : contents.get(CLUSTER_ROLES, '', roleRef.name);
    const name = [metadata.name, metadata.namespace].filter(Boolean).join('/');
    const reason = `RBAC: allowed by ${kind} "${name}" of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${subject.name}"`;
    return ((found?.['rules'] ?? []) as PolicyRule[]).map((rule) => ({ rule, reason }));
  });
}

/** What a request wants, of a resource or of a path that is none. */
export type Wanted =
  | {
      readonly verb: string;
      readonly group: string;
      /** The plural. */
      readonly resource: string;
      readonly subresource?: string;
      readonly name?: string;
    }
  | { readonly verb: string; readonly path: string };

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list?.some((one) => one === '*' || one === value) ?? false;

/** Source: kubernetes pkg/apis/rbac/v1/evaluation_helpers.go. */
export function allows(rule: PolicyRule, wanted: Wanted): boolean {
  if (!has(rule.verbs, wanted.verb)) return false;
  if ('path' in wanted)
    return (rule.nonResourceURLs ?? []).some((url) =>
      url.endsWith('*') ? wanted.path.startsWith(url.slice(0, -1)) : url === wanted.path,
    );
  const { group, resource, subresource, name } = wanted;
  const whole = subresource ? `${resource}/${subresource}` : resource;
  const named =
    !rule.resourceNames?.length || (name !== undefined && rule.resourceNames.includes(name));
  const met =
    has(rule.resources, whole) ||
    (subresource !== undefined && (rule.resources ?? []).includes(`*/${subresource}`));
  return has(rule.apiGroups, group) && met && named;
}
