import type { ObjectName } from './kubernetes.ts';

const letters = (text: string): string => text.replaceAll(/[^a-z0-9]/gi, '').slice(0, 8);

/**
 * How the names start that the controller gives bindings, target groups and load balancers which it makes
 * for a Service: eight letters of each name, then a hash (`pkg/service/model_build_target_group.go`,
 * buildTargetGroupName; `model_build_load_balancer.go`, buildLoadBalancerName).
 */
export const madeNameStart = ({ namespace, name }: ObjectName): string =>
  `k8s-${letters(namespace)}-${letters(name)}-`;
