import { verdictOf } from '../../../src/core/verify/verify.ts';
import type { ClusterBuilder } from '../cluster-builder.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondaryTargets,
  unreadable,
} from '../world.ts';
import { intent } from '../verifying.ts';

const judge = (pri: ClusterBuilder, sec = joinedSecondary(), targets = secondaryTargets) =>
  verdictOf(
    observed({ clusters: [pri, sec], targets: { 80: [...primaryTargets, ...targets] } }),
    intent,
  );

test.each(['FailedBuildModel', 'FailedDeployModel'])(
  '%s of the primary Service is a finding, though everything serves',
  (reason) => {
    const { exit, state, problems } = judge(enabledPrimary().says({ reason }));
    expect([exit, state, codesOf(problems)]).toEqual([3, 'degraded', ['reconcile-failed']]);
    expect(problems[0]?.details).toEqual([
      `Warning ${reason} 1m ago: Failed deploy model due to AccessDenied`,
    ]);
  },
);

test('a failure that a success has followed, or of another kind, is none', () => {
  const success = { type: 'Normal', reason: 'SuccessfullyReconciled', at: '2026-11-23T11:59:30Z' };
  expect(judge(enabledPrimary().says({}, success)).exit).toBe(0);
  expect(judge(enabledPrimary().says({ reason: 'UnableToSync' })).exit).toBe(0);
});

test('events that may not be read are skipped: the verdict is the same', () => {
  const silent = enabledPrimary().with({ events: { default: unreadable() } });
  const { exit, skips } = judge(silent);
  expect([exit, codesOf(skips)]).toEqual([0, ['api-forbidden']]);
});

test('a red row has what its controller said of its binding', () => {
  const about = { kind: 'TargetGroupBinding', namespace: 'default', name: 'nginx' };
  const sec = joinedSecondary().says({ reason: 'FailedReconcile', about });
  const { ports, problems } = judge(enabledPrimary(), sec, secondaryTargets.slice(1));
  const line = 'Warning FailedReconcile 1m ago: Failed deploy model due to AccessDenied';
  expect(ports[0]?.members[1]?.problems[0]?.details).toContain(line);
  expect(problems.flatMap(({ details = [] }) => details).filter((one) => one === line)).toEqual([
    line,
  ]);
});
