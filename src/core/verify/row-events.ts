import type { Observed } from '../observed/observed.ts';
import { type Told, withEvents } from '../observed/told-by-controllers.ts';
import type { PortVerdict } from '../plan/verdict.ts';

/**
 * The rows of a verdict with what the controllers said below the first problem of each. `told` has
 * what is printed elsewhere already.
 */
export const withRowEvents = (
  observed: Observed,
  ports: readonly PortVerdict[],
  told: Told,
): readonly PortVerdict[] =>
  ports.map((port) => ({
    ...port,
    members: port.members.map((row) => ({
      ...row,
      problems: withEvents(observed, row.problems, { binding: row.binding, told }),
    })),
  }));
