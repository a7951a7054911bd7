import { badValue } from '../faults.ts';
import type { IpFamily } from '../ip-family.ts';
import type { Supply } from './kind-rules.ts';
import { copyOf, sameJson } from '../object.ts';
import type { KubeObject } from '../object.ts';
import type { FieldError } from '../status-error.ts';
import { initFamilies } from './service-addresses.ts';
import { isHeadless, needsHealthPort, needsNodePorts } from './service-type.ts';

/**
 * What EKS gives a cluster in a VPC of 10.0.0.0/8, and one with IPv6: a block of unique local
 * addresses (EKS user guide, cni-ipv6.adoc).
 */
const PREFIX: Readonly<Record<IpFamily, string>> = { IPv4: '172.20.', IPv6: 'fdd3:7636:68bc::' };

const addressAt = (family: IpFamily, n: number): string =>
  family === 'IPv6' ? PREFIX.IPv6 + n.toString(16) : `${PREFIX.IPv4}${n >> 8}.${n & 255}`;
/** Of the range, in which the server chooses at random: a Service that lost its number gets another one. */
const FIRST_CHOICE = 80;
const LATER_CHOICE = 1_080;
const FIRST_NODE_PORT = 30_000;
const LAST_NODE_PORT = 32_767;

interface Port {
  readonly name?: string;
  readonly port: number;
  readonly protocol: string;
  nodePort?: number;
}

const portsOf = ({ spec }: KubeObject): Port[] => spec.ports ?? [];

/**
 * A writer that leaves out what the server handed out keeps it. Source: kubernetes
 * pkg/registry/core/service/storage/storage.go, patchAllocatedValues and normalizeClusterIPs.
 */
function keep(service: KubeObject, old: KubeObject): void {
  const { spec } = service;
  const was = old.spec;
  if (spec.type !== 'ExternalName' && was.type !== 'ExternalName') {
    spec.clusterIP ||= was.clusterIP;
    if (!spec.clusterIPs?.length) spec.clusterIPs = copyOf(was.clusterIPs);
  }
  if (was.clusterIP !== spec.clusterIP && sameJson(was.clusterIPs, spec.clusterIPs))
    spec.clusterIPs = spec.clusterIP ? [spec.clusterIP] : undefined;
  if (needsNodePorts(old) && needsNodePorts(service)) {
    const used = new Set(portsOf(service).map((port) => port.nodePort));
    const byName = new Map(portsOf(old).map((port) => [port.name ?? '', port.nodePort]));
    for (const port of portsOf(service)) {
      const number = byName.get(port.name ?? '');
      if (!port.nodePort && number && !used.has(number)) port.nodePort = number;
    }
  }
  if (needsHealthPort(old) && needsHealthPort(service))
    spec.healthCheckNodePort ||= was.healthCheckNodePort;
}

function giveAddress(
  service: KubeObject,
  taken: ReadonlySet<string>,
  family: IpFamily,
): FieldError[] {
  const { spec } = service;
  const wanted: string | undefined = spec.clusterIP || spec.clusterIPs?.[0];
  let address = wanted;
  // The first 256 addresses are left to those who request one, as the real allocator does.
  for (let n = 256; !address && n < 65_535; n++) {
    const next = addressAt(family, n);
    if (!taken.has(next)) address = next;
  }
  spec.clusterIP = address;
  spec.clusterIPs = [address];
  if (!wanted) return [];
  const why = !wanted.startsWith(PREFIX[family])
    ? 'the provided network does not match the current range'
    : taken.has(wanted)
      ? 'provided IP is already allocated'
      : undefined;
  return why
    ? [badValue('spec.clusterIPs', [wanted], `failed to allocate IP ${wanted}: ${why}`)]
    : [];
}

const numbersOf = (service: KubeObject): number[] =>
  [...portsOf(service).map(({ nodePort }) => nodePort), service.spec.healthCheckNodePort].filter(
    Boolean,
  ) as number[];

function freePort(taken: Set<number>, choice = FIRST_CHOICE): number | undefined {
  for (let port = FIRST_NODE_PORT + choice; port <= LAST_NODE_PORT; port++)
    if (!taken.has(port)) {
      taken.add(port);
      return port;
    }
  return undefined;
}

/** Why a number cannot be had; undefined when it can, which takes it. */
function take(number: number, taken: Set<number>): string | undefined {
  if (number < FIRST_NODE_PORT || number > LAST_NODE_PORT)
    return `provided port is not in the valid range. The range of valid ports is ${FIRST_NODE_PORT}-${LAST_NODE_PORT}`;
  if (taken.has(number)) return 'provided port is already allocated';
  taken.add(number);
  return undefined;
}

/**
 * Node ports, in place: two protocols of one port of the Service share a number, and nothing else does.
 * Source: initNodePorts. `kept` are the numbers that the Service has already.
 */
function givePorts(
  service: KubeObject,
  taken: Set<number>,
  kept: ReadonlySet<number>,
  choice: number,
): FieldError[] {
  const shared = new Map<number, number>();
  const held = new Set<number>();
  for (const [i, port] of portsOf(service).entries()) {
    const wanted =
      port.nodePort ??
      shared.get(port.port) ??
      portsOf(service).find((other) => other.port === port.port && other.nodePort)?.nodePort;
    if (wanted === undefined && !needsNodePorts(service)) continue;
    const number = wanted ?? freePort(taken, choice)!;
    const own = shared.get(port.port) === number || (kept.has(number) && !held.has(number));
    const why = wanted === undefined || own ? undefined : take(number, taken);
    if (why) return [badValue(`spec.ports[${i}].nodePort`, number, why)];
    port.nodePort = number;
    held.add(number);
    shared.set(port.port, number);
  }
  return [];
}

/**
 * Hands out cluster address, node ports and health check node port, each the first that is free.
 * Source: kubernetes pkg/registry/core/service/storage/alloc.go.
 */
export function allocateService(
  service: KubeObject,
  { others, ipFamily }: Supply,
  old?: KubeObject,
): FieldError[] {
  const { spec } = service;
  if (!spec) return [];
  if (old?.spec) keep(service, old);
  else if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
  const families = initFamilies(service, ipFamily, old);
  if (families.length > 0) return families;
  const rest = others.filter((other) => other.metadata.uid !== service.metadata.uid);
  const fresh = !old?.spec || old.spec.type === 'ExternalName';
  if (fresh && spec.type !== 'ExternalName' && !isHeadless(service)) {
    const addresses = new Set<string>(rest.map((other) => other.spec.clusterIP));
    const faults = giveAddress(service, addresses, ipFamily);
    if (faults.length > 0) return faults;
  }
  if (!['NodePort', 'LoadBalancer'].includes(spec.type)) return [];
  const kept = new Set(old?.spec ? numbersOf(old) : []);
  const taken = new Set([...rest.flatMap(numbersOf), ...kept]);
  const choice = old?.spec && !needsNodePorts(old) ? LATER_CHOICE : FIRST_CHOICE;
  const faults = givePorts(service, taken, kept, choice);
  if (faults.length > 0) return faults;
  if (needsHealthPort(service)) spec.healthCheckNodePort ??= freePort(taken);
  return [];
}
