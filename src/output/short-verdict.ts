import { targetText } from '../core/model/target-key.ts';
import { count } from '../core/model/words.ts';
import type { MemberVerdict, PortVerdict, TargetNote, Verdict } from '../core/plan/verdict.ts';
import { causeLines, type Told } from './causes.ts';
import { isMany } from './many.ts';
import type { Style } from './style.ts';
import { type Cell, indent, tableLines } from './table.ts';
import { widthOf } from './wrap.ts';
import { roleText, type VerdictColumn, verdictColumns } from './verdict-columns.ts';

/** How many targets of one cause are listed without -v. */
const MOST_LISTED = 6;

const unclaimedIn = ({ notes }: PortVerdict): readonly TargetNote[] =>
  notes.filter(({ kind }) => kind === 'unclaimed');

/** What is registered and belongs to no listed cluster, as a row below those of the clusters. */
function unlistedRow(port: PortVerdict, columns: readonly VerdictColumn[]): Cell[][] {
  const notes = unclaimedIn(port);
  if (notes.length === 0) return [];
  const having = (state: string): number =>
    notes.filter(({ registered }) => registered?.state === state).length;
  const numbers: Readonly<Record<string, number | string>> = {
    eligible: '?',
    tracked: 0,
    registered: notes.length,
    healthy: having('healthy'),
    draining: having('draining'),
  };
  const cells = columns
    .slice(1)
    .map(({ heading, counts }): Cell =>
      counts ? String(numbers[heading] ?? '') : { text: 'unclaimed', tone: 'bad' },
    );
  return [['(not listed)', ...cells]];
}

/** Members that have a row: all, or where they are many those that are not ready. */
const named = ({ members }: PortVerdict, style: Style): readonly MemberVerdict[] =>
  isMany(members.length, style) ? members.filter(({ state }) => state !== 'ready') : members;

/** Many members that are ready, as one row with what they have together. */
function readyRow(
  { members }: PortVerdict,
  columns: readonly VerdictColumn[],
  style: Style,
): Cell[][] {
  const ready = members.filter(({ state }) => state === 'ready');
  if (!isMany(members.length, style) || ready.length === 0) return [];
  const cells = columns.slice(1).map((column): Cell => {
    if (!column.counts) return { text: 'ready', tone: 'good' };
    // A count that could not be read is no number: then the sum is not known either.
    const numbers = ready.map((member) => Number(column.cell(member)));
    const total = numbers.reduce((all, one) => all + one, 0);
    return Number.isNaN(total) ? '?' : String(total);
  });
  return [[count(ready.length, 'member'), ...cells, '']];
}

function tableOf(
  port: PortVerdict,
  columns: readonly VerdictColumn[],
  style: Style,
): readonly string[] {
  const protocol = port.protocol ? `/${port.protocol}` : '';
  const [, ...others] = columns.map(({ heading, counts }) => (counts ? heading : ''));
  return tableLines(
    [`PORT ${port.port}${protocol}`, ...others, ''],
    [
      ...readyRow(port, columns, style),
      ...named(port, style).map((member) => [
        ...columns.map((column) => column.cell(member)),
        roleText(member),
      ]),
      ...unlistedRow(port, columns),
    ],
    style,
    columns.filter(({ counts }) => counts).map(({ heading }) => heading),
  );
}

/** The table of a port; where it would be folded it does without what the notes say as well. */
function portTable(port: PortVerdict, style: Style): string[] {
  const draining = [
    ...port.members.map((member) => member.draining),
    ...port.notes.map(({ registered }) => (registered?.state === 'draining' ? 1 : 0)),
  ].some((n) => n !== 0);
  const { columns: _, ...endless } = style;
  const always = verdictColumns.filter(({ brief }) => brief === 'always');
  const all = verdictColumns.filter(({ brief }) => brief !== 'never');
  const fits = tableOf(port, all, endless).every(
    (line) => widthOf(line) <= (style.columns ?? Infinity),
  );
  return [
    ...(style.screen?.verbose ? [port.targetGroupArn] : []),
    ...tableOf(port, draining && fits ? all : always, style),
  ];
}

const stateText = ({ registered }: TargetNote): string =>
  registered ? [registered.state, registered.reason].filter(Boolean).join(' ') : 'not registered';

/** Notes that are no reason for the verdict, such as draining targets: a line for each kind and text. */
function noteLines(notes: readonly TargetNote[], style: Style): string[] {
  const groups = new Map<string, TargetNote[]>();
  for (const note of notes) {
    const key = [note.kind, stateText(note), note.text].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), note]);
  }
  return [...groups.values()].flatMap((group) => {
    const left = style.screen?.verbose ? 0 : group.length - MOST_LISTED;
    const named = group
      .slice(0, left > 1 ? MOST_LISTED : undefined)
      .map(({ target }) => targetText(target));
    const targets = [...named, ...(left > 1 ? [`and ${left} more`] : [])].join('  ');
    return group
      .slice(0, 1)
      .flatMap(({ registered, kind, text }) => [
        `${style.paint('warn', `${style.glyph.warn} ${registered?.state ?? kind}`)} ${targets}`,
        ...indent([text], 4),
      ]);
  });
}

/**
 * A verdict on a terminal: for each port a table, then the reasons by cause, with the targets that
 * each is about, and the one thing to type where there is only one.
 */
export function shortVerdict(verdict: Verdict, style: Style): Told {
  const { lines, next } = causeLines(verdict.problems, style, 'bad', ({ unread }) =>
    unread ? 'unknown' : 'failed',
  );
  return {
    lines: [
      ...verdict.ports.flatMap((port) => [
        ...portTable(port, style),
        ...noteLines(
          port.notes.filter(({ code }) => code === undefined),
          style,
        ),
      ]),
      ...lines,
    ],
    next,
  };
}
