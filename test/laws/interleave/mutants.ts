import type { Plan } from '../../../src/core/plan/plan.ts';
import { handoverMutants } from './handover-mutants.ts';
import { entry, type Mutant, type Named, without } from './mutation.ts';

/** nlbmc with one of its refusals switched off: each has to be found out by what it then does. */
export const mutants: readonly Mutant[] = [
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
    name: 'replace by a cluster that verify does not call ready',
    mutation: { module: 'core/replace/unproven.ts', exports: () => ({ unproven: () => [] }) },
    shown: [
      entry(0, 'enable', 'pri'),
      entry(3, 'join several', 'sec'),
      entry(12, 'orphan', 'ter', 19),
      entry(14, 'replace', 'sec'),
    ],
  },
  {
    name: 'join by a document that AWS contradicts',
    mutation: { module: 'core/checks/evidence.ts', exports: () => ({ differences: () => [] }) },
    shown: [
      entry(0, 'enable', 'pri'),
      entry(3, 'show', 'pri'),
      entry(4, 'rollout', 'pri'),
      entry(9, 'join by a document', 'sec'),
    ],
  },
  {
    name: 'join by a document that is too old',
    mutation: { module: 'core/checks/evidence.ts', exports: () => ({ outdated: () => [] }) },
    shown: [
      entry(0, 'enable', 'pri'),
      entry(3, 'show', 'pri'),
      entry(90, 'join by a document', 'sec'),
    ],
  },
  {
    name: 'join beside an exclusive binding',
    mutation: { module: 'core/join/sharing.ts', exports: () => ({ sharingChecks: [] }) },
    shown: [entry(0, 'join', 'sec')],
  },
  {
    name: 'enroll that does not wait until sharing holds',
    mutation: {
      module: 'core/enroll/plan-enroll.ts',
      exports: (real) => {
        const planEnroll = real['planEnroll'] as (...of: readonly unknown[]) => Plan;
        return {
          planEnroll: (...of: readonly unknown[]) => {
            const plan = planEnroll(...of);
            return { ...plan, steps: plan.steps.filter(({ kind }) => kind !== 'wait') };
          },
        };
      },
    },
    shown: [entry(0, 'hang', 'pri', 14), entry(0.1, 'enroll', 'pri')],
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
  ...handoverMutants,
];
