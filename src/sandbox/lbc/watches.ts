import type { KubeCluster } from '../kube/cluster/cluster.ts';
import { sameJson } from '../kube/object.ts';
import type { KubeObject } from '../kube/object.ts';
import { isSuitable } from './binding/node-endpoints.ts';
import { conditionStatus } from '../kube/conditions.ts';
import { targetHealthGates } from './binding/readiness-gates.ts';
import { hasFinalizer } from './process/finalizers.ts';
import { isSupported } from './service/service-model.ts';
import type { WorkQueue } from '../time/work-queue.ts';
import type { ControllerNames } from './process/controller-names.ts';
import { atLeast } from './process/version.ts';

/** What leads which changes to which queue. */
export interface WatchSettings {
  readonly names: ControllerNames;
  readonly version: string;
  readonly loadBalancerClass: string;
  readonly watchNamespace?: string | undefined;
}

/** The key of an object in the queues. */
export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace}/${object.metadata.name}`;
}

/**
 * Puts what changes into the queues, as the watches of controllers/elbv2 and controllers/service do
 * with their event handlers. What is there already counts as added. The function given back ends it.
 */
export function watch(
  cluster: KubeCluster,
  bindings: WorkQueue,
  services: WorkQueue,
  settings: WatchSettings,
): () => void {
  const { names } = settings;
  const sees = (object: KubeObject): boolean =>
    !settings.watchNamespace || object.metadata.namespace === settings.watchNamespace;

  const addBindings = (
    wanted: (binding: KubeObject) => boolean,
    targetType: 'ip' | 'instance',
  ): void => {
    for (const binding of cluster.list(names.bindings, settings.watchNamespace)) {
      if (binding['spec'].targetType === targetType && wanted(binding))
        bindings.add(keyOf(binding));
    }
  };
  const onService = (service: KubeObject, old: KubeObject | undefined): void => {
    if (!sees(service)) return;
    if (concernsServices(service, old, settings)) services.add(keyOf(service));
    // Only instance bindings: ip ones hear of it through their EndpointSlices.
    if (sameJson(service['spec'].ports, old?.['spec'].ports)) return;
    addBindings(refersTo(service.metadata.namespace, service.metadata.name), 'instance');
  };
  const onSlice = (slice: KubeObject): void => {
    const service = slice.metadata.labels?.['kubernetes.io/service-name'];
    if (sees(slice)) addBindings(refersTo(slice.metadata.namespace, service), 'ip');
  };
  const onNode = (node: KubeObject, old: KubeObject | undefined): void => {
    if (old && sameJson(nodeFacts(node), nodeFacts(old))) return;
    addBindings(() => true, 'instance');
  };
  /** Since v3.4.0: a gated pod that gets ready, without an EndpointSlice telling. */
  const onPod = (pod: KubeObject, old: KubeObject | undefined): void => {
    if (!sees(pod) || !atLeast(settings.version, '3.4.0')) return;
    const gates = targetHealthGates(names, pod);
    if (gates.length === 0) return;
    if (
      old &&
      conditionStatus(pod, 'ContainersReady') === conditionStatus(old, 'ContainersReady')
    ) {
      return;
    }
    addBindings(
      (binding) =>
        binding.metadata.namespace === pod.metadata.namespace &&
        gates.some((gate) => gate.endsWith(`/${binding.metadata.name}`)),
      'ip',
    );
  };
  const onBinding = (binding: KubeObject): void => {
    if (sees(binding)) bindings.add(keyOf(binding));
  };

  for (const binding of cluster.list(names.bindings)) onBinding(binding);
  for (const service of cluster.list('services')) onService(service, undefined);
  const ends = [
    cluster.onChange(names.bindings, ({ object }) => onBinding(object)),
    cluster.onChange('services', ({ type, object, old }) =>
      onService(object, type === 'DELETED' ? undefined : old),
    ),
    cluster.onChange('endpointslices.discovery.k8s.io', ({ type, object, old }) => {
      if (type === 'DELETED' || !old || !sameSlice(object, old)) onSlice(object);
    }),
    cluster.onChange('nodes', ({ type, object, old }) =>
      onNode(object, type === 'DELETED' ? undefined : old),
    ),
    cluster.onChange('pods', ({ type, object, old }) =>
      onPod(object, type === 'DELETED' ? undefined : old),
    ),
  ];
  return () => ends.forEach((end) => end());
}

/** controllers/service/eventhandlers/service_events.go. */
function concernsServices(
  service: KubeObject,
  old: KubeObject | undefined,
  settings: WatchSettings,
): boolean {
  const ours =
    isSupported(service, settings.loadBalancerClass, settings.names) ||
    hasFinalizer(service, settings.names.serviceFinalizer);
  if (!ours || !old) return ours;
  return !(
    sameJson(service.metadata.annotations ?? {}, old.metadata.annotations ?? {}) &&
    sameJson(service['spec'], old['spec']) &&
    Boolean(service.metadata.deletionTimestamp) === Boolean(old.metadata.deletionTimestamp)
  );
}

function nodeFacts(node: KubeObject): unknown {
  return [isSuitable(node, undefined), conditionStatus(node, 'Ready'), node.metadata.labels ?? {}];
}

function sameSlice(a: KubeObject, b: KubeObject): boolean {
  return sameJson(a['endpoints'], b['endpoints']) && sameJson(a['ports'], b['ports']);
}

function refersTo(namespace: string | undefined, service: string | undefined) {
  return (binding: KubeObject): boolean =>
    binding.metadata.namespace === namespace && binding['spec'].serviceRef.name === service;
}
