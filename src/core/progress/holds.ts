import type { Observed } from '../observed/observed.ts';
import type { Plan } from '../plan/plan.ts';
import { progressOf } from './progress.ts';

/** Whether a plan has nothing to do, and every goal of it holds as observed. */
export const holds = ({ steps, goals }: Plan, observed: Observed): boolean =>
  steps.length === 0 &&
  goals.every((goal) => progressOf(goal, observed, {}).progress.state === 'done');
