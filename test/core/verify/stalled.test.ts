import { verdictOf } from '../../../src/core/verify/verify.ts';
import { millisOf } from '../../../src/core/model/instant.ts';
import type { Verdict } from '../../../src/core/plan/verdict.ts';
import { endpointsAt, service, type ClusterBuilder } from '../cluster-builder.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondaryTargets,
} from '../world.ts';
import { typed } from '../typed.ts';

const at = '2026-11-23T12:00:00.000Z';
const agoMs = (minutes: number): number => millisOf(at) - minutes * 60_000;

const verify = (sec: ClusterBuilder, targets: readonly string[]): Verdict =>
  verdictOf(observed({ at, clusters: [enabledPrimary(), sec], targets: { 80: targets } }), {
    service,
    minHealthy: 1,
    knownTargets: [],
    allowUnprotected: false,
  });

interface Times {
  readonly slice?: number;
  readonly binding?: number;
}

/** The secondary, whose slice and binding were changed last so many minutes ago. */
const changed = ({ slice, binding }: Times): ClusterBuilder =>
  joinedSecondary()
    .endpoints(
      endpointsAt(['10.0.2.1', '10.0.2.2'], slice === undefined ? {} : { since: agoMs(slice) }),
    )
    .editBindings(binding === undefined ? {} : { changedAt: agoMs(binding) });

/** A pod that came, and nobody registered it. */
const came = (times: Times): Verdict =>
  verify(changed(times).tracks('nginx', '10.0.2.1:80'), [...primaryTargets, '10.0.2.1:80']);

/** A pod that went, and nobody deregistered it. */
const went = (times: Times): Verdict =>
  verify(changed(times).tracks('nginx', [...secondaryTargets, '10.0.2.9:80'].join(',')), [
    ...primaryTargets,
    ...secondaryTargets,
    '10.0.2.9:80',
  ]);

describe.each([
  ['a new endpoint', came],
  ['an endpoint that has gone', went],
])('%s that the controller does not act on', (_, verdict) => {
  test.each<[string, Times, string]>([
    ['just now', { slice: 1, binding: 600 }, 'target-converging'],
    ['for 4 minutes', { slice: 4, binding: 600 }, 'target-converging'],
    ['for 7 minutes', { slice: 7, binding: 600 }, 'controller-stalled'],
    ['on a binding of just now', { slice: 600, binding: 1 }, 'target-converging'],
    ['while nobody knows since when', {}, 'target-converging'],
    ['nor how old the binding is', { slice: 600 }, 'target-converging'],
    ['nor how old the slice is', { binding: 600 }, 'target-converging'],
  ])('%s', (_when, times, code) => {
    const row = verdict(times).ports[0]?.members[1];
    expect(codesOf(row?.problems ?? [])).toEqual([code]);
    expect(row?.state).toBe(code === 'controller-stalled' ? 'degraded' : 'converging');
  });
});

test('what to look at is the log of the controller; a restart stands beside it', () => {
  const stalled = changed({ slice: 7, binding: 8 }).controller({});
  const { problems } = verify(stalled.tracks('nginx', '10.0.2.1:80'), [
    ...primaryTargets,
    '10.0.2.1:80',
  ]);
  expect(problems[0]?.message).toMatch(
    /neither the endpoints nor the binding have changed for 7 minutes/,
  );
  expect(typed(problems[0]).split('\n')).toEqual([
    'kubectl --context sec -n kube-system logs --selector=app.kubernetes.io/name=aws-load-balancer-controller --prefix --since=30m --tail=-1',
    expect.stringMatching(/^kubectl --context sec -n kube-system rollout restart deployment\/\S+/),
  ]);
});

test('a pod that waits for its readiness gate may have become an endpoint long after its slice', () => {
  const waiting = {
    ready: false,
    podContainersReady: true,
    nodeReady: 'True',
    since: agoMs(60),
  } as const;
  const sec = joinedSecondary()
    .endpoints([
      ...endpointsAt(['10.0.2.1'], { since: agoMs(60) }),
      ...endpointsAt(['10.0.2.2'], waiting),
    ])
    .editBindings({ changedAt: agoMs(60) })
    .tracks('nginx', '10.0.2.1:80');
  const { problems } = verify(sec, [...primaryTargets, '10.0.2.1:80']);
  expect(codesOf(problems)).toEqual(['target-converging']);
});
