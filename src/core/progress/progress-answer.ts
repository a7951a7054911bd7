import type { Progress } from '../plan/goal.ts';
import type { Binding } from '../model/kubernetes.ts';
import type { Problem } from '../model/problem.ts';

/** Since when a goal has been in a state that counts only if it lasts: ms since the epoch. */
export type Memory = Readonly<Record<string, number>>;

/** How long a tracked set may lag behind the binding before the controller's memory is to blame. */
export const staleAfterMs = 30_000;

/** How far one goal is, without the goal. */
export type Answer = Omit<Progress, 'goal'>;

/** What the goal needs could not be read. */
export const unknownBy = (problem: Problem): Answer => ({
  state: 'unknown',
  done: 0,
  total: 1,
  text: problem.message,
  problem: { ...problem, unread: true },
});

export const converging = (text: string, done = 0, total = 1): Answer => ({
  state: 'converging',
  done,
  total,
  text,
});

export const done = (text: string, done = 1, total = 1): Answer => ({
  state: 'done',
  done,
  total,
  text,
});

/** Whether the controller has acted on the binding as it is now. */
export const isActedOn = ({ generation, observedGeneration }: Binding): boolean =>
  (observedGeneration ?? 0) >= generation;
