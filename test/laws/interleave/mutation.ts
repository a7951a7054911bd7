import type { Mutation } from '../program.ts';
import type { Name } from './scene.ts';
import type { Entry, Schedule } from './schedule.ts';

export interface Named {
  readonly id: string;
}

/** A list of checks without those of these names. */
export const without = (module: string, list: string, ...ids: readonly string[]): Mutation => ({
  module,
  exports: (real) => {
    const checks = real[list] as readonly Named[];
    const left = checks.filter((check) => !ids.includes(check.id));
    if (left.length !== checks.length - ids.length) throw new Error(`${list} has no ${ids.join()}`);
    return { [list]: left };
  },
});

export const entry = (minute: number, what: string, cluster: Name, n = 0): Entry => ({
  at: 1_000 + minute * 60_000,
  what,
  cluster,
  n,
});

export interface Mutant {
  readonly name: string;
  /** One, or several where another line of defence would still hold. */
  readonly mutation: Mutation | readonly Mutation[];
  /** A schedule that needs the refusal. */
  readonly shown?: Schedule;
  /** Why random schedules need not come upon it: only the one above has to show it. */
  readonly rare?: string;
}

/** A list that is empty, a check that finds nothing. */
export const nothing = (module: string, ...names: readonly string[]): Mutation => ({
  module,
  exports: (real) =>
    Object.fromEntries(
      names.map((name) => {
        if (typeof real[name] !== 'function') throw new Error(`${module} has no ${name}`);
        return [name, () => []];
      }),
    ),
});

export const HANDOVER = 'core/handover/';
export const noPlaceholder = nothing(`${HANDOVER}placeholders.ts`, 'placeholderSteps');
export const shared = [entry(0, 'enable', 'pri'), entry(4, 'join', 'sec')];
/** In a seventh of the schedules, and most handovers there are refused or killed. */
export const fewHandovers = 'few schedules have a handover that comes so far';
