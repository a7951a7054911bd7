import type { Problem } from '../core/model/problem.ts';
import { targetText } from '../core/model/target-key.ts';
import type { MemberVerdict, TargetNote, Verdict } from '../core/plan/verdict.ts';
import { hintLines, problemLines } from './problem-lines.ts';
import type { Style } from './style.ts';
import { type Cell, indent, tableLines } from './table.ts';
import { verdictColumns } from './verdict-columns.ts';

const heading = verdictColumns.map(({ heading }) => heading.toUpperCase());
const numbers = verdictColumns
  .filter(({ counts }) => counts)
  .map(({ heading }) => heading.toUpperCase());

const row = (member: MemberVerdict): Cell[] => verdictColumns.map((column) => column.cell(member));

function noteLines(note: TargetNote, style: Style): string[] {
  const tone = note.problem || note.registered?.state === 'unhealthy' ? 'bad' : 'warn';
  const owner = note.owners.length > 0 ? note.owners.join(', ') : 'no listed cluster';
  const pod = note.pod === undefined ? '' : `, pod ${note.pod}`;
  const state = note.registered
    ? [note.registered.state, note.registered.reason].filter(Boolean).join(' ')
    : 'not registered';
  const code = note.problem ? ` ${style.paint('dim', `(${note.problem.code})`)}` : '';
  return [
    `${style.paint(tone, `${style.glyph[tone]} ${note.kind}`)} ${targetText(note.target)}  owner: ${owner}${pod}  ${state}`,
    ...indent([`${note.text}${code}`], 4),
    ...(note.hint === undefined ? [] : indent(hintLines(note.hint, style), 4)),
  ];
}

const reasonLines = (problems: readonly Problem[], style: Style): string[] =>
  problems.flatMap((problem) =>
    problemLines(problem, style, 'bad', problem.unread ? 'unknown' : 'failed'),
  );

/**
 * A verdict for people: for each port a table, what its bindings as a whole lack, and what is to
 * be said of single targets; then every reason that was not said there. Each is said once: the
 * row of a cluster has a reason again that a note gave, and equal messages say the same.
 */
export function verdictLines(verdict: Verdict, style: Style): string[][] {
  const told = new Set<string | undefined>(
    verdict.ports.flatMap(({ notes }) => notes.map(({ problem }) => problem?.message)),
  );
  const untold = (problems: readonly Problem[]): readonly Problem[] =>
    problems.filter(({ message }) => {
      const fresh = !told.has(message);
      told.add(message);
      return fresh;
    });
  return [
    ...verdict.ports.flatMap((port) => [
      [
        `${style.paint('strong', `Port ${port.port}${port.protocol ? ` (${port.protocol})` : ''}`)}  ${port.targetGroupArn}`,
        ...tableLines(heading, port.members.map(row), style, numbers),
      ],
      // Before the targets: an exclusive binding, say, is why they are as they are.
      reasonLines(untold(port.members.flatMap(({ problems }) => problems)), style),
      port.notes.flatMap((note) => noteLines(note, style)),
    ]),
    reasonLines(untold(verdict.problems), style),
  ];
}
