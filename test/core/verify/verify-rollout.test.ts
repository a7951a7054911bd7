import type { AppDeployment, AppPod } from '../../../src/core/model/kubernetes.ts';
import type { ClusterView } from '../../../src/core/model/cluster-view.ts';
import type { VerifyIntent } from '../../../src/core/model/intent.ts';
import { hopelessAmong } from '../../../src/core/verify/hopeless.ts';
import { verdictOf } from '../../../src/core/verify/verify.ts';
import { type ClusterBuilder, deploymentWith, service } from '../cluster-builder.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondaryTargets,
  unreadable,
} from '../world.ts';

const intent: VerifyIntent = {
  service,
  minHealthy: 1,
  knownTargets: [],
  allowUnprotected: false,
  rollout: true,
};

const finished = deploymentWith({ present: 2, updated: 2, progressing: 'NewReplicaSetAvailable' });

const judged = (sec: ClusterBuilder, over: Partial<VerifyIntent> = {}) =>
  verdictOf(
    observed({
      clusters: [enabledPrimary().deployments([finished]), sec],
      targets: { 80: [...primaryTargets, ...secondaryTargets] },
    }),
    { ...intent, ...over },
  );

const withDeployment = (over: Partial<AppDeployment>) =>
  judged(joinedSecondary().deployments([deploymentWith(over)]));

const { progressing: _, ...noReason } = deploymentWith();
const whole = { present: 2, updated: 2, available: 2 };

/** What kubectl rollout status would say in each case, and what the reason of Progressing is. */
const cases: readonly (readonly [string, Partial<AppDeployment>, string, readonly string[]])[] = [
  ['finished', finished, 'ready', []],
  ['scaled since, with the reason of its end', { ...finished, replicas: 9 }, 'ready', []],
  [
    'a change that its controller has not seen, behind a good reason',
    { ...finished, observedGeneration: 1 },
    'converging',
    ['rollout-in-progress'],
  ],
  [
    'a change that its controller has not seen, behind a deadline exceeded',
    { observedGeneration: 1, progressing: 'ProgressDeadlineExceeded' },
    'converging',
    ['rollout-in-progress'],
  ],
  ['new pods on their way', {}, 'converging', ['rollout-in-progress']],
  [
    'old pods left',
    { present: 3, updated: 2, available: 3 },
    'converging',
    ['rollout-in-progress'],
  ],
  [
    'complete numbers, and a reason that says it goes on',
    whole,
    'converging',
    ['rollout-in-progress'],
  ],
  [
    'a reason that nobody knows',
    { ...whole, progressing: 'Pondering' },
    'converging',
    ['rollout-in-progress'],
  ],
  ['a reason that is empty', { ...whole, progressing: '' }, 'converging', ['rollout-in-progress']],
  [
    'paused after its end',
    { ...whole, paused: true, progressing: 'DeploymentPaused' },
    'ready',
    [],
  ],
  [
    'paused in the middle',
    { paused: true, progressing: 'DeploymentPaused' },
    'degraded',
    ['rollout-stuck'],
  ],
  ['resumed after its end', { ...whole, progressing: 'DeploymentResumed' }, 'ready', []],
  [
    'resumed in the middle',
    { progressing: 'DeploymentResumed' },
    'converging',
    ['rollout-in-progress'],
  ],
  [
    'the progress deadline exceeded',
    { progressing: 'ProgressDeadlineExceeded' },
    'degraded',
    ['rollout-stuck'],
  ],
  [
    'the progress deadline exceeded, and complete numbers',
    { ...whole, progressing: 'ProgressDeadlineExceeded' },
    'degraded',
    ['rollout-stuck'],
  ],
  ['of other pods', { podLabels: { app: 'other' } }, 'ready', []],
  [
    'more labels than the selector asks for',
    { podLabels: { app: 'nginx', v: '2' } },
    'converging',
    ['rollout-in-progress'],
  ],
];

test.each(cases)('--rollout, and a Deployment: %s', (_name, over, state, codes) => {
  const verdict = withDeployment(over);
  expect([verdict.state, codesOf(verdict.problems)]).toEqual([state, codes]);
  expect(verdict.exit).toBe(codes.length > 0 ? 3 : 0);
  expect(hopelessAmong(verdict.problems) !== undefined).toBe(codes.includes('rollout-stuck'));
});

test('without a progress deadline there is no reason, and the numbers tell', () => {
  const going = judged(joinedSecondary().deployments([noReason]));
  expect([going.state, codesOf(going.problems)]).toEqual(['converging', ['rollout-in-progress']]);
  expect(judged(joinedSecondary().deployments([{ ...noReason, ...whole }])).state).toBe('ready');
});

test('each Deployment behind the Service is told, by its name', () => {
  const names = ['blue', 'green'];
  const { problems } = judged(
    joinedSecondary().deployments(names.map((name) => deploymentWith({ name }))),
  );
  expect(problems.map(({ message }) => message)).toEqual(
    names.map((name) => expect.stringContaining(`Deployment default/${name} in sec`)),
  );
});

test('without --rollout it is no question', () => {
  const sec = joinedSecondary().deployments([deploymentWith()]);
  expect(judged(sec, { rollout: false })).toMatchObject({ state: 'ready', skips: [] });
});

test('something worse beside a rollout is not converging', () => {
  const sec = joinedSecondary().deployments([deploymentWith()]).editBindings({ terminating: true });
  expect(judged(sec).state).toBe('degraded');
});

test('Deployments that could not be read are unknown, and not finished', () => {
  const workloads: ClusterView['workloads'] = {
    deployments: unreadable<never>(),
    pods: unreadable<never>(),
  };
  expect(judged(joinedSecondary().with({ workloads }))).toMatchObject({
    state: 'unknown',
    exit: 8,
    problems: [{ code: 'api-forbidden', unread: true }],
  });
});

const pod = (madeBy: string | undefined, ofDeployment = false): AppPod => ({
  name: 'nginx-1',
  ofDeployment,
  ...(madeBy === undefined ? {} : { madeBy }),
});

describe('pods of other kinds are said, and change nothing', () => {
  test.each<readonly [string, readonly AppPod[], readonly string[]]>([
    ['of a Deployment', [pod('ReplicaSet', true)], []],
    ['of a StatefulSet', [pod('StatefulSet'), pod('StatefulSet')], ['2 pods', 'StatefulSet']],
    ['of a ReplicaSet of nobody', [pod('ReplicaSet')], ['1 pod ', 'ReplicaSet']],
    ['bare', [pod(undefined), pod('DaemonSet')], ['2 pods', 'DaemonSet and bare pod']],
  ])('%s', (_name, pods, words) => {
    const { state, exit, skips } = judged(joinedSecondary().deployments([finished], pods));
    expect({ state, exit }).toEqual({ state: 'ready', exit: 0 });
    expect(codesOf(skips)).toEqual(words.length > 0 ? ['rollout-unseen'] : []);
    for (const word of words) expect(skips[0]?.message).toContain(word);
  });

  test('a Service without a selector', () => {
    const { exit, skips } = judged(joinedSecondary().editService({ selector: {} }));
    expect(exit).toBe(0);
    expect(skips).toMatchObject([{ code: 'rollout-unseen', about: { cluster: 'sec' } }]);
  });

  test('pods that could not be read are a skip', () => {
    const { workloads } = joinedSecondary().deployments([finished]).view;
    const sec = joinedSecondary().with({ workloads: { ...workloads!, pods: unreadable<never>() } });
    expect(judged(sec)).toMatchObject({ exit: 0, skips: [{ code: 'api-forbidden' }] });
  });
});
