import type { AppDeployment } from '../../../src/core/model/kubernetes.ts';
import { known, type Reading } from '../../../src/core/model/problem.ts';
import { verdictOf } from '../../../src/core/verify/verify.ts';
import type { Verdict } from '../../../src/core/plan/verdict.ts';
import { deploymentWith, service } from '../cluster-builder.ts';
import { enabledPrimary, joinedSecondary, observed, primaryTargets, unreadable } from '../world.ts';
import { typed } from '../typed.ts';

const verify = (deployments: Reading<readonly AppDeployment[]>): Verdict =>
  verdictOf(
    observed({
      clusters: [
        enabledPrimary(),
        joinedSecondary().endpoints([]).tracks('nginx', '').with({ deployments }),
      ],
      targets: { 80: primaryTargets },
    }),
    { service, minHealthy: 1, knownTargets: [], allowUnprotected: false },
  );
const empty = (verdict: Verdict) =>
  verdict.problems.find(({ code }) => code === 'no-endpoints') ?? fail();
const fail = (): never => {
  throw new Error('nothing is said of the endpoints');
};

const zero = deploymentWith({ name: 'web', replicas: 0, present: 0, updated: 0, available: 0 });
const look = 'kubectl --context sec -n default get deployments,pods';

test('the Deployment behind the Service has 0 replicas: how it is scaled', () => {
  const problem = empty(verify(known([zero, deploymentWith({ podLabels: { app: 'other' } })])));
  expect(problem.message).toMatch(/Deployment default\/web has 0 replicas\.$/);
  expect(typed(problem)).toMatch(
    /^kubectl --context sec -n default scale deployment\/web --replicas=1\b/,
  );
});

test.each<[string, readonly AppDeployment[]]>([
  ['there is none', []],
  ['none of them is behind the Service', [{ ...zero, podLabels: { app: 'other' } }]],
  ['another one behind it has replicas', [zero, deploymentWith()]],
  ['it has replicas, none ready', [deploymentWith()]],
])('it is not the replicas: %s', (_, list) => {
  const problem = empty(verify(known(list)));
  expect(problem.message).not.toContain('replicas');
  expect(typed(problem)).toBe(look);
});

test('Deployments that may not be listed are a skip, and what to look at stays', () => {
  const verdict = verify(unreadable({ code: 'api-forbidden', message: 'Not allowed.' }));
  expect(typed(empty(verdict))).toBe(look);
  expect(verdict.exit).toBe(3);
  expect(verdict.skips).toContainEqual(expect.objectContaining({ code: 'api-forbidden' }));
});
