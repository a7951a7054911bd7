import type { KubeObject } from '../kube/object.ts';
import { matchesLabels } from '../kube/selectors.ts';
import { isLive, isReady } from './pod-status.ts';

export interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions: {
    readonly ready: boolean;
    readonly serving: boolean;
    readonly terminating: boolean;
  };
  readonly nodeName: string;
  readonly zone?: string;
  readonly targetRef: Readonly<Record<string, unknown>>;
}

export interface EndpointPort {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
}

/** Endpoints that answer on the same ports: what one EndpointSlice can hold. */
export interface EndpointGroup {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

/** Whether the Service selects this pod. A Service without selector has its endpoints from elsewhere. */
export function servesPod(service: KubeObject, pod: KubeObject): boolean {
  const selector: Record<string, string> = service.spec.selector ?? {};
  if (Object.keys(selector).length === 0 || service.spec.type === 'ExternalName') return false;
  return matchesLabels({ matchLabels: selector }, pod.metadata.labels ?? {});
}

/** A port of a Service. */
export interface ServedPort {
  readonly port: number;
  readonly targetPort?: number | string;
  readonly protocol?: string;
  readonly nodePort?: number;
}

/**
 * The pod's number for a Service port's targetPort; undefined when it has no port of that name and
 * protocol (k8s.io/endpointslice, FindPort).
 */
export function targetPort(servicePort: ServedPort, pod: KubeObject): number | undefined {
  const wanted = servicePort.targetPort ?? servicePort.port;
  if (typeof wanted === 'number') return wanted;
  const protocol = servicePort.protocol ?? 'TCP';
  for (const container of pod.spec.containers) {
    for (const port of container.ports ?? []) {
      if (port.name === wanted && (port.protocol ?? 'TCP') === protocol) return port.containerPort;
    }
  }
  return undefined;
}

/**
 * A Service's endpoints as the endpoint slice controller sees them: pods with an address, ready or
 * not, those that are ending included (staging/src/k8s.io/endpointslice/utils.go). Pods in which a
 * named port has another number come in another group.
 */
export function endpointGroups(
  service: KubeObject,
  pods: readonly KubeObject[],
  zoneOf: (nodeName: string) => string | undefined,
): EndpointGroup[] {
  const groups = new Map<string, { ports: EndpointPort[]; endpoints: Endpoint[] }>();
  for (const pod of pods) {
    if (!servesPod(service, pod) || !isLive(pod) || !pod.status?.podIP) continue;
    const ports: EndpointPort[] = [];
    for (const servicePort of service.spec.ports ?? []) {
      const port = targetPort(servicePort, pod);
      const { name = '', protocol = 'TCP' } = servicePort;
      if (port !== undefined) ports.push({ name, protocol, port });
    }
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    groups.set(key, group);
    group.endpoints.push(endpointOf(pod, service, zoneOf));
  }
  return [...groups.values()];
}

function endpointOf(
  pod: KubeObject,
  service: KubeObject,
  zoneOf: (nodeName: string) => string | undefined,
): Endpoint {
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const serving = isReady(pod);
  const always = service.spec.publishNotReadyAddresses === true;
  const nodeName: string = pod.spec.nodeName;
  const zone = zoneOf(nodeName);
  return {
    addresses: [pod.status.podIP],
    conditions: { ready: always || (serving && !terminating), serving, terminating },
    nodeName,
    ...(zone ? { zone } : {}),
    targetRef: {
      kind: 'Pod',
      name: pod.metadata.name,
      namespace: pod.metadata.namespace,
      uid: pod.metadata.uid,
    },
  };
}
