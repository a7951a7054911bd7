import type { Mutation } from './program.ts';

/** nlbmc with one of its refusals switched off: each has to be found out by what it then does. */
export const mutants: readonly { readonly name: string; readonly mutation: Mutation }[] = [
  {
    name: 'join that writes a binding whose flag is dropped on the way',
    mutation: {
      module: 'core/judge-join.ts',
      exports: () => ({ judgeJoin: (plan: unknown) => plan }),
    },
  },
];
