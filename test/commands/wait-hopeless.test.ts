import { parseFault } from '../../src/sandbox/fault-option.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { runNlbmc, startPractice } from './harness.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startPractice();
});
afterEach(() => sandbox.stop());

test.each([
  ['no such Service', 'nothing', undefined],
  ['no right', 'nginx', 'kube/pri-eks-clu1:GET .*/targetgroupbindings:status=403'],
  ['no right in AWS', 'nginx', 'aws:DescribeTargetHealth:status=403:reason=AccessDenied'],
])('verify --wait does not wait for what cannot come true: %s', async (_, name, fault) => {
  if (fault) sandbox.world.faults.add(parseFault(fault, ['pri-eks-clu1', 'sec-eks-clu1']));
  const pauses: number[] = [];
  const { code, stdout } = await runNlbmc(sandbox, `verify ${name} --context pri-eks-clu1 --wait`, {
    onSleep: (ms) => pauses.push(ms),
  });
  expect(code).not.toBe(0);
  expect(pauses).toEqual([]);
  expect(stdout).toContain('Waiting does not help');
});

test('it does for what can', async () => {
  const pauses: number[] = [];
  const { stdout } = await runNlbmc(
    sandbox,
    'verify nginx --context pri-eks-clu1 --wait --timeout 20s',
    { onSleep: (ms) => pauses.push(ms) },
  );
  expect(pauses.length).toBeGreaterThan(1);
  expect(stdout).toContain('did not become green within 20s');
});
