import { advice, type Hint } from '../model/hint.ts';
import { primaryOf } from '../observed/enrollment.ts';
import type { Observed } from '../observed/observed.ts';
import { linesAbout } from '../observed/told-by-controllers.ts';
import type { Progress } from '../plan/goal.ts';

/** What to do about it: nlbmc cannot. */
export const correctIt: Hint = advice(
  'The owner of that controller must correct what its events name. Then run the same command again.',
);

/** What controllers said of what is still open, with the cluster in which they said it. */
export function openEvents(open: readonly Progress[], observed: Observed): readonly string[] {
  const primary = primaryOf(observed.clusters, observed.service, observed.primary)?.context;
  return [
    ...new Set(
      open.flatMap(({ goal }) => {
        const cluster = ('cluster' in goal ? goal.cluster : undefined) ?? primary;
        const binding = 'binding' in goal ? goal.binding : undefined;
        return linesAbout(observed, { cluster, binding }).map((line) => `${cluster}: ${line}`);
      }),
    ),
  ];
}
