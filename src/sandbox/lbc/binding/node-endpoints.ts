import type { KubeObject } from '../../kube/object.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import type { NodeEndpoint } from '../process/endpoint.ts';
import { matchesLabels, type LabelSelector } from '../../kube/selectors.ts';
import { conditionStatus } from '../../kube/conditions.ts';
import type { ServicePort } from '../process/service-port.ts';
import { instanceIdOf } from '../networking/interface-match.ts';

/** pkg/backend/endpoint_utils.go: what a node needs before the binding's own selector is asked. */
const DEFAULT_SELECTOR: LabelSelector = {
  matchExpressions: [
    { key: 'node-role.kubernetes.io/master', operator: 'DoesNotExist' },
    { key: 'node.kubernetes.io/exclude-from-external-load-balancers', operator: 'DoesNotExist' },
    { key: 'alpha.service-controller.kubernetes.io/exclude-balancer', operator: 'DoesNotExist' },
    { key: 'eks.amazonaws.com/compute-type', operator: 'NotIn', values: ['fargate'] },
  ],
};

/**
 * The nodes to register with the Service's node port: suitable and Ready, or of unknown readiness
 * where none is Ready (pkg/backend/endpoint_resolver.go, ResolveNodePortEndpoints). Throws for a
 * Service type without node ports.
 */
export function resolveNodeEndpoints(
  api: ControllerApi,
  service: KubeObject,
  port: ServicePort,
  selector: LabelSelector | undefined,
): NodeEndpoint[] {
  const type: string = service['spec'].type ?? 'ClusterIP';
  if (type !== 'NodePort' && type !== 'LoadBalancer') {
    throw new Error(
      `service type must be either 'NodePort' or 'LoadBalancer': ${service.metadata.namespace}/${service.metadata.name}`,
    );
  }
  const candidates = api.list('nodes').filter((node) => isSuitable(node, selector));
  const ready = candidates.filter((node) => conditionStatus(node, 'Ready') === 'True');
  const chosen =
    ready.length > 0
      ? ready
      : candidates.filter((node) => conditionStatus(node, 'Ready') === 'Unknown');
  return chosen.map((node) => ({
    kind: 'node',
    instanceId: instanceIdOf(node),
    nodeName: node.metadata.name,
    port: port.nodePort ?? 0,
  }));
}

/** Whether the node may carry traffic at all; its readiness is another matter. */
export function isSuitable(node: KubeObject, selector: LabelSelector | undefined): boolean {
  const labels = node.metadata.labels ?? {};
  if (!matchesLabels(DEFAULT_SELECTOR, labels)) return false;
  if (selector && !matchesLabels(selector, labels)) return false;
  const taints: readonly { readonly key: string; readonly effect?: string }[] =
    node['spec']?.taints ?? [];
  return !taints.some(
    ({ key, effect }) =>
      key === 'ToBeDeletedByClusterAutoscaler' ||
      (key === 'karpenter.sh/disrupted' && effect === 'NoSchedule'),
  );
}
