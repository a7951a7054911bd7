import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { quickAws } from '../aws-cli/quick-aws.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { openShell, type, typeStep, type Shell } from './shell.ts';
import { cleanUp, existingWorkload, newWorkload } from './walkthrough-commands.ts';

const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;
// In CI they have to be there: a test that cannot run there fails.
const wanted = process.env['CI'] === 'true' || (has('kubectl') && has('aws'));
const withTools = wanted ? describe : describe.skip;
const SLOW_MS = 60_000;

withTools.each([
  ['an existing workload', 'walkthrough', existingWorkload],
  ['a new workload', 'new-workload', newWorkload],
] as const)('the walkthrough for %s, typed by hand', (_, scenario, steps) => {
  let sandbox: Sandbox;
  let shell: Shell;
  beforeAll(async () => {
    await quickAws();
    sandbox = await startSandbox({ scenario, speed: 60 });
    shell = openShell(sandbox.env);
  });
  afterAll(async () => {
    rmSync(shell.cwd, { recursive: true });
    await sandbox.stop();
  });

  test.each(steps.map((step) => [step.step, step] as const))(
    'step %s',
    async (__, step) => {
      expect(await typeStep(shell, step)).toMatch(step.prints);
    },
    SLOW_MS,
  );

  test('no target belongs to both clusters or to none', async () => {
    const tracked = (context: string): Promise<string> =>
      type(
        shell,
        `kubectl --context ${context} get cm -o jsonpath='{range .items[*]}{.data.targets}{","}{end}'`,
      );
    const own = (await Promise.all(['pri-eks-clu1', 'sec-eks-clu1'].map(tracked)))
      .join('')
      .split(',')
      .filter(Boolean);
    const registered = await type(
      shell,
      `aws elbv2 describe-target-health --target-group-arn $(kubectl get targetgroupbinding -o jsonpath='{.items[0].spec.targetGroupARN}') --query 'TargetHealthDescriptions[].join(\`:\`, [Target.Id, to_string(Target.Port)])' --output text`,
    );
    expect(own.sort()).toEqual(registered.trim().split(/\s+/).sort());
    expect(new Set(own).size).toBe(5);
  });

  test.each(cleanUp.map((step) => [step.step, step] as const))(
    'clean-up: %s',
    async (__, step) => {
      expect(await typeStep(shell, step)).toMatch(step.prints);
    },
    SLOW_MS,
  );

  test('after the clean-up AWS has nothing left of it', async () => {
    const left = `aws elbv2 describe-load-balancers --query 'length(LoadBalancers)'; aws elbv2 describe-target-groups --query 'length(TargetGroups)'`;
    expect(await type(shell, left)).toBe('0\n0\n');
  });
});
