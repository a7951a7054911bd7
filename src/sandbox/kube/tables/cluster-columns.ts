import type { KubeObject } from '../object.ts';
import { ageOf } from './age.ts';
import { column, nameColumn, wide } from './column.ts';
import type { Column } from './column.ts';

export function namespaceColumns(age: Column): readonly Column[] {
  return [nameColumn, column('Status', (space) => space.status?.phase ?? ''), age];
}

function keyCount(map: KubeObject): number {
  return Object.keys({ ...map.data, ...map.binaryData }).length;
}

export function configMapColumns(age: Column): readonly Column[] {
  return [nameColumn, column('Data', keyCount, 'integer'), age];
}

export const definitionColumns: readonly Column[] = [
  nameColumn,
  column('Created At', (crd) => crd.metadata.creationTimestamp ?? '', 'date'),
];

function nodeStatus(node: KubeObject): string {
  const conditions: { type: string; status: string }[] = node.status?.conditions ?? [];
  const ready = conditions.find((condition) => condition.type === 'Ready');
  const word = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown';
  return node.spec?.unschedulable ? `${word},SchedulingDisabled` : word;
}

function nodeRoles(node: KubeObject): string {
  const roles = Object.keys(node.metadata.labels ?? {})
    .filter((label) => label.startsWith('node-role.kubernetes.io/'))
    .map((label) => label.slice('node-role.kubernetes.io/'.length));
  return roles.sort().join(',') || '<none>';
}

function addressOf(type: string): (node: KubeObject) => string {
  return (node) => {
    const addresses: { type: string; address: string }[] = node.status?.addresses ?? [];
    return addresses.find((address) => address.type === type)?.address ?? '<none>';
  };
}

function info(field: string): (node: KubeObject) => string {
  return (node) => node.status?.nodeInfo?.[field] ?? '<unknown>';
}

export function nodeColumns(age: Column): readonly Column[] {
  return [
    nameColumn,
    column('Status', nodeStatus),
    column('Roles', nodeRoles),
    age,
    column('Version', (node) => node.status?.nodeInfo?.kubeletVersion ?? ''),
    wide('Internal-IP', addressOf('InternalIP')),
    wide('External-IP', addressOf('ExternalIP')),
    wide('OS-Image', info('osImage')),
    wide('Kernel-Version', info('kernelVersion')),
    wide('Container-Runtime', info('containerRuntimeVersion')),
  ];
}

function lastSeen(event: KubeObject, now: Date): string {
  const last = event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime;
  return ageOf(last, now);
}

export const eventColumns: readonly Column[] = [
  column('Last Seen', lastSeen),
  column('Type', (event) => event['type'] ?? ''),
  column('Reason', (event) => event['reason'] ?? ''),
  column('Object', (event) => {
    const { kind = '', name = '' } = event.involvedObject ?? {};
    return `${kind.toLowerCase()}/${name}`;
  }),
  wide('Subobject', (event) => event.involvedObject?.fieldPath ?? ''),
  wide('Source', (event) =>
    [event.source?.component ?? event.reportingComponent, event.source?.host]
      .filter(Boolean)
      .join(', '),
  ),
  column('Message', (event) => String(event['message'] ?? '').trim()),
  wide('First Seen', (event, now) => ageOf(event.firstTimestamp ?? event.eventTime, now)),
  wide('Count', (event) => event.series?.count ?? event.count ?? 1),
  wide('Name', (event) => event.metadata.name),
];
