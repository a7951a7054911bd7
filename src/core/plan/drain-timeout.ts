import type { Plan } from './plan.ts';

/** What a controller may need besides, ms. */
const fiveMinutesMs = 300_000;

/** How long to wait for a plan's effect, ms: the longest drain that it waits for, and five minutes. */
export const drainTimeout = ({ goals }: Plan): number =>
  fiveMinutesMs +
  1000 *
    Math.max(0, ...goals.map((goal) => (goal.kind === 'targets-gone' ? goal.delaySeconds : 0)));
