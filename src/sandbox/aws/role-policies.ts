import { AwsError } from './state/error.ts';
import type { State } from './state/state.ts';

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

interface PutRolePolicy {
  readonly RoleName?: string;
  readonly PolicyName?: string;
  readonly PolicyDocument?: string;
}

/** IAM PutRolePolicy: an inline policy of a role. Roles of EKS clusters are all there are. */
export function putRolePolicy(
  state: State,
  { RoleName = '', PolicyName = '', PolicyDocument = '' }: PutRolePolicy,
): object {
  const policies = state.rolePolicies.get(RoleName);
  if (!policies) {
    throw new AwsError('NoSuchEntity', `The role with name ${RoleName} cannot be found.`, 404);
  }
  try {
    JSON.parse(PolicyDocument);
  } catch {
    throw new AwsError('MalformedPolicyDocument', 'Syntax errors in policy.');
  }
  policies.set(PolicyName, PolicyDocument);
  return {};
}

/**
 * Whether an inline policy of the role allows an action (`elasticloadbalancing:RegisterTargets`) on
 * a resource. Conditions and denials are not modelled.
 */
export function allowsRole(state: State, role: string, action: string, resource: string): boolean {
  return [...(state.rolePolicies.get(role)?.values() ?? [])]
    .flatMap((text) => [(JSON.parse(text) as { Statement?: Statement | Statement[] }).Statement])
    .flatMap((statements) => statements ?? [])
    .some(
      ({ Effect, Action, Resource }) =>
        Effect === 'Allow' && matches(Action, action) && matches(Resource, resource),
    );
}

const matches = (patterns: Statement['Action'], text: string): boolean =>
  [patterns ?? []].flat().some((pattern) =>
    new RegExp(
      `^${pattern
        .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
      'i',
    ).test(text),
  );
