import { AwsError, required, validationError } from '../state/error.ts';
import type { Listener, LoadBalancer, State, TargetGroup } from '../state/state.ts';

/** The load balancer with this ARN; LoadBalancerNotFound, or ValidationError for what is no ARN. */
export function loadBalancerOf(state: State, arn: string | undefined): LoadBalancer {
  const wanted = required(arn, 'LoadBalancerArn', 'elbv2');
  const found = state.loadBalancers.get(wanted);
  if (found) return found;
  if (!/^arn:[^:]*:elasticloadbalancing:[^:]*:[^:]*:loadbalancer\//.test(wanted)) {
    throw validationError(`'${wanted}' is not a valid load balancer ARN`);
  }
  throw new AwsError('LoadBalancerNotFound', `Load balancer '${wanted}' not found`);
}

/** Whether a load balancer is through with provisioning. */
export function isActive(state: State, balancer: LoadBalancer): boolean {
  return state.clock.time() >= balancer.activeAt;
}

/** The listener with this ARN; ListenerNotFound. */
export function listenerOf(state: State, arn: string | undefined): Listener {
  const found = state.listeners.get(required(arn, 'ListenerArn', 'elbv2'));
  if (!found) throw new AwsError('ListenerNotFound', 'One or more listeners not found');
  return found;
}

/** The target group with this ARN; TargetGroupNotFound, or ValidationError for what is no ARN. */
export function targetGroupOf(state: State, arn: string | undefined): TargetGroup {
  const wanted = required(arn, 'TargetGroupArn', 'elbv2');
  const found = state.targetGroups.get(wanted);
  if (found) return found;
  if (!/^arn:[^:]*:elasticloadbalancing:[^:]*:[^:]*:targetgroup\//.test(wanted)) {
    throw validationError(`'${wanted}' is not a valid target group ARN`);
  }
  throw new AwsError('TargetGroupNotFound', 'One or more target groups not found');
}

/** ARN of the one rule of a network load balancer's listener, its default rule. */
export function defaultRuleArn(listenerArn: string): string {
  return `${listenerArn.replace(':listener/', ':listener-rule/')}/${listenerArn.slice(-16)}`;
}

/** ARN of the listener whose default rule this is; text that is no listener's ARN for other rules. */
export function listenerOfRule(ruleArn: string): string {
  const listenerArn = ruleArn.replace(':listener-rule/', ':listener/').replace(/\/[^/]*$/, '');
  return defaultRuleArn(listenerArn) === ruleArn ? listenerArn : '';
}
