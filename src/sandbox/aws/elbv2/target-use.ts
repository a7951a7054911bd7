import type { Action, LoadBalancer, State } from '../state/state.ts';

/** ARNs of the target groups that actions forward to, each once. */
export function groupsOfActions(actions: readonly Action[]): string[] {
  const arns = actions.flatMap((action) => [
    ...(action.TargetGroupArn ? [action.TargetGroupArn] : []),
    ...(action.ForwardConfig?.TargetGroups ?? []).map((one) => one.TargetGroupArn),
  ]);
  return [...new Set(arns)];
}

/** The load balancer whose listener forwards to a target group; at most one can. */
export function loadBalancerUsing(state: State, targetGroupArn: string): LoadBalancer | undefined {
  for (const listener of state.listeners.values()) {
    if (groupsOfActions(listener.actions).includes(targetGroupArn)) {
      return state.loadBalancers.get(listener.loadBalancerArn);
    }
  }
  return undefined;
}

/** ARNs of the target groups that a load balancer's listeners forward to. */
export function groupsOfBalancer(state: State, loadBalancerArn: string): string[] {
  const arns = [...state.listeners.values()]
    .filter((one) => one.loadBalancerArn === loadBalancerArn)
    .flatMap((one) => groupsOfActions(one.actions));
  return [...new Set(arns)];
}
