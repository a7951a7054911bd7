import { badValue } from '../names.ts';
import type { KubeObject } from '../object.ts';
import type { FieldError } from '../status-error.ts';

// What EKS gives a cluster in a VPC of 10.0.0.0/8.
const PREFIX = '172.20';
const FIRST_NODE_PORT = 30_000;
const LAST_NODE_PORT = 32_767;

function addressFaults(service: KubeObject, taken: ReadonlySet<string>): FieldError[] {
  const { spec } = service;
  const wanted: string | undefined = spec.clusterIP || spec.clusterIPs?.[0];
  if (wanted === 'None') {
    spec.clusterIP = 'None';
    spec.clusterIPs = ['None'];
    return [];
  }
  let address = wanted;
  // The first 256 addresses are left to those who request one, as the real allocator does.
  for (let n = 256; !address && n < 65_535; n++) {
    const next = `${PREFIX}.${n >> 8}.${n & 255}`;
    if (!taken.has(next)) address = next;
  }
  spec.clusterIP = address;
  spec.clusterIPs = [address];
  if (!wanted) return [];
  const why = !wanted.startsWith(`${PREFIX}.`)
    ? `the provided IP (${wanted}) is not in the valid range. The range of valid IPs is ${PREFIX}.0.0/16`
    : taken.has(wanted)
      ? 'provided IP is already allocated'
      : undefined;
  if (!why) return [];
  const message = `Invalid value: []string{"${wanted}"}: failed to allocate IP ${wanted}: ${why}`;
  return [{ field: 'spec.clusterIPs', message, reason: 'FieldValueInvalid' }];
}

function nodePortsOf(service: KubeObject): number[] {
  const ports: { nodePort?: number }[] = service.spec.ports ?? [];
  const numbers = [...ports.map((port) => port.nodePort), service.spec.healthCheckNodePort];
  return numbers.filter((port) => port !== undefined);
}

/** The lowest free node port; the same number may serve TCP and UDP, here it never does. */
function freePort(taken: Set<number>): number | undefined {
  for (let port = FIRST_NODE_PORT + 80; port <= LAST_NODE_PORT; port++)
    if (!taken.has(port)) {
      taken.add(port);
      return port;
    }
  return undefined;
}

function portFaults(service: KubeObject, taken: Set<number>, kept: Set<number>): FieldError[] {
  const faults: FieldError[] = [];
  for (const [i, port] of (service.spec.ports ?? []).entries()) {
    const field = `spec.ports[${i}].nodePort`;
    if (!port.nodePort) port.nodePort = freePort(taken);
    else if (port.nodePort < FIRST_NODE_PORT || port.nodePort > LAST_NODE_PORT)
      faults.push(
        badValue(
          field,
          port.nodePort,
          `provided port is not in the valid range. The range of valid ports is ${FIRST_NODE_PORT}-${LAST_NODE_PORT}`,
        ),
      );
    else if (taken.has(port.nodePort) && !kept.has(port.nodePort))
      faults.push(badValue(field, port.nodePort, 'provided port is already allocated'));
    else taken.add(port.nodePort);
  }
  return faults;
}

/**
 * Hands out cluster address, node ports and health check node port, each the lowest that is free.
 * Source: kubernetes pkg/registry/core/service/storage/alloc.go.
 */
export function allocateService(
  service: KubeObject,
  others: readonly KubeObject[],
  old?: KubeObject,
): FieldError[] {
  const { spec } = service;
  const rest = others.filter((other) => other.metadata.uid !== service.metadata.uid);
  if (spec.type === 'ExternalName') {
    delete spec.clusterIP;
    delete spec.clusterIPs;
    return [];
  }
  const addresses = new Set<string>(rest.map((other) => other.spec.clusterIP));
  const faults = addressFaults(service, addresses);
  if (spec.type === 'ClusterIP') return faults;
  const taken = new Set(rest.flatMap(nodePortsOf));
  const kept = new Set(old ? nodePortsOf(old) : []);
  if (spec.type === 'NodePort' || spec.allocateLoadBalancerNodePorts !== false)
    faults.push(...portFaults(service, taken, kept));
  if (spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local')
    spec.healthCheckNodePort ??= freePort(new Set([...taken, ...nodePortsOf(service)]));
  return faults;
}
