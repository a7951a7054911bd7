import type { Name } from './scene.ts';

/** A command of nlbmc as it is tried now and then. */
export interface Command {
  readonly weight: number;
  /** Where it may be tried; without it, everywhere. */
  readonly on?: readonly Name[];
  /** The words after `nlbmc`; `n` (0 to 999) picks among options. */
  readonly line: (cluster: Name, n: number) => string;
}

const some = (n: number, options: readonly string[]): string => options[n % options.length] ?? '';

/** All that nlbmc is asked for, by name. A further command is a line here. */
export const commands: Readonly<Record<string, Command>> = {
  enable: {
    weight: 4,
    on: ['pri'],
    line: (cluster) => `enable nginx --context ${cluster} --yes --timeout 3m`,
  },
  join: {
    weight: 8,
    on: ['sec', 'ter'],
    line: (cluster, n) =>
      `join nginx --context ${cluster} --primary pri --yes --timeout 4m ${some(n, ['', '', '--adopt'])}`,
  },
  leave: {
    weight: 6,
    on: ['sec', 'ter'],
    line: (cluster, n) =>
      `leave nginx --context ${cluster} ${some(n, ['--primary pri', '--primary pri', ''])} --yes ${some(n, ['', '--without-controller', '', '', '--min-healthy 2'])}`,
  },
  disable: {
    weight: 3,
    on: ['pri'],
    // A person who lists the primary alone is asked whether there are others, and may be wrong in it.
    line: (_, n) =>
      `disable nginx --yes --context ${some(n, [
        'pri,sec,ter --exclusive',
        'pri --exclusive --accept unlisted-members',
        'pri,sec --exclusive',
        'pri --accept unlisted-members',
        'pri,sec,ter',
        'pri --allow-deletion',
        'pri --exclusive',
      ])}`,
  },
  // Never with --accept-removing: what a person names is theirs.
  purge: {
    weight: 4,
    on: ['pri'],
    line: (_, n) => `purge nginx --context ${some(n, ['pri', 'pri,sec', 'pri,sec,ter'])} --yes`,
  },
  repair: {
    weight: 6,
    on: ['pri'],
    line: (_, n) =>
      `repair nginx --context ${some(n, ['pri,sec', 'pri,sec', 'pri,ter', 'pri,sec,ter'])} --yes`,
  },
};
