import { typed } from '../typed.ts';
import { exitOf } from '../../../src/core/plan/exit.ts';
import type { Goal, Progress } from '../../../src/core/plan/goal.ts';
import type { Memory } from '../../../src/core/progress/progress-answer.ts';
import { progressOf } from '../../../src/core/progress/progress.ts';
import { parseTracked } from '../../../src/core/model/target-key.ts';
import { endpointsAt, type ClusterBuilder } from '../cluster-builder.ts';
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

const own = { cluster: 'pri', binding: { namespace: 'default', name: 'k8s-default-nginx-1' } };
const local = { cluster: 'sec', binding: { namespace: 'default', name: 'nginx' } };
const all = { 80: [...primaryTargets, ...secondaryTargets] };

const look = (
  goal: Goal,
  clusters: readonly ClusterBuilder[],
  parts: Partial<WorldParts> = {},
): Progress => progressOf(goal, observed({ clusters, targets: all, ...parts }), {}).progress;

/** Looks at the same world at several seconds, with what was remembered. */
function watch(
  goal: Goal,
  cluster: ClusterBuilder,
  seconds: readonly number[],
): readonly Progress[] {
  let memory: Memory = {};
  return seconds.map((second) => {
    const at = new Date(Date.UTC(2026, 10, 23, 12, 0, second)).toISOString();
    const next = progressOf(goal, observed({ clusters: [cluster], targets: all, at }), memory);
    memory = next.memory;
    return next.progress;
  });
}

/** The flag is on, and nothing is tracked yet. */
const untracked = (): ClusterBuilder => enabledPrimary().tracks('k8s-default-nginx-1', undefined);

/** The flag went off and on again between two passes: same spec, same endpoints, a higher number. */
const skipped = (): ClusterBuilder => enabledPrimary().editBindings({ generation: 4 });

describe('a binding with the flag', () => {
  const goal: Goal = { kind: 'binding-multi-cluster', ...own };
  test.each<[string, ClusterBuilder, string]>([
    ['without it', primary(), 'converging'],
    ['with it, not acted on', untracked().editBindings({ generation: 2 }), 'converging'],
    ['with it, skipped by a controller that tracks all', skipped(), 'done'],
    ['with it, acted on', enabledPrimary(), 'done'],
    ['not there', enabledPrimary().with({ bindings: { ok: true, value: [] } }), 'converging'],
    ['unread', enabledPrimary().with({ bindings: unreadable() }), 'unknown'],
  ])('%s', (_, pri, state) => expect(look(goal, [pri]).state).toBe(state));

  test('readiness gates explain why it is not acted on', () => {
    const gated = untracked()
      .editBindings({ generation: 2 })
      .endpoints(endpointsAt(['10.0.1.1'], { gatePending: true }));
    expect(look(goal, [gated]).text).toContain('readiness gates');
  });
});

describe('tracked endpoints', () => {
  const goal: Goal = { kind: 'endpoints-tracked', ...own };
  const stale = enabledPrimary().tracks('k8s-default-nginx-1', '10.0.1.1:80');

  test('are done when every own registered one is in the set, whatever else is', () => {
    expect(look(goal, [enabledPrimary()])).toMatchObject({ state: 'done', done: 3, total: 3 });
    const more = enabledPrimary().tracks(
      'k8s-default-nginx-1',
      [...primaryTargets, '10.0.9.9:80'].join(','),
    );
    expect(look(goal, [more]).state).toBe('done');
  });

  test('an old ConfigMap alone proves nothing', () => {
    expect(
      look(goal, [primary().tracks('k8s-default-nginx-1', primaryTargets.join(','))]).state,
    ).toBe('converging');
    expect(look(goal, [stale])).toMatchObject({ state: 'converging', done: 1, total: 3 });
  });

  test('thirty seconds after the binding caught up it is the known case, with its cure', () => {
    const states = watch(goal, stale, [0, 15, 29, 30]);
    expect(states.map(({ state }) => state)).toEqual([
      'converging',
      'converging',
      'converging',
      'stuck',
    ]);
    expect(states[3]?.problem).toMatchObject({
      code: 'tracking-stale',
      details: ['10.0.1.2:80', '10.0.1.3:80'],
    });
    expect(typed(states[3]?.problem)).toBe(
      'kubectl --context pri -n default scale deployment/nginx --replicas=4',
    );
    expect(exitOf({ kind: 'awaited', progress: states.slice(3), written: 1 })).toBe(6);
  });

  test('so it is with a ConfigMap that never comes', () =>
    expect(watch(goal, stale.tracks('k8s-default-nginx-1', undefined), [0, 31])[1]?.state).toBe(
      'stuck',
    ));

  test('the time does not run while readiness gates hold the binding back', () => {
    const held = stale.editBindings({ generation: 2 });
    expect(watch(goal, held, [0, 40, 80]).at(-1)?.state).toBe('converging');
  });

  test('unread is unknown', () => {
    expect(look(goal, [enabledPrimary().with({ tracked: {} })]).state).toBe('unknown');
    expect(look(goal, [enabledPrimary().with({ endpoints: {} })]).state).toBe('unknown');
  });
});

describe('endpoints that go while the flag comes', () => {
  const goal: Goal = {
    kind: 'none-leaked',
    ...own,
    targets: parseTracked(primaryTargets.join(',')),
  };
  const [gone = '', ...left] = primaryTargets;
  const without = (): ClusterBuilder =>
    enabledPrimary().endpoints(endpointsAt(left.map((target) => target.replace(':80', ''))));
  test('are taken out where they are tracked', () =>
    expect(look(goal, [without()]).state).toBe('done'));
  test('leak where they are not, if that lasts; the cure names them', () => {
    const states = watch(
      goal,
      without().tracks('k8s-default-nginx-1', left.join(',')),
      [0, 29, 30],
    );
    expect(states.map(({ state }) => state)).toEqual(['converging', 'converging', 'stuck']);
    expect(states[2]?.problem).toMatchObject({
      code: 'targets-would-leak',
    });
    expect(states[2]?.problem?.message).toContain(gone);
    expect(typed(states[2]?.problem)).toBe('nlbmc purge nginx -n default --context pri');
  });
  test('unread is unknown', () =>
    expect(look(goal, [enabledPrimary().with({ tracked: {} })]).state).toBe('unknown'));
});

describe('healthy endpoints', () => {
  const goal: Goal = { kind: 'endpoints-healthy', ...local };
  const sec = joinedSecondary;
  const at = (...targets: string[]): Progress => look(goal, [sec()], { targets: { 80: targets } });

  test('are done when all are tracked, registered and healthy', () =>
    expect(at(...secondaryTargets)).toMatchObject({ state: 'done', done: 2, total: 2 }));

  test.each([
    [['10.0.2.1:80'], '1 of 2 endpoints healthy; 10.0.2.2:80 is not registered yet'],
    [
      ['10.0.2.1:80', '10.0.2.2:80 initial Elb.InitialHealthChecking'],
      '1 of 2 endpoints healthy; 10.0.2.2:80 is registered and has its first health checks (initial, Elb.InitialHealthChecking)',
    ],
    [
      ['10.0.2.1:80', '10.0.2.2:80 draining'],
      '1 of 2 endpoints healthy; 10.0.2.2:80 is not registered yet',
    ],
  ])('%j: %s', (targets, text) =>
    expect(at(...targets)).toMatchObject({ state: 'converging', text }),
  );

  test('that are not tracked are not done', () =>
    expect(look(goal, [sec().tracks('nginx', '10.0.2.1:80')])).toMatchObject({
      state: 'converging',
      done: 1,
    }));

  test('of which there are none are done, with nothing, when that lasts', () => {
    const empty = sec().endpoints([]).tracks('nginx', '');
    const states = watch(goal, empty, [0, 4, 5]);
    expect(states.map(({ state }) => state)).toEqual(['converging', 'converging', 'done']);
    expect(states[2]?.total).toBe(0);
    expect(watch(goal, empty.editBindings({ generation: 2 }), [0, 9])[1]?.state).toBe('converging');
  });

  test('before the binding is there', () =>
    expect(look(goal, [secondary()]).state).toBe('converging'));
});

describe('the primary', () => {
  const goal: Goal = { kind: 'still-multi-cluster', ...own };
  test('is still shared', () =>
    expect(look(goal, [enabledPrimary(), joinedSecondary()]).state).toBe('done'));
  test('turned exclusive takes the others’ targets: their number, and how to turn it back', () =>
    expect(look(goal, [primary(), joinedSecondary()])).toMatchObject({
      state: 'stuck',
      problem: {
        code: 'binding-exclusive',
        saves: 2,
      },
    }));
});

test.each([
  ['true', 'done'],
  ['false', 'converging'],
])('deletion protection %s in AWS: %s', (protection, state) =>
  expect(look({ kind: 'deletion-protection' }, [enabledPrimary()], { protection }).state).toBe(
    state,
  ),
);

test('deletion protection that could not be read is unknown', () =>
  expect(
    look({ kind: 'deletion-protection' }, [enabledPrimary()], {
      balancer: { attributes: unreadable() },
    }).state,
  ).toBe('unknown'));
