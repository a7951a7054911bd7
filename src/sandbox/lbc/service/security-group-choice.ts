import { BuildError } from '../process/errors.ts';
import { atLeast } from '../process/version.ts';
import type { ServiceAnnotations } from './annotations.ts';
import type { ModelFacts } from './model-facts.ts';
import type { ModelContext, SecurityGroupRef } from './model-terms.ts';

/** Which groups the load balancer gets, and which of them the targets' rules name. */
interface GroupChoice {
  readonly groups: readonly SecurityGroupRef[];
  readonly managed: boolean;
  readonly backend: boolean;
  readonly peer?: SecurityGroupRef | undefined;
}

/** pkg/service/model_build_load_balancer.go, buildLoadBalancerSecurityGroups (since v2.6.0). */
export function securityGroupsOf(
  notes: ServiceAnnotations,
  { flags, version }: ModelContext,
  facts: ModelFacts,
): GroupChoice {
  const without =
    !atLeast(version, '2.6.0') ||
    ((atLeast(version, '2.14.0') && notes.bool('aws-load-balancer-disable-nlb-sg')) ?? false);
  const existing = facts.existing();
  const has = existing && (existing.SecurityGroups ?? []).length > 0;
  if (without && has) throw new BuildError('conflicting security groups configuration');
  // A load balancer that was made without groups never gets any.
  if (without || has === false) return { groups: [], managed: false, backend: false };
  const wanted = notes.list('aws-load-balancer-security-groups') ?? [];
  const managed: SecurityGroupRef = { kind: 'managed' };
  if (wanted.length === 0) {
    if (!flags.enableBackendSecurityGroup) {
      return { groups: [managed], managed: true, backend: false, peer: managed };
    }
    const backend: SecurityGroupRef = { kind: 'id', id: facts.backendGroup() };
    return { groups: [managed, backend], managed: true, backend: true, peer: backend };
  }
  const manages =
    notes.bool('aws-load-balancer-manage-backend-security-group-rules') ??
    flags.enableManageBackendSecurityGroupRules;
  const groups = facts.securityGroups(wanted).map((id) => ({ kind: 'id', id }) as const);
  if (!manages) return { groups, managed: false, backend: false };
  if (!flags.enableBackendSecurityGroup) {
    throw new BuildError(
      'backendSG feature is required to manage worker node SG rules when frontendSG is manually specified',
    );
  }
  const backend: SecurityGroupRef = { kind: 'id', id: facts.backendGroup() };
  return { groups: [...groups, backend], managed: false, backend: true, peer: backend };
}
