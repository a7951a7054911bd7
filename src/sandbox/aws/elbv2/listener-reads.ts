import { validationError } from '../state/error.ts';
import { markerPage } from '../state/pages.ts';
import { defaultRuleArn, listenerOf, loadBalancerOf } from './resources.ts';
import type { Listener, State } from '../state/state.ts';

/** A listener as the API shows it. */
export function listenerView(listener: Listener): object {
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.loadBalancerArn,
    Port: listener.port,
    Protocol: listener.protocol,
    ...listener.tls,
    DefaultActions: listener.actions,
  };
}

interface DescribeParams {
  readonly LoadBalancerArn?: string;
  readonly ListenerArns?: readonly string[];
  readonly Marker?: string;
  readonly PageSize?: number;
}

/** ELBv2 DescribeListeners: those of a load balancer, or those named. */
export function describeListeners(state: State, params: DescribeParams): object {
  const { LoadBalancerArn: arn } = params;
  const arns = params.ListenerArns?.length ? params.ListenerArns : undefined;
  if ((arn === undefined) === (arns === undefined)) {
    throw validationError('You must specify either listener ARNs or a load balancer ARN');
  }
  const balancer = arn === undefined ? undefined : loadBalancerOf(state, arn);
  const wanted = balancer
    ? [...state.listeners.values()].filter((one) => one.loadBalancerArn === balancer.arn)
    : (arns ?? []).map((one) => listenerOf(state, one));
  const { page, ...next } = markerPage(state, wanted, params);
  return { Listeners: page.map(listenerView), ...next };
}

/** ELBv2 DescribeRules: a network load balancer's listener has its default rule and no other. */
export function describeRules(
  state: State,
  params: { readonly ListenerArn?: string; readonly Marker?: string; readonly PageSize?: number },
): object {
  const listener = listenerOf(state, params.ListenerArn);
  const rule = {
    RuleArn: defaultRuleArn(listener.arn),
    Priority: 'default',
    Conditions: [],
    Actions: listener.actions,
    IsDefault: true,
  };
  const { page, ...next } = markerPage(state, [rule], params);
  return { Rules: page, ...next };
}
