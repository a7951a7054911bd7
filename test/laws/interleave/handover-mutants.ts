import type { Code } from '../../../src/core/model/codes.ts';
import {
  entry,
  fewHandovers,
  HANDOVER,
  type Mutant,
  type Named,
  noPlaceholder,
  nothing,
  shared,
  without,
} from './mutation.ts';
import type { Mutation } from '../program.ts';
import type { Schedule } from './schedule.ts';

/** What a handover begins with although it is refused. */
const verify = nothing(`${HANDOVER}gate.ts`, 'verifyGate');

/** Refusals of a handover, alone or with others that would hold as well; and a schedule that needs them. */
const refusals: readonly (readonly [
  codes: readonly string[],
  schedule: Schedule,
  others?: readonly Mutation[],
])[] = [
  [
    ['controller-differs', 'service-differs'],
    [
      ...shared,
      entry(8, 'patience', 'pri'),
      entry(9, 'chart', 'sec', 1),
      entry(15, 'handover', 'sec', 1),
    ],
    [noPlaceholder],
  ],
  [
    ['release-unsafe'],
    [
      ...shared,
      entry(9, 'chart', 'pri', 0),
      entry(14.2, 'hang', 'pri', 0),
      entry(14.4, 'touch', 'pri'),
      entry(15, 'handover', 'sec', 1),
    ],
  ],
  [['stack-taken'], [...shared, entry(14, 'stray', 'sec'), entry(15, 'handover', 'sec', 1)]],
  [
    ['other-load-balancer', 'stack-taken'],
    [...shared, entry(10, 'own balancer', 'sec'), entry(15, 'handover', 'sec', 1)],
  ],
  [
    ['controller-too-old', 'field-stripped'],
    [entry(0, 'enable', 'pri'), entry(9, 'chart', 'sec', 2), entry(15, 'handover', 'sec', 1)],
  ],
  [
    ['service-terminating'],
    [...shared, entry(10, 'remove', 'pri'), entry(15, 'handover', 'sec', 1)],
    [verify],
  ],
  [
    ['owner-elsewhere'],
    [
      entry(0, 'enable', 'pri'),
      entry(3, 'join several', 'sec'),
      entry(15, 'handover', 'sec', 0),
      entry(25, 'handover', 'sec', 7),
    ],
  ],
];

/** Blockers that a mutant switches off. */
export const shownBlockers: readonly string[] = [
  ...refusals.flatMap(([codes]) => codes),
  'old-answers',
];

/** Why no mutant shows a blocker: what happens without it, which takes no target and not the load balancer. */
export const unshownBlockers: Partial<Readonly<Record<Code, string>>> = {
  'same-cluster': 'One controller releases the Service and takes it on again.',
  'same-cluster-name': 'Each cluster of the schedules has a name of its own; see the twins.',
  'several-controllers':
    'There is no process that the run could restart or wait for: it plans the same again and again, and does not come to the adoption. Its twin shows the harm.',
  'controller-paused':
    'The run waits for new processes until its time is up, and so does the next one: it does not come to the adoption, and all targets stay. Its twin shows the harm.',
  'auto-mode-unsupported': 'The schedules have no EKS Auto Mode.',
  'vpc-unsupported': 'The schedules have one VPC; its twin shows the harm.',
  'account-unsupported': 'The schedules have one account.',
  'controller-missing': 'No cluster owns the load balancer, and all targets stay.',
  'service-missing': 'The first write fails.',
  'deletion-unprotected':
    'A pass has to add the finalizer in the moment in which the Service is released. Its twin hits it; in a schedule, a write to the Service that begins such a pass stops the run (object-changed).',
  'cleanup-finalizer': 'There is no cloud controller manager.',
  'feature-gate-unsupported': 'The practice world has none of these gates.',
  'tls-policy-differs': 'The listener has another policy, and all targets stay; its twin shows it.',
  'backend-group-off':
    'No cluster owns the load balancer, and all targets stay; its twin shows it.',
  'binding-exclusive':
    'What a person did to the binding takes the targets, with or without a handover.',
  'listener-weighted':
    'The targets of the other target group stay healthy, without traffic; its twin shows it.',
  'traffic-policy-local':
    'Others hold as well: join refuses where the health check ports differ (health-check-node-port), and so does the handover, since the new Service requires another health check (service-differs) and verify is red. Its twin shows the harm.',
  'zone-shifted': 'All targets stay.',
};

const blockers: readonly Mutant[] = refusals.map(([codes, schedule, others = []]) => ({
  name: `handover without ${codes.join(' and ')}`,
  mutation: [without(`${HANDOVER}checks.ts`, 'handoverChecks', ...codes), ...others],
  shown: schedule,
  rare: fewHandovers,
}));

/** What a handover does beside its refusals so that nobody notices it. */
export const handoverMutants: readonly Mutant[] = [
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
  {
    name: 'handover that takes a cluster for lost whatever it answers',
    // What keeps it from that is a blocker where EC2 cannot be read, and a question where it can.
    mutation: {
      module: `${HANDOVER}checks.ts`,
      exports: ({ handoverChecks: all }) => ({
        handoverChecks: (all as readonly Named[]).filter(({ id }) => id !== 'old-answers'),
      }),
    },
    shown: [...shared, entry(15, 'handover', 'sec', 11)],
    rare: fewHandovers,
  },
  ...blockers,
];
