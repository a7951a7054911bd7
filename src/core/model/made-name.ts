import { createHash } from 'node:crypto';
import type { ObjectName } from './kubernetes.ts';

const letters = (text: string): string => text.replaceAll(/[^a-z0-9]/gi, '').slice(0, 8);

/**
 * How the names start that the controller gives bindings, target groups and load balancers which it makes
 * for a Service: eight letters of each name, then a hash (`pkg/service/model_build_target_group.go`,
 * buildTargetGroupName; `model_build_load_balancer.go`, buildLoadBalancerName).
 */
export const madeNameStart = ({ namespace, name }: ObjectName): string =>
  `k8s-${letters(namespace)}-${letters(name)}-`;

/** What the name of a target group depends on that the controller makes for a port of a Service. */
export interface MadeGroup {
  readonly service: ObjectName;
  readonly uid: string;
  readonly clusterName: string;
  /** The node port of instance targets; of others the number of the target port, 1 where it has a name. */
  readonly groupPort: number;
  readonly servicePort: number;
  readonly targetType: string;
  readonly protocol: string;
  readonly healthCheck: { readonly protocol: string; readonly intervalSeconds: number };
}

/** The whole name of such a target group (`pkg/service/model_build_target_group.go`, buildTargetGroupName). */
export function madeGroupName(made: MadeGroup): string {
  const { clusterName, uid, groupPort, servicePort, targetType, protocol, healthCheck } = made;
  const hash = createHash('sha256');
  const parts = [clusterName, uid, groupPort, servicePort, targetType, protocol];
  for (const part of [...parts, healthCheck.protocol, healthCheck.intervalSeconds]) {
    hash.update(String(part));
  }
  return `${madeNameStart(made.service)}${hash.digest('hex').slice(0, 10)}`;
}
