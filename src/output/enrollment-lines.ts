import type {
  EnrolledBinding,
  EnrolledPort,
  Enrollment,
} from '../core/observed/enrollment-document.ts';
import type { NetworkingPeer } from '../core/model/kubernetes.ts';
import { stackText } from '../core/model/owner-words.ts';
import type { Style } from './style.ts';
import { indent, tableLines } from './table.ts';
import { visible } from './visible.ts';

const orUnknown = (value: string | number | null | undefined): string => String(value ?? 'unknown');

/** On a terminal identities and ARNs are shown with -v only. */
const brief = ({ screen }: Style): boolean => screen !== undefined && !screen.verbose;

/** Names and values in two aligned columns. */
function pairs(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

const attributeRows = (attributes: Readonly<Record<string, string>> | null) =>
  attributes === null
    ? [['attributes', 'unknown'] as const]
    : Object.entries(attributes).map(([name, value]) => [name, value] as const);

type Claimed = Extract<NonNullable<Enrollment['owner']>, { readonly kind: 'disputed' }>;

/** Who claims the load balancer, and what its tags say. */
function disputeWords({ claims, tags }: Claimed): string {
  const claimed = claims.map((one) => `${stackText(one)} of ${one.context}`);
  const tagged =
    tags === null
      ? 'no tags name an owner'
      : `the tags name ${stackText(tags)}${tags.clusterName === null ? '' : ` of cluster ${tags.clusterName}`}`;
  return `disputed: claimed by ${claimed.join(' and ') || 'no cluster'}; ${tagged}`;
}

/** Who owns the load balancer, in words. */
export function ownerWords(owner: Enrollment['owner']): string {
  if (!owner) return 'unknown';
  if (owner.kind === 'none') return 'no cluster: no controller made it';
  if (owner.kind === 'disputed') return disputeWords(owner);
  const { kind, namespace, name, context, clusterName } = owner;
  const where = context ?? (clusterName === null ? 'an unknown cluster' : `cluster ${clusterName}`);
  return `${stackText({ kind, namespace, name })} of ${where}${context === null ? ', which is not listed' : ''}`;
}

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
        ['owner', ownerWords(enrollment.owner)],
        ['state', orUnknown(loadBalancer?.state)],
        ['scheme', orUnknown(loadBalancer?.scheme)],
        // A terminal has them in the line above.
        ...(style.screen
          ? []
          : ([
              ['account', orUnknown(account)],
              ['region', orUnknown(region)],
            ] as const)),
        ['zones', loadBalancer ? loadBalancer.zones.join(', ') : 'unknown'],
        ['VPC', orUnknown(vpcId)],
        [
          'security groups',
          loadBalancer ? loadBalancer.securityGroups.join(', ') || 'none' : 'unknown',
        ],
        ['backend group', groups.join('; ') || 'none: the rules name no security group'],
      ]),
    ),
    ...indent(pairs(attributeRows(loadBalancer ? loadBalancer.attributes : null))),
  ];
}

const peerText = ({ securityGroup, ipBlock }: NetworkingPeer): string =>
  securityGroup?.groupID ?? ipBlock?.cidr ?? 'no peer';

/** The peers that a rule allows: security groups and blocks of addresses. */
export const peersText = (from: readonly NetworkingPeer[]): string => from.map(peerText).join(', ');

/** The ports that a rule opens. */
export const portsText = (
  ports: readonly { readonly protocol?: string | null; readonly port?: number | string | null }[],
): string =>
  ports.map(({ protocol, port }) => `${protocol ?? 'TCP'} ${port ?? 'all ports'}`).join(', ') ||
  'all ports';

function networkingText({ networking }: EnrolledPort): string {
  if (networking === null) return 'none: the controller opens no port';
  return networking
    .map(({ from, ports }) => `${peersText(from)} to ${portsText(ports)}`)
    .join('; ');
}

/** What is asked of a target, and what it must answer where that is more than a connection. */
const checkText = ({
  protocol,
  port,
  path,
  matcher,
}: NonNullable<EnrolledPort['targetGroup']['healthCheck']>): string =>
  `${protocol} ${port}${path ?? ''}${matcher === undefined ? '' : `, must answer ${matcher}`}`;

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
        ['target group', brief(style) ? (group.arn.split('/').at(-2) ?? group.arn) : group.arn],
        ['targets', `${group.type}, ${group.ipFamily}, ${orUnknown(group.protocol)}`],
        [
          'health check',
          check === null
            ? 'unknown'
            : `${checkText(check)}, every ${check.intervalSeconds}s, healthy after ${check.healthyThreshold}, unhealthy after ${check.unhealthyThreshold}`,
        ],
        ['allows', networkingText(port)],
      ]),
    ),
    ...indent(pairs(attributeRows(group.attributes))),
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
      ...(brief(style) ? [] : [orUnknown(identity)]),
      String(binding.port),
      `${binding.namespace}/${binding.name}`,
      binding.multiCluster
        ? { text: 'shared', tone: 'good' as const }
        : { text: 'exclusive', tone: 'bad' as const },
      trackedText(binding, enrollment.unknown.length === 0),
    ]),
  );
  const identity = brief(style) ? [] : ['IDENTITY'];
  const heading = ['CLUSTER', 'ROLE', ...identity, 'PORT', 'BINDING', 'TARGET GROUP', 'TRACKED'];
  const { namespace, name } = enrollment.metadata;
  const { account, region } = enrollment;
  const title = style.paint('strong', `Enrollment of Service ${namespace}/${name}`);
  return [
    style.screen ? `${title}  account ${orUnknown(account)}  ${orUnknown(region)}` : title,
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
