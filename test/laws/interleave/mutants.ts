import type { Plan } from '../../../src/core/plan/plan.ts';
import type { Mutation } from './program.ts';
import type { Name } from './scene.ts';
import type { Entry, Schedule } from './schedule.ts';

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

const entry = (minute: number, what: string, cluster: Name, n = 0): Entry => ({
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
const nothing = (module: string, ...names: readonly string[]): Mutation => ({
  module,
  exports: (real) =>
    Object.fromEntries(
      names.map((name) => {
        if (typeof real[name] !== 'function') throw new Error(`${module} has no ${name}`);
        return [name, () => []];
      }),
    ),
});

const HANDOVER = 'core/handover/';
const noPlaceholder = nothing(`${HANDOVER}placeholders.ts`, 'placeholderSteps');
const shared = [entry(0, 'enable', 'pri'), entry(4, 'join', 'sec')];
/** In a seventh of the schedules, and most handovers there are refused or killed. */
const fewHandovers = 'few schedules have a handover that comes so far';

/** What a handover does beside its refusals so that nobody notices it. */
const handovers: readonly Mutant[] = [
  {
    name: 'handover that restarts no controller and makes no placeholder',
    mutation: [
      nothing(`${HANDOVER}restart.ts`, 'restartSteps', 'restartGoals', 'toRestart'),
      noPlaceholder,
    ],
    shown: [...shared, entry(15, 'neighbour', 'sec'), entry(20, 'handover', 'sec', 1)],
    rare: 'controllers read the tags of the load balancer only for a load balancer of their own',
  },
  {
    name: "handover that does not keep the old owner's security group",
    mutation: nothing(`${HANDOVER}security-groups.ts`, 'backendsOfOthers'),
    shown: [...shared, entry(15, 'handover', 'sec', 1)],
    rare: fewHandovers,
  },
  {
    name: 'handover that does not label the bindings',
    mutation: { module: `${HANDOVER}standing.ts`, exports: () => ({ isLabelled: () => true }) },
    shown: [...shared, entry(15, 'handover', 'sec', 1)],
    rare: fewHandovers,
  },
  {
    name: 'handover that begins where verify is not green',
    mutation: nothing(`${HANDOVER}gate.ts`, 'verifyGate'),
    shown: [
      entry(0, 'enable', 'pri'),
      entry(3, 'join several', 'sec'),
      entry(12, 'orphan', 'ter', 19),
      entry(15, 'handover', 'sec', 0),
    ],
    rare: fewHandovers,
  },
  {
    name: 'handover from a cluster that does not own the load balancer',
    mutation: without(`${HANDOVER}checks.ts`, 'handoverChecks', 'owner-elsewhere'),
    shown: [
      entry(0, 'enable', 'pri'),
      entry(3, 'join several', 'sec'),
      entry(15, 'handover', 'sec', 0),
      entry(25, 'handover', 'sec', 7),
    ],
    rare: fewHandovers,
  },
  {
    name: 'handover that writes a binding whose flag is dropped on the way',
    mutation: {
      module: `${HANDOVER}judge-handover.ts`,
      exports: () => ({ judgeHandover: (plan: unknown) => plan }),
    },
    shown: [
      entry(0, 'enable', 'pri'),
      entry(3, 'join several', 'sec'),
      entry(14, 'strike', 'ter', 1),
      entry(15, 'handover', 'sec', 0),
    ],
    rare: fewHandovers,
  },
  {
    name: 'handover that does not read the tags again',
    mutation: nothing(`${HANDOVER}retag.ts`, 'retagGoals'),
    shown: [...shared, entry(15, 'handover', 'sec', 1)],
    rare: fewHandovers,
  },
];

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
  ...handovers,
];
