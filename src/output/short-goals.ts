import type { Goal, Progress } from '../core/plan/goal.ts';
import { progressLine } from './goal-text.ts';
import type { Style } from './style.ts';

/** Goals that were reached, in a few words, and the value after them: a sum of counts, or a word. */
const reached: Readonly<
  Record<Goal['kind'], readonly [text: string, value: 'counts' | 'on' | 'off' | '']>
> = {
  'binding-multi-cluster': ['bindings multi-cluster', 'counts'],
  'still-multi-cluster': ['enrolled cluster still multi-cluster', ''],
  'endpoints-tracked': ['own targets tracked', 'counts'],
  'none-leaked': ['no leaked target', ''],
  'endpoints-healthy': ['endpoints healthy', 'counts'],
  'deletion-protection': ['deletion protection', 'on'],
  'deletion-unprotected': ['deletion protection', 'off'],
  'targets-gone': ['targets drained', 'counts'],
  'binding-gone': ['bindings deleted', 'counts'],
  'service-gone': ['Service deleted', ''],
  'tracking-gone': ['tracking ConfigMaps deleted', 'counts'],
  'binding-exclusive': ['bindings exclusive', 'counts'],
  'binding-back': ['bindings created again', 'counts'],
  'binding-mended': ['endpoints tracked and registered', 'counts'],
  'listener-back': ['listeners created again', 'counts'],
  'tracked-exactly': ['tracked targets exact', 'counts'],
};

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
    ...progress.filter(({ state }) => state !== 'done').map((one) => progressLine(one, style)),
  ];
}
