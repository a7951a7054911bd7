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
      module: 'core/judge-join.ts',
      exports: () => ({ judgeJoin: (plan: unknown) => plan }),
    },
  },
  {
    name: 'join next to the record of an earlier life',
    mutation: without(
      'core/checks/local-binding.ts',
      'localBindingChecks',
      'leftover-tracked-targets',
    ),
  },
];
