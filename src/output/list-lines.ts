import type { ListedEnrollment, ListedMember } from '../core/list/listed-enrollment.ts';
import type { EnrollmentList } from '../core/list/list-document.ts';
import { nameText, sameName } from '../core/model/kubernetes.ts';
import { stackText } from '../core/model/owner-words.ts';
import { hintText } from './hint-text.ts';
import { hintLine, problemLines } from './problem-lines.ts';
import type { Style, Tone } from './style.ts';
import { type Cell, tableLines } from './table.ts';
import { visible } from './visible.ts';

const tones: Readonly<Record<ListedEnrollment['state'], Tone>> = {
  ready: 'good',
  recorded: 'warn',
  converging: 'warn',
  degraded: 'bad',
  unknown: 'bad',
  exclusive: 'dim',
};

/** Who owns the load balancer, in the fewest words that tell. */
function ownerText(owner: ListedEnrollment['owner']): string {
  if (!owner) return 'unknown';
  if (owner.kind === 'none') return 'no cluster';
  if (owner.kind === 'disputed') return 'disputed';
  const { context, clusterName } = owner;
  const where = context ?? (clusterName === null ? undefined : `cluster ${clusterName}`);
  return `${stackText(owner)}${where === undefined ? '' : ` of ${where}`}`;
}

const portText = ({ port, protocol, exists }: ListedEnrollment['ports'][number]): string =>
  `${port}${protocol === null ? '' : `/${protocol}`}${exists === false ? ' (target group gone)' : ''}`;

/** `pri-eks-clu1 3`: a cluster and its healthy targets. */
function memberText(member: ListedMember, { service }: ListedEnrollment): string {
  const name = sameName(member.service, service) ? '' : ` ${nameText(member.service)}`;
  const exclusive = member.bindings.some(({ multiCluster }) => !multiCluster);
  return `${member.cluster}${name} ${member.healthy ?? '?'}${exclusive ? ' (exclusive)' : ''}`;
}

/** Columns of the list; `wide`: those that only `-o wide` and `-v` have. */
const columns: readonly {
  readonly heading: string;
  readonly wide?: true;
  cell(item: ListedEnrollment, style: Style): Cell;
}[] = [
  { heading: 'load balancer', cell: (item) => item.loadBalancer?.name ?? '-' },
  { heading: 'state', cell: ({ state }) => ({ text: state, tone: tones[state] }) },
  { heading: 'ports', cell: ({ ports }) => ports.map(portText).join(', ') },
  { heading: 'owner', cell: ({ owner }) => ownerText(owner) },
  {
    heading: 'members',
    cell: (item) => item.members.map((member) => memberText(member, item)).join(', '),
  },
  { heading: 'dns name', cell: (item) => item.loadBalancer?.dnsName ?? '-' },
  { heading: 'service', wide: true, cell: ({ service }) => nameText(service) },
  { heading: 'reasons', wide: true, cell: ({ codes }) => codes.join(', ') || '-' },
  { heading: 'verify', wide: true, cell: ({ verify }, style) => hintText(verify, style.run).text },
];

/**
 * The list for people: a row for each enrollment, then what could not be read. Without `wide`, the command
 * that explains the first row that is not ready is the last line.
 */
export function listLines(raw: EnrollmentList, style: Style, wide: boolean): string[] {
  const { items, problems, skips } = visible(raw);
  const shown = columns.filter((column) => wide || !column.wide);
  const red = raw.items.find(({ state }) => state !== 'ready' && state !== 'exclusive');
  return [
    ...(items.length === 0
      ? []
      : tableLines(
          shown.map(({ heading }) => heading),
          items.map((item) => shown.map((column) => column.cell(item, style))),
          style,
        )),
    ...problems.flatMap((problem) => problemLines(problem, style, 'bad', 'unknown')),
    ...skips.flatMap((problem) => problemLines(problem, style, 'dim')),
    ...(red && !wide ? [hintLine(red.verify, style)] : []),
  ];
}
