import { progressOf } from '../../../src/core/progress/progress.ts';
import { hintText } from '../../../src/output/hint-text.ts';
import { verdictOf } from '../../../src/core/verify/verify.ts';
import { arnOf, type ClusterBuilder, service } from '../cluster-builder.ts';
import {
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondaryTargets,
} from '../world.ts';

const binding = { kind: 'TargetGroupBinding', namespace: 'default', name: 'nginx' };
const refused = (why: string) =>
  `Failed reconcile due to operation error Elastic Load Balancing v2: RegisterTargets, https response error StatusCode: 403, RequestID: 1-2, api error AccessDenied: User: arn:aws:sts::123456789012:${why} is not authorized to perform: elasticloadbalancing:RegisterTargets on resource: ${arnOf(80)} because no identity-based policy allows it`;
const byRole = refused('assumed-role/auto-role/session');

const saying = (message: string, flavour: 'lbc' | 'auto-mode' = 'auto-mode'): ClusterBuilder =>
  joinedSecondary()
    .editBindings({ flavour })
    .says({ about: binding, reason: 'FailedReconcile', message });

const look = (sec: ClusterBuilder, targets: readonly string[] = primaryTargets) =>
  observed({ clusters: [enabledPrimary(), sec], targets: { 80: targets } });

const deniedIn = (sec: ClusterBuilder, targets?: readonly string[]) =>
  verdictOf(look(sec, targets), {
    service,
    minHealthy: 1,
    knownTargets: [],
    allowUnprotected: false,
  }).problems.find(({ code }) => code === 'registration-denied');

test('a registration that AWS denies comes first, with the policy that allows it', () => {
  const found = deniedIn(saying(byRole));
  expect(found?.message).toMatch(
    /controller of sec .* RegisterTargets is denied to its role auto-role/,
  );
  expect(found?.message).toMatch(/eks:eks-cluster-name/);
  const [hint] = found?.hints ?? [];
  const { argv = [] } = hint ? hintText(hint, {}) : {};
  expect(argv.slice(0, 5)).toEqual(['aws', 'iam', 'put-role-policy', '--role-name', 'auto-role']);
  const policy = JSON.parse(argv[argv.indexOf('--policy-document') + 1] ?? '') as {
    readonly Statement: unknown;
  };
  expect(policy.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: ['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets'],
      Resource: arnOf(80),
    },
  ]);
});

test('of the open-source controller, nothing is said of the policy of EKS Auto Mode', () => {
  expect(deniedIn(saying(byRole, 'lbc'))?.message).not.toMatch(/eks-cluster-name/);
});

test.each([
  ['a user', refused('user/controller'), /Attach a policy with this statement/],
  ['an explicit deny', `${byRole} with an explicit deny in a service control policy`, /explicitly/],
])('%s gets a sentence: no command is known to help', (_, message, sentence) => {
  const [hint] = deniedIn(saying(message))?.hints ?? [];
  expect(hint).toMatchObject({ kind: 'advice', text: expect.stringMatching(sentence) as string });
});

test.each([
  ['everything is registered', saying(byRole), [...primaryTargets, ...secondaryTargets]],
  ['AWS refuses for another reason', saying('RegisterTargets: TargetGroupNotFound'), undefined],
  ['AWS denies something else', saying('CreateTags: AccessDenied'), undefined],
  [
    'the controller has succeeded since',
    saying(byRole).says(
      { about: binding, reason: 'FailedReconcile', message: byRole },
      {
        about: binding,
        type: 'Normal',
        reason: 'SuccessfullyReconciled',
        at: '2026-11-23T11:59:30Z',
      },
    ),
    undefined,
  ],
])('it is not said where %s', (_, sec, targets) => {
  expect(deniedIn(sec, targets)).toBeUndefined();
});

test('a wait goes on, and names it: the person may be about to attach the policy', () => {
  const goal = { kind: 'endpoints-healthy', cluster: 'sec', binding } as const;
  const { progress } = progressOf(goal, look(saying(byRole)), {});
  expect(progress).toMatchObject({
    state: 'converging',
    problem: { code: 'registration-denied' },
  });
});
