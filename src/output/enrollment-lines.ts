import type {
  EnrolledBinding,
  EnrolledPort,
  Enrollment,
} from '../core/observed/enrollment-document.ts';
import type { NetworkingPeer } from '../core/model/kubernetes.ts';
import type { Style } from './style.ts';
import { indent, tableLines } from './table.ts';
import { visible } from './visible.ts';

const orUnknown = (value: string | number | null | undefined): string => String(value ?? 'unknown');

/** Names and values in two aligned columns. */
function pairs(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

const attributeRows = (attributes: Readonly<Record<string, string>> | null) =>
  attributes === null
    ? [['attributes', 'unknown'] as const]
    : Object.entries(attributes).map(([name, value]) => [name, value] as const);

function balancerLines(enrollment: Enrollment, style: Style): string[] {
  const { loadBalancer, region, account, vpcId, backendGroups } = enrollment;
  const groups = backendGroups.map(
    ({ id, name, foundBy }) => `${id}${name === null ? '' : ` (${name})`}, known by its ${foundBy}`,
  );
  return [
    style.paint('strong', `Load balancer ${orUnknown(loadBalancer?.name)}`),
    ...indent(
      pairs([
        ['DNS name', orUnknown(loadBalancer?.dnsName)],
        ['state', orUnknown(loadBalancer?.state)],
        ['scheme', orUnknown(loadBalancer?.scheme)],
        ['account', orUnknown(account)],
        ['region', orUnknown(region)],
        ['zones', loadBalancer ? loadBalancer.zones.join(', ') : 'unknown'],
        ['VPC', orUnknown(vpcId)],
        [
          'security groups',
          loadBalancer ? loadBalancer.securityGroups.join(', ') || 'none' : 'unknown',
        ],
        ['backend group', groups.join('; ') || 'none: the rules name no security group'],
        ...attributeRows(loadBalancer ? loadBalancer.attributes : null),
      ]),
    ),
  ];
}

const peerText = ({ securityGroup, ipBlock }: NetworkingPeer): string =>
  securityGroup?.groupID ?? ipBlock?.cidr ?? 'nobody';

function networkingText({ networking }: EnrolledPort): string {
  if (networking === null) return 'none: the controller opens nothing';
  return networking
    .map(({ from, ports }) => {
      const to = ports.map(({ protocol, port }) => `${protocol ?? 'TCP'} ${port ?? 'all ports'}`);
      return `${from.map(peerText).join(', ')} to ${to.join(', ') || 'all ports'}`;
    })
    .join('; ');
}

function portLines(port: EnrolledPort, style: Style): string[] {
  const { targetGroup: group } = port;
  const check = group.healthCheck;
  return [
    style.paint('strong', `Port ${port.port}`),
    ...indent(
      pairs([
        [
          'listeners',
          port.listenerPorts === null ? 'unknown' : port.listenerPorts.join(', ') || 'none',
        ],
        ['target group', group.arn],
        ['targets', `${group.type}, ${group.ipFamily}, ${orUnknown(group.protocol)}`],
        [
          'health check',
          check === null
            ? 'unknown'
            : `${check.protocol} ${check.port}${check.path ?? ''}, every ${check.intervalSeconds}s, healthy after ${check.healthyThreshold}, unhealthy after ${check.unhealthyThreshold}`,
        ],
        ['let in', networkingText(port)],
        ...attributeRows(group.attributes),
      ]),
    ),
  ];
}

/** How many tracked targets a row names; the documents of `-o yaml|json` have all. */
const MOST_TRACKED = 6;

function trackedText({ tracked }: EnrolledBinding, whole: boolean): string {
  if (tracked === null) return whole ? 'no record' : '?';
  const left = tracked.length - MOST_TRACKED;
  const named = tracked.slice(0, left > 1 ? MOST_TRACKED : tracked.length).join(', ') || 'none';
  return left > 1 ? `${named} and ${left} more` : named;
}

/** An enrollment for people: the load balancer, each port, the members with what they track. */
export function enrollmentLines(raw: Enrollment, style: Style): string[] {
  const enrollment = visible(raw);
  const rows = enrollment.members.flatMap(({ context, role, identity, bindings }) =>
    bindings.map((binding) => [
      context,
      role,
      orUnknown(identity),
      String(binding.port),
      `${binding.namespace}/${binding.name}`,
      binding.multiCluster
        ? { text: 'shared', tone: 'good' as const }
        : { text: 'exclusive', tone: 'bad' as const },
      trackedText(binding, enrollment.unknown.length === 0),
    ]),
  );
  const heading = ['CLUSTER', 'ROLE', 'IDENTITY', 'PORT', 'BINDING', 'TARGET GROUP', 'TRACKED'];
  const { namespace, name } = enrollment.metadata;
  return [
    style.paint('strong', `Enrollment of Service ${namespace}/${name}`),
    '',
    ...balancerLines(enrollment, style),
    ...enrollment.ports.flatMap((port) => ['', ...portLines(port, style)]),
    ...enrollment.unboundPorts.flatMap((port) => [
      '',
      style.paint('strong', `Port ${port}`),
      `  ${style.paint('warn', `${style.glyph.warn} no binding`)}: the controller has made none, or somebody deleted it`,
    ]),
    '',
    ...tableLines(heading, rows, style, ['PORT']),
    ...enrollment.notEnrolled.map(
      (context) => `${style.paint('warn', `${style.glyph.warn} not enrolled`)} ${context}`,
    ),
    ...enrollment.unknown.flatMap((text, n) => [
      ...(n === 0 ? [''] : []),
      `${style.paint('warn', `${style.glyph.warn} unknown`)} ${text}`,
    ]),
  ];
}
