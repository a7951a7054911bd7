import type { Goal, Progress } from '../../../src/core/plan/goal.ts';
import { known } from '../../../src/core/model/problem.ts';
import type { Memory } from '../../../src/core/progress/progress-answer.ts';
import { progressOf } from '../../../src/core/progress/progress.ts';
import { parseTracked } from '../../../src/core/model/target-key.ts';
import { arnOf, attributesKey, type ClusterBuilder, service } from '../cluster-builder.ts';
import {
  enabledPrimary,
  joinedSecondary,
  observed,
  primary,
  primaryTargets,
  secondary,
  secondaryTargets,
  unreadable,
  type WorldParts,
} from '../world.ts';

const look = (
  goal: Goal,
  clusters: readonly ClusterBuilder[],
  parts: Partial<WorldParts> = {},
): Progress => progressOf(goal, observed({ clusters, ...parts }), {}).progress;

describe('targets that drain', () => {
  const goal: Goal = {
    kind: 'targets-gone',
    cluster: 'sec',
    targetGroupArn: arnOf(80),
    targets: parseTracked(secondaryTargets.join(',')),
    delaySeconds: 300,
  };
  const [first = '', ...others] = secondaryTargets;
  const draining = (target: string): string => `${target} draining Target.DeregistrationInProgress`;

  test.each<[string, readonly string[], string, string]>([
    ['registered', secondaryTargets, 'converging', `${first} is still registered`],
    [
      'one registered, one draining',
      [first, ...others.map(draining)],
      'converging',
      'still registered',
    ],
    ['all draining', secondaryTargets.map(draining), 'converging', 'drain for at most 300s'],
    ['gone, the others stay', primaryTargets, 'done', 'gone'],
    ['not registered, by its reason', [`${first} unused Target.NotRegistered`], 'done', 'gone'],
  ])('%s', (_, targets, state, text) => {
    const progress = look(goal, [joinedSecondary()], { targets: { 80: targets } });
    expect(progress.state).toBe(state);
    expect(progress.text).toContain(text);
  });

  test('unread is not gone', () => {
    const parts = { targets: { 80: [] }, group: { targets: unreadable<never>() } };
    expect(look(goal, [joinedSecondary()], parts).state).toBe('unknown');
    expect(look(goal, [joinedSecondary()], { targets: {} }).state).toBe('unknown');
  });

  test('the countdown runs from the first look at which all of them drain, and never below zero', () => {
    let memory: Memory = {};
    const texts = [0, 60, 299, 400].map((second) => {
      const at = new Date(Date.UTC(2026, 10, 23, 12, 0, second)).toISOString();
      const targets = { 80: second === 0 ? secondaryTargets : secondaryTargets.map(draining) };
      const next = progressOf(
        goal,
        observed({ clusters: [joinedSecondary()], targets, at }),
        memory,
      );
      memory = next.memory;
      return /still registered|at most \d+s/.exec(next.progress.text)?.[0];
    });
    expect(texts).toEqual(['still registered', 'at most 300s', 'at most 61s', 'at most 0s']);
  });
});

const own = { cluster: 'pri', binding: { namespace: 'default', name: 'k8s-default-nginx-1' } };

test.each<[string, Goal, ClusterBuilder, Progress['state']]>([
  ['a binding that is there', { kind: 'binding-gone', ...own }, primary(), 'converging'],
  [
    'a binding that is being deleted',
    { kind: 'binding-gone', ...own },
    primary().editBindings({ terminating: true }),
    'converging',
  ],
  [
    'a binding that is gone',
    { kind: 'binding-gone', ...own },
    primary().with({ bindings: known([]) }),
    'done',
  ],
  [
    'a binding that is unread',
    { kind: 'binding-gone', ...own },
    primary().with({ bindings: unreadable() }),
    'unknown',
  ],
  [
    'a Service that is there',
    { kind: 'service-gone', cluster: 'pri', service },
    primary(),
    'converging',
  ],
  [
    'a Service that is gone',
    { kind: 'service-gone', cluster: 'pri', service },
    primary().service(undefined),
    'done',
  ],
  ['no ConfigMap', { kind: 'tracking-gone', ...own }, primary(), 'done'],
  ['a ConfigMap', { kind: 'tracking-gone', ...own }, enabledPrimary(), 'converging'],
  ['a shared binding', { kind: 'binding-exclusive', ...own }, enabledPrimary(), 'converging'],
  ['an exclusive binding', { kind: 'binding-exclusive', ...own }, primary(), 'done'],
  [
    'an exclusive binding that the controller has not acted on',
    { kind: 'binding-exclusive', ...own },
    primary().editBindings({ generation: 9 }),
    'converging',
  ],
  [
    'a Service that asks for protection',
    { kind: 'deletion-unprotected', cluster: 'pri', aws: false },
    primary().editService({ annotations: { [attributesKey]: 'deletion_protection.enabled=true' } }),
    'converging',
  ],
  [
    'a Service that does not, and AWS does not matter',
    { kind: 'deletion-unprotected', cluster: 'pri', aws: false },
    primary(),
    'done',
  ],
  [
    'a Service that does not, while AWS still has it',
    { kind: 'deletion-unprotected', cluster: 'pri', aws: true },
    primary(),
    'converging',
  ],
  [
    'no binding for the port',
    { kind: 'binding-back', cluster: 'pri', service, port: 80 },
    enabledPrimary().with({ bindings: known([]) }),
    'converging',
  ],
  [
    'a binding for the port, all healthy',
    { kind: 'binding-back', cluster: 'pri', service, port: 80 },
    enabledPrimary(),
    'done',
  ],
  ['tracked as it should be', { kind: 'tracked-exactly', ...own }, enabledPrimary(), 'done'],
  [
    'one tracked too many',
    { kind: 'tracked-exactly', ...own },
    enabledPrimary().tracks('k8s-default-nginx-1', [...primaryTargets, '10.9.9.9:80'].join()),
    'converging',
  ],
  [
    'one tracked too few',
    { kind: 'tracked-exactly', ...own },
    enabledPrimary().tracks('k8s-default-nginx-1', primaryTargets.slice(1).join()),
    'converging',
  ],
])('%s', (_, goal, cluster, state) => {
  expect(look(goal, [cluster, secondary()], { targets: { 80: primaryTargets } }).state).toBe(state);
});
