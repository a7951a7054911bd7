import { grouped } from '../core/model/grouped.ts';
import type { Goal, Progress } from '../core/plan/goal.ts';
import { progressLine } from './goal-text.ts';
import { fewOf, isMany } from './many.ts';
import { reached } from './goal-words.ts';
import type { Style } from './style.ts';

type OfCluster = Progress & { readonly goal: Goal & { readonly cluster: string } };

const isOfCluster = (one: Progress): one is OfCluster =>
  'cluster' in one.goal && one.goal.cluster !== undefined;

const sum = (all: readonly Progress[], of: 'done' | 'total'): number =>
  all.reduce((total, one) => total + one[of], 0);

/** Goals of one kind that many clusters still have to reach: what, how far, and where. */
function manyLine(open: readonly OfCluster[], style: Style): string {
  const [first] = open;
  if (!first) return '';
  const [text, value] = reached[first.goal.kind];
  const names = [...new Set(open.map(({ goal }) => goal.cluster))];
  const far = value === 'counts' ? ` ${sum(open, 'done')}/${sum(open, 'total')}` : '';
  return `${style.paint('warn', `${style.glyph.wait} converging`)} ${text}${far}, in ${names.length} clusters: ${fewOf(names)}`;
}

/**
 * What is not reached yet, a line for each goal. Of many, those that many clusters have alike are one
 * line with their number. What is stuck or unknown is always told by itself.
 */
export function openLines(progress: readonly Progress[], style: Style): string[] {
  const open = progress.filter(({ state }) => state !== 'done');
  if (!isMany(open.length, style)) return open.map((one) => progressLine(one, style));
  const converging = open.filter(isOfCluster).filter(({ state }) => state === 'converging');
  const kinds = grouped(converging, ({ goal }) => goal.kind);
  const alike = [...kinds.values()].filter((group) => isMany(group.length, style));
  const told = new Set<Progress>(alike.flat());
  return [
    ...open.filter((one) => !told.has(one)).map((one) => progressLine(one, style)),
    ...alike.map((group) => manyLine(group, style)),
  ];
}
