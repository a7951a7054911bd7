import type { KubeObject } from '../../kube/object.ts';
import type { ControllerApi } from '../process/controller-api.ts';
import type { PodEndpoint } from '../process/endpoint.ts';
import { conditionStatus } from '../../kube/conditions.ts';
import type { ServicePort } from '../process/service-port.ts';

/** The eligible ip endpoints, and whether others may become eligible without any event telling. */
export interface ResolvedPods {
  readonly endpoints: readonly PodEndpoint[];
  readonly potential: boolean;
}

interface SliceEndpoint {
  readonly addresses?: readonly string[];
  readonly conditions?: { readonly ready?: boolean; readonly terminating?: boolean };
  readonly targetRef?: { readonly kind?: string; readonly name?: string };
}

type Verdict = 'eligible' | 'unknown' | 'potential' | 'no';

/**
 * pkg/backend/endpoint_resolver.go, resolvePodEndpointsWithEndpointsData: ready endpoints, and those
 * that wait only for their own readiness gate; if there is none, pods on nodes of unknown
 * readiness (fail open). `gate` is the binding's condition type.
 */
export function resolvePodEndpoints(
  api: ControllerApi,
  service: KubeObject,
  port: ServicePort,
  gate: string,
  family: 'ipv4' | 'ipv6',
): ResolvedPods {
  const namespace = service.metadata.namespace!;
  const found: Record<Verdict, PodEndpoint[]> = {
    eligible: [],
    unknown: [],
    potential: [],
    no: [],
  };
  let missingPod = false;
  for (const { endpoint, number } of endpointsOf(api, service, port, family)) {
    const address = endpoint.addresses?.[0];
    const podName = endpoint.targetRef?.name;
    if (endpoint.targetRef?.kind !== 'Pod' || !podName || !address) continue;
    const pod = api.get('pods', namespace, podName);
    if (!pod) {
      missingPod = true;
      continue;
    }
    found[judge(api, endpoint, pod, gate)].push({
      kind: 'pod',
      ip: address,
      port: number,
      podName,
      podCreatedMs: Date.parse(pod.metadata.creationTimestamp ?? ''),
    });
  }
  return {
    endpoints: found.eligible.length > 0 ? found.eligible : found.unknown,
    potential: missingPod || found.potential.length > 0,
  };
}

function judge(
  api: ControllerApi,
  endpoint: SliceEndpoint,
  pod: KubeObject,
  gate: string,
): Verdict {
  // The API's contract: nil means ready.
  if (endpoint.conditions?.ready ?? true) return 'eligible';
  if (conditionStatus(pod, 'ContainersReady') !== 'True') {
    return hasGate(pod, gate) ? 'potential' : 'no';
  }
  const node = api.get('nodes', '', pod['spec'].nodeName ?? '');
  if (!node) return 'no';
  switch (conditionStatus(node, 'Ready')) {
    case 'True':
      return endpoint.conditions?.terminating ? 'no' : 'eligible';
    case 'Unknown':
      return 'unknown';
    default:
      return 'no';
  }
}

export function hasGate(pod: KubeObject, gate: string): boolean {
  const gates: readonly { readonly conditionType: string }[] = pod['spec'].readinessGates ?? [];
  return gates.some(({ conditionType }) => conditionType === gate);
}

function* endpointsOf(
  api: ControllerApi,
  service: KubeObject,
  port: ServicePort,
  family: 'ipv4' | 'ipv6',
): Generator<{ readonly endpoint: SliceEndpoint; readonly number: number }> {
  for (const slice of api.list('endpointslices.discovery.k8s.io', service.metadata.namespace)) {
    if (slice.metadata.labels?.['kubernetes.io/service-name'] !== service.metadata.name) continue;
    if (String(slice['addressType']).toLowerCase() !== family) continue;
    const ports: readonly { readonly name?: string; readonly port?: number }[] =
      slice['ports'] ?? [];
    for (const { name, port: number } of ports) {
      if (port.name ? port.name !== name : false) continue;
      if (number === undefined) continue;
      for (const endpoint of slice['endpoints'] ?? []) yield { endpoint, number };
    }
  }
}
