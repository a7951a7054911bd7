import type { Goal, Progress } from '../core/plan/goal.ts';
import { reached } from './goal-words.ts';
import { openLines } from './open-goals.ts';
import type { Style } from './style.ts';

/** Guards: worth a line only where they fail. */
const quiet: readonly Goal['kind'][] = ['still-multi-cluster', 'none-leaked'];

/** How far the goals came: those that are reached by kind, with their counts, then each open one. */
export function shortProgress(progress: readonly Progress[], style: Style): string[] {
  const done = progress.filter(({ state }) => state === 'done');
  const kinds = [...new Set(done.map(({ goal }) => goal.kind))].filter(
    (kind) => style.screen?.verbose || !quiet.includes(kind),
  );
  const sum = (kind: Goal['kind'], of: 'done' | 'total'): number =>
    done
      .filter(({ goal }) => goal.kind === kind)
      .reduce((all, one) => all + ('targets' in one.goal ? one.goal.targets.length : one[of]), 0);
  const rows = kinds.map((kind) => {
    const [text, value] = reached[kind];
    return {
      text,
      value: value === 'counts' ? `${sum(kind, 'done')}/${sum(kind, 'total')}` : value,
    };
  });
  const width = Math.max(0, ...rows.map(({ text, value }) => (value === '' ? 0 : text.length)));
  return [
    ...rows.map(({ text, value }) =>
      `${style.paint('good', style.glyph.good)} ${text.padEnd(width)}  ${value}`.trimEnd(),
    ),
    ...openLines(progress, style),
  ];
}
