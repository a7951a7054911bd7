import type { Help } from '@commander-js/extra-typings';
import type { Io } from '../io.ts';

/** Columns for the help: those of the terminal, at most 100; 80 where there is no terminal. */
export const helpWidth = (io: Io): number => Math.min(io.stdout.columns ?? 80, 100);

/** Narrower than this, a column for descriptions beside the options would hold only a few words. */
const NARROW = 70;

/**
 * How commander lays out an option or command. On a narrow terminal the description goes below its
 * term: commander does not wrap descriptions there, and its minimum for a column is 40.
 */
export const helpLayout = (io: Io) => ({
  showGlobalOptions: false,
  minWidthToWrap: 20,
  ...(helpWidth(io) >= NARROW
    ? {}
    : {
        formatItem: (term: string, _: number, description: string, helper: Help): string =>
          [`  ${term}`, ...helper.boxWrap(description, helpWidth(io) - 6).split('\n')].join(
            '\n      ',
          ),
      }),
});
