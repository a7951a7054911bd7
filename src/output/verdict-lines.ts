import { problemKey } from '../core/model/problem-key.ts';
import type { Problem } from '../core/model/problem.ts';
import { targetText } from '../core/model/target-key.ts';
import type { MemberVerdict, TargetNote, Verdict } from '../core/plan/verdict.ts';
import { ownerWords } from './enrollment-lines.ts';
import { problemLines } from './problem-lines.ts';
import type { Style } from './style.ts';
import { type Cell, indent, tableLines } from './table.ts';
import { verdictColumns } from './verdict-columns.ts';

const heading = verdictColumns.map(({ heading }) => heading.toUpperCase());
const numbers = verdictColumns
  .filter(({ counts }) => counts)
  .map(({ heading }) => heading.toUpperCase());

const row = (member: MemberVerdict): Cell[] => verdictColumns.map((column) => column.cell(member));

/** A target that no finding tells of: it is draining, or a person named it. */
function noteLines(note: TargetNote, style: Style): string[] {
  const tone = note.registered?.state === 'unhealthy' ? 'bad' : 'warn';
  const cluster = note.owners.length > 0 ? note.owners.join(', ') : 'unknown';
  const pod = note.pod === undefined ? '' : `, pod ${note.pod}`;
  const state = note.registered
    ? [note.registered.state, note.registered.reason].filter(Boolean).join(' ')
    : 'not registered';
  return [
    `${style.paint(tone, `${style.glyph[tone]} ${note.kind}`)} ${targetText(note.target)}  cluster: ${cluster}${pod}  ${state}`,
    ...indent([note.text], 4),
  ];
}

const reasonLines = (problems: readonly Problem[], style: Style): string[] =>
  problems.flatMap((problem) =>
    problemLines(problem, style, 'bad', problem.unread ? 'unknown' : 'failed'),
  );

/** The load balancer and who owns it, above what it serves. */
export const balancerLines = ({ loadBalancer }: Verdict, style: Style): string[] =>
  loadBalancer
    ? [
        `${style.paint('strong', `Load balancer ${loadBalancer.name ?? 'unknown'}`)}  owner: ${ownerWords(loadBalancer.owner)}`,
      ]
    : [];

/**
 * A verdict for people: for each port a table, what its bindings and targets lack, and what is to be
 * said of targets that lack nothing; then every reason that was not said there. Each is said once.
 */
export function verdictLines(verdict: Verdict, style: Style): string[][] {
  const told = new Set<string>();
  const untold = (problems: readonly Problem[]): readonly Problem[] =>
    problems.filter((problem) => {
      const key = problemKey(problem);
      const fresh = !told.has(key);
      told.add(key);
      return fresh;
    });
  return [
    balancerLines(verdict, style),
    ...verdict.ports.flatMap((port) => [
      [
        `${style.paint('strong', `Port ${port.port}${port.protocol ? ` (${port.protocol})` : ''}`)}  ${port.targetGroupArn}`,
        ...tableLines(heading, port.members.map(row), style, numbers),
      ],
      // Before the targets: an exclusive binding, say, is why they are as they are.
      reasonLines(untold(port.members.flatMap(({ problems }) => problems)), style),
      // What has a code is among the targets of a finding.
      port.notes.filter(({ code }) => code === undefined).flatMap((note) => noteLines(note, style)),
    ]),
    reasonLines(untold(verdict.problems), style),
  ];
}
