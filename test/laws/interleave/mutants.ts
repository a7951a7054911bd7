import type { Mutation } from './program.ts';

interface Named {
  readonly id: string;
}

/** A list of checks without the one of that name. */
const without = (module: string, list: string, id: string): Mutation => ({
  module,
  exports: (real) => {
    const checks = real[list] as readonly Named[];
    const left = checks.filter((check) => check.id !== id);
    if (left.length !== checks.length - 1) throw new Error(`${list} has no check ${id}`);
    return { [list]: left };
  },
});

/** nlbmc with one of its refusals switched off: each has to be found out by what it then does. */
export const mutants: readonly { readonly name: string; readonly mutation: Mutation }[] = [
  {
    name: 'join that writes a binding whose flag is dropped on the way',
    mutation: {
      module: 'core/join/judge-join.ts',
      exports: () => ({ judgeJoin: (plan: unknown) => plan }),
    },
  },
  {
    name: 'disable while others are there',
    mutation: { module: 'core/disable/enrolled.ts', exports: () => ({ aloneChecks: [] }) },
  },
  {
    name: 'leave by the last one that serves',
    mutation: without('core/leave/leaving.ts', 'leavingChecks', 'below-floor'),
  },
  {
    name: "purge of targets that serve or are others'",
    mutation: {
      module: 'core/purge/unclaimed.ts',
      exports: (real) => ({
        isAccepted: () => true,
        unclaimedChecks: (real['unclaimedChecks'] as readonly Named[]).filter(
          ({ id }) => id === 'target-unclaimed',
        ),
      }),
    },
  },
];
