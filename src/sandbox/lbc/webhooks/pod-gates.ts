import { copyOf } from '../../kube/object.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { KubeCluster } from '../../kube/cluster/cluster.ts';
import { gateOf } from '../binding/readiness-gates.ts';
import type { ControllerNames } from '../process/controller-names.ts';

/**
 * pkg/inject/pod_readiness.go: in a namespace that requests it, a new pod waits for the target health
 * of every ip binding whose Service selects it.
 */
export function injectGates(
  names: ControllerNames,
  cluster: KubeCluster,
  pod: KubeObject,
): KubeObject {
  const namespace = pod.metadata.namespace ?? 'default';
  const labels = cluster.get('namespaces', '', namespace)?.metadata.labels ?? {};
  if (labels[names.gateLabel] !== 'enabled') return pod;
  const wanted = cluster
    .list(names.bindings, namespace)
    .filter((binding) => binding['spec'].targetType === 'ip' && selects(cluster, binding, pod))
    .map((binding) => gateOf(names, binding.metadata.name));
  const result = copyOf(pod);
  const present: { conditionType: string }[] = result['spec'].readinessGates ?? [];
  const missing = wanted.filter((gate) => !present.some((one) => one.conditionType === gate));
  if (missing.length === 0) return pod;
  result['spec'].readinessGates = [
    ...present,
    ...missing.map((conditionType) => ({ conditionType })),
  ];
  return result;
}

function selects(cluster: KubeCluster, binding: KubeObject, pod: KubeObject): boolean {
  const name: string = binding['spec'].serviceRef.name;
  const service = cluster.get('services', binding.metadata.namespace!, name);
  const selector: Record<string, string> = service?.['spec'].selector ?? {};
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => pod.metadata.labels?.[key] === value);
}
