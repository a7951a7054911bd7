import type { Wait } from '../core/plan/plan.ts';
import { listed } from '../core/model/words.ts';
import { goalText } from './goal-text.ts';

/**
 * What a wait waits for. Every phase of a handover also waits for every endpoint: that is one line with the
 * clusters, and not one for each binding again and again.
 */
export function waitTexts({ goals, phase }: Wait): string[] {
  const clusters = goals.flatMap((goal) =>
    goal.kind === 'endpoints-healthy' ? [goal.cluster] : [],
  );
  if (phase === undefined || clusters.length === 0) return goals.map(goalText);
  return [
    ...goals.filter(({ kind }) => kind !== 'endpoints-healthy').map(goalText),
    `every endpoint of ${listed([...new Set(clusters)])} is tracked, registered and healthy`,
  ];
}
