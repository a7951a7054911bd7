import { flavourOf, flavours } from '../core/model/flavours.ts';
import type { BindingName } from '../core/model/kubernetes.ts';
import type { Plan, ToldStep } from '../core/plan/plan.ts';

const onBinding = (verb: string, { flavour, namespace }: BindingName, cluster: string): string =>
  `${verb} targetgroupbindings.${flavours[flavour].group} in ${namespace} of ${cluster}`;

/**
 * The rights that a step of a handover takes, or of what `replace` does before and after it, as RBAC and IAM
 * spell them. Of what every command writes, docs/rights.md tells.
 */
export function rightsOf(step: ToldStep): readonly string[] {
  switch (step.kind) {
    case 'patch-service':
      return [
        `patch services${step.subresource ? `/${step.subresource}` : ''} in ${step.service.namespace} of ${step.cluster}`,
      ];
    case 'patch-binding':
      return [onBinding('patch', step.binding, step.cluster)];
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
    case 'create-service':
      return [`create services in ${step.document.metadata.namespace} of ${step.cluster}`];
    case 'apply-binding': {
      const { apiVersion, metadata } = step.document;
      const flavour = flavourOf(apiVersion) ?? 'lbc';
      return [onBinding('patch', { flavour, ...metadata }, step.cluster)];
    }
    case 'delete-binding':
      return [onBinding('delete', step.binding, step.cluster)];
    case 'delete-service':
      return [`delete services in ${step.service.namespace} of ${step.cluster}`];
    case 'deregister-targets':
      return ['elasticloadbalancing:DeregisterTargets'];
    default:
      return [];
  }
}

/**
 * The rights as one line below the step; none where the step has none to tell, and where nothing of the plan
 * is a handover's.
 */
export function rightLines(step: ToldStep, { steps }: Plan): string[] {
  if (!steps.some((one) => 'phase' in one && one.phase !== undefined)) return [];
  const rights = rightsOf(step);
  return rights.length === 0 ? [] : [`needs: ${rights.join(', ')}`];
}
