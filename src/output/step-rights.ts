import { flavours } from '../core/model/flavours.ts';
import type { ToldStep } from '../core/plan/plan.ts';

/**
 * The rights that a step of a handover takes, as RBAC and IAM spell them. Of what every command writes,
 * docs/rights.md tells.
 */
export function rightsOf(step: ToldStep): readonly string[] {
  switch (step.kind) {
    case 'patch-service':
      return [
        `patch services${step.subresource ? `/${step.subresource}` : ''} in ${step.service.namespace} of ${step.cluster}`,
      ];
    case 'patch-binding':
      return [
        `patch targetgroupbindings.${flavours[step.binding.flavour].group} in ${step.binding.namespace} of ${step.cluster}`,
      ];
    case 'restart-controller':
      return [`patch deployments.apps in ${step.deployment.namespace} of ${step.cluster}`];
    case 'write-tags': {
      const [set, remove] =
        step.of === 'security-group'
          ? ['ec2:CreateTags', 'ec2:DeleteTags']
          : ['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags'];
      return [
        ...(Object.keys(step.set).length > 0 ? [set] : []),
        ...(step.remove.length > 0 ? [remove] : []),
      ];
    }
    case 'create-placeholder':
      return ['elasticloadbalancing:CreateTargetGroup'];
    case 'delete-target-group':
      return ['elasticloadbalancing:DeleteTargetGroup'];
    default:
      return [];
  }
}

/** The rights as one line below the step; none where the step has none to tell. */
export function rightLines(step: ToldStep): string[] {
  const rights = rightsOf(step);
  return rights.length === 0 ? [] : [`needs: ${rights.join(', ')}`];
}
