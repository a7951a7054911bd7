import type { Goal, Progress } from '../core/goal.ts';
import type { ObjectName } from '../core/kubernetes.ts';
import type { Style } from './style.ts';

const named = (binding: ObjectName, cluster: string): string =>
  `binding ${binding.namespace}/${binding.name} in ${cluster}`;

/** A goal as a sentence that is true when it is reached. */
export function goalText(goal: Goal): string {
  switch (goal.kind) {
    case 'binding-multi-cluster':
      return `${named(goal.binding, goal.cluster)} is multi-cluster, and its controller has acted on that`;
    case 'endpoints-tracked':
      return `${named(goal.binding, goal.cluster)} tracks every own registered endpoint`;
    case 'endpoints-healthy':
      return `every eligible endpoint of ${named(goal.binding, goal.cluster)} is tracked, registered and healthy`;
    case 'still-multi-cluster':
      return `${named(goal.binding, goal.cluster)} is still multi-cluster`;
    case 'deletion-protection':
      return 'the load balancer has deletion protection';
  }
}

const tones = { done: 'good', converging: 'warn', stuck: 'bad', unknown: 'warn' } as const;
const glyphs = { done: 'good', converging: 'wait', stuck: 'bad', unknown: 'warn' } as const;

/** How far a goal is, in one line: glyph and word, and what it has reached or waits for. */
export function progressLine({ goal, state, text }: Progress, style: Style): string {
  const where = 'cluster' in goal ? `${goal.cluster}: ` : '';
  return `${style.paint(tones[state], `${style.glyph[glyphs[state]]} ${state}`)} ${where}${text}`;
}
