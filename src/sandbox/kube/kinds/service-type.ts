import type { KubeObject } from '../object.ts';

/** Whether a load balancer is made for it. */
export function isBalanced({ spec }: KubeObject): boolean {
  return spec.type === 'LoadBalancer';
}

/** Whether it is reached from outside (pkg/api/service/util.go, ExternallyAccessible). */
export function isExternal(service: KubeObject): boolean {
  const { type, externalIPs } = service.spec;
  return (
    isBalanced(service) ||
    type === 'NodePort' ||
    (type === 'ClusterIP' && Boolean(externalIPs?.length))
  );
}

/** Whether nodes answer for it on a port of its own. */
export function needsHealthPort(service: KubeObject): boolean {
  return isBalanced(service) && service.spec.externalTrafficPolicy === 'Local';
}

/** Whether its ports have node ports that the server hands out. */
export function needsNodePorts({ spec }: KubeObject): boolean {
  return (
    spec.type === 'NodePort' ||
    (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)
  );
}

/** Without an address of its own. */
export function isHeadless({ spec }: KubeObject): boolean {
  return spec.clusterIPs?.length === 1 && spec.clusterIPs[0] === 'None';
}
