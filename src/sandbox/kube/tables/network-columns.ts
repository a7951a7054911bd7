import type { KubeObject } from '../object.ts';
import { column, labelText, nameColumn, wide } from './column.ts';
import type { Column } from './column.ts';

function externalAddress(service: KubeObject): string {
  const { type, externalIPs = [], externalName } = service.spec;
  if (type === 'ExternalName') return externalName;
  const ingress: { ip?: string; hostname?: string }[] = service.status?.loadBalancer?.ingress ?? [];
  const published = ingress.map((one) => one.ip || one.hostname);
  const all = [...(type === 'LoadBalancer' ? published : []), ...externalIPs].filter(Boolean);
  if (all.length > 0) return all.join(',');
  return type === 'LoadBalancer' ? '<pending>' : '<none>';
}

function ports(service: KubeObject): string {
  const list: { port: number; nodePort?: number; protocol: string }[] = service.spec.ports ?? [];
  const words = list.map(({ port, nodePort, protocol }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return words.join(',') || '<none>';
}

export function serviceColumns(age: Column): readonly Column[] {
  return [
    nameColumn,
    column('Type', (service) => service.spec.type),
    column('Cluster-IP', (service) => service.spec.clusterIP || '<none>'),
    column('External-IP', externalAddress),
    column('Port(s)', ports),
    age,
    wide('Selector', (service) => labelText(service.spec.selector)),
  ];
}

// More than three are counted, as `10.0.0.1,10.0.0.2,10.0.0.3 + 2 more...`.
function shortened(words: readonly string[], none: string): string {
  if (words.length === 0) return none;
  const more = words.length > 3 ? ` + ${words.length - 3} more...` : '';
  return words.slice(0, 3).join(',') + more;
}

function portNumbers(slice: KubeObject): string[] {
  return (slice.ports ?? []).map((port: { port?: number }) => String(port.port ?? '*'));
}

function addresses(slice: KubeObject): string[] {
  return (slice.endpoints ?? []).flatMap((one: { addresses: string[] }) => one.addresses);
}

export function endpointSliceColumns(age: Column): readonly Column[] {
  return [
    nameColumn,
    column('AddressType', (slice) => slice.addressType),
    column('Ports', (slice) => shortened(portNumbers(slice), '<unset>')),
    column('Endpoints', (slice) => shortened(addresses(slice), '<unset>')),
    age,
  ];
}
