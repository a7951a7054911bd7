import { isIPv4, isIPv6 } from 'node:net';
import { badFormat, badValue, duplicate, labelFaults, required, unsupported } from '../faults.ts';
import {
  address,
  dnsLabel,
  dnsSubdomain,
  domainName,
  endpointAddress,
  labelValue,
  qualifiedName,
} from '../formats.ts';
import { sameJson } from '../object.ts';
import type { KubeObject } from '../object.ts';
import type { FieldError } from '../status-error.ts';
import type { KindRules } from './kind-rules.ts';
import { PROTOCOLS } from './service-ports.ts';

const TYPES = ['FQDN', 'IPv4', 'IPv6'];
const MOST = { endpoints: 1000, addresses: 100, ports: 20_000, hints: 8 };

interface Endpoint {
  readonly addresses: readonly string[] | null;
  readonly nodeName?: string;
  readonly hostname?: string;
  readonly deprecatedTopology?: Readonly<Record<string, string>>;
  readonly hints?: { readonly forZones?: readonly { readonly name: string }[] };
}

function tooMany(field: string, count: number, most: number): FieldError[] {
  if (count <= most) return [];
  const message = `Too many: ${count}: must have at most ${most} items`;
  return [{ field, message, reason: 'FieldValueTooMany' }];
}

function oneAddressFaults(text: string, type: string, list: string, at: string): FieldError[] {
  if (type === 'FQDN') return badFormat(at, text, domainName);
  if (type !== 'IPv4' && type !== 'IPv6') return [];
  const wrong = badFormat(at, text, address);
  if (wrong.length > 0) return wrong;
  const fits = type === 'IPv4' ? isIPv4(text) : isIPv6(text);
  return [
    ...(fits ? [] : [badValue(list, text, `must be an ${type} address`)]),
    ...badFormat(at, text, endpointAddress),
  ];
}

function endpointFaults(endpoint: Endpoint, type: string, at: string): FieldError[] {
  const { nodeName, hostname, deprecatedTopology, hints } = endpoint;
  const addresses = endpoint.addresses ?? [];
  const list = `${at}.addresses`;
  const zones = (hints?.forZones ?? []).map(({ name }) => name);
  return [
    ...(addresses.length === 0 ? [required(list, 'must contain at least 1 address')] : []),
    ...tooMany(list, addresses.length, MOST.addresses),
    ...addresses.flatMap((text, i) => oneAddressFaults(text, type, list, `${list}[${i}]`)),
    ...(nodeName === undefined ? [] : badFormat(`${at}.nodeName`, nodeName, dnsSubdomain)),
    ...(hostname === undefined ? [] : badFormat(`${at}.hostname`, hostname, dnsLabel)),
    ...labelFaults(`${at}.deprecatedTopology`, deprecatedTopology),
    ...tooMany(`${at}.hints.forZones`, zones.length, MOST.hints),
    ...zones.flatMap((name, i) => [
      ...(zones.indexOf(name) < i ? [duplicate(`${at}.hints.forZones[${i}].name`, name)] : []),
      ...badFormat(`${at}.hints.forZones[${i}].name`, name, labelValue),
    ]),
  ];
}

function portFaults({ ports: given }: KubeObject): FieldError[] {
  const ports: readonly { name: string; protocol: string; appProtocol?: string }[] = given ?? [];
  const names = ports.map(({ name }) => name);
  return [
    ...tooMany('ports', ports.length, MOST.ports),
    ...ports.flatMap(({ name, protocol, appProtocol }, i) => [
      ...(name ? badFormat(`ports[${i}].name`, name, dnsLabel) : []),
      ...(names.indexOf(name) < i ? [duplicate(`ports[${i}].name`, name)] : []),
      ...(PROTOCOLS.includes(protocol)
        ? []
        : [unsupported(`ports[${i}].protocol`, protocol, PROTOCOLS)]),
      ...(appProtocol === undefined
        ? []
        : badFormat(`ports[${i}].appProtocol`, appProtocol, qualifiedName)),
    ]),
  ];
}

/** Source: kubernetes pkg/apis/discovery/v1/defaults.go, pkg/apis/discovery/validation/validation.go. */
export const endpointSliceRules: KindRules = {
  defaults(object) {
    for (const port of object.ports ?? []) {
      port.name ??= '';
      port.protocol ??= 'TCP';
    }
  },
  prepare(object) {
    // An empty list is stored as none, and both are always written.
    for (const field of ['endpoints', 'ports']) if (!object[field]?.length) object[field] = null;
  },
  validate(object, old) {
    const { addressType: type = '', endpoints } = object;
    const list: readonly Endpoint[] = endpoints ?? [];
    return [
      ...(type === ''
        ? [required('addressType')]
        : TYPES.includes(type)
          ? []
          : [unsupported('addressType', type, TYPES)]),
      ...(old && old.addressType !== type
        ? [badValue('addressType', type, 'field is immutable')]
        : []),
      ...tooMany('endpoints', list.length, MOST.endpoints),
      // What did not change is not judged again.
      ...(old && sameJson(old.endpoints, endpoints)
        ? []
        : list.flatMap((one, i) => endpointFaults(one, type, `endpoints[${i}]`))),
      ...portFaults(object),
    ];
  },
};
