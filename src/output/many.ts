import type { Style } from './style.ts';

/** How many clusters or goals a screen names one by one, without -v. */
export const MOST_NAMED = 8;

/** Whether so many are told in short: by their number, with a few names. */
export const isMany = (n: number, style: Style): boolean =>
  n > MOST_NAMED && style.screen?.verbose !== true;

/** The first names of many, and how many more there are: `a, b and 8 more`. */
export const fewOf = (names: readonly string[], few = 3): string =>
  names.length <= few + 1
    ? names.join(', ')
    : `${names.slice(0, few).join(', ')} and ${names.length - few} more`;
