import { millisOf } from '../model/instant.ts';
import type { Observed } from '../observed/observed.ts';
import type { Answer, Memory } from './progress-answer.ts';

/** How far a goal is, and what to remember for the next look. */
export interface Look {
  readonly answer: Answer;
  readonly memory: Memory;
}

/** What has to last: `since` is when it began to, `reads` how often it was seen in a row. */
export function lasting(
  id: string,
  holds: boolean,
  observed: Observed,
  memory: Memory,
): { readonly sinceMs: number; readonly reads: number; readonly memory: Memory } {
  const { [id]: since, [`${id}#`]: reads = 0, ...others } = memory;
  if (!holds) return { sinceMs: 0, reads: 0, memory: others };
  const now = millisOf(observed.at);
  const first = since ?? now;
  return {
    sinceMs: now - first,
    reads: reads + 1,
    memory: { ...others, [id]: first, [`${id}#`]: reads + 1 },
  };
}

export const seconds = (ms: number): string => `${Math.floor(ms / 1000)}s`;
