import type {
  MemberState,
  MemberVerdict,
  PortVerdict,
  TargetNote,
  Verdict,
} from '../core/verdict.ts';
import { problemLines } from './problem-lines.ts';
import type { Style, Tone } from './style.ts';
import { type Cell, indent, tableLines } from './table.ts';

const tones: Readonly<Record<MemberState, Tone>> = {
  ready: 'good',
  converging: 'warn',
  degraded: 'bad',
  unknown: 'bad',
};

const heading = [
  'CLUSTER',
  'ROLE',
  'BINDING',
  'ELIGIBLE',
  'TRACKED',
  'REGISTERED',
  'HEALTHY',
  'DRAINING',
  'STATE',
];
const numbers = heading.slice(3, 8);

const number = (count: number | null): string => (count === null ? '?' : String(count));

const row = (member: MemberVerdict): Cell[] => [
  member.cluster,
  member.role,
  (member.binding ? `${member.binding.namespace}/${member.binding.name}` : '-') +
    (member.multiCluster === false ? ' (exclusive)' : ''),
  number(member.eligible),
  number(member.tracked),
  number(member.registered),
  number(member.healthy),
  number(member.draining),
  { text: member.state, tone: tones[member.state] },
];

function noteLines(note: TargetNote, style: Style): string[] {
  const tone = note.kind === 'state' && note.registered?.state !== 'unhealthy' ? 'warn' : 'bad';
  const owner = note.owners.length > 0 ? note.owners.join(', ') : 'no listed cluster';
  const state = note.registered
    ? [note.registered.state, note.registered.reason].filter(Boolean).join(' ')
    : 'not registered';
  return [
    `${style.paint(tone, `${style.glyph[tone]} ${note.kind}`)} ${targetName(note)}  owner: ${owner}  ${state}`,
    ...indent([note.text], 4),
    ...(note.hint === undefined
      ? []
      : indent([`${style.paint('strong', 'next:')} ${note.hint}`], 4)),
  ];
}

const targetName = ({ target }: TargetNote): string =>
  `${target.id.includes(':') ? `[${target.id}]` : target.id}:${target.port}`;

const portBlocks = (port: PortVerdict, style: Style): string[][] => [
  [
    `${style.paint('strong', `Port ${port.port}${port.protocol ? ` (${port.protocol})` : ''}`)}  ${port.targetGroupArn}`,
    ...tableLines(heading, port.members.map(row), style, numbers),
  ],
  port.notes.flatMap((note) => noteLines(note, style)),
];

/**
 * A verdict for people: for each port a table and what is to be said of single targets; then every
 * reason why it is not green that was not said there, each once.
 */
export function verdictLines(verdict: Verdict, style: Style): string[][] {
  const noted = new Set(verdict.ports.flatMap(({ notes }) => notes.map(({ problem }) => problem)));
  const rest = verdict.problems.filter((problem) => !noted.has(problem));
  return [
    ...verdict.ports.flatMap((port) => portBlocks(port, style)),
    rest.flatMap((problem) =>
      problemLines(problem, style, 'bad', problem.unread ? 'unknown' : 'failed'),
    ),
  ];
}
