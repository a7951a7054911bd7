import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { runNlbmc, startPractice } from './harness.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startPractice();
});
afterAll(() => sandbox.stop());

const ctl = (...words: string[]) => runNlbmc(sandbox, ['sandbox', 'ctl', ...words]);

test('faults and controllers are changed, and listed as they are', async () => {
  const rule = 'aws:RegisterTargets@lbc/sec-eks-clu1:status=403:times=2';
  expect(await ctl('fault', rule, 'kube:GET /x:cut')).toEqual({
    code: 0,
    stdout: `Fault 1 is in force: ${rule}\nFault 2 is in force: kube:GET /x:cut\n`,
    stderr: '',
  });
  expect((await ctl('pause', 'sec-eks-clu1')).stdout).toContain('of sec-eks-clu1 hangs');
  expect((await ctl('list')).stdout).toBe(`CONTROLLER    VERSION  STATE
pri-eks-clu1  v3.5.0   running
sec-eks-clu1  v3.5.0   paused

FAULT  HITS    RULE
1      0 of 2  ${rule}
2      0       kube:GET /x:cut
`);
  expect(JSON.parse((await ctl('list', '-o', 'json')).stdout)).toMatchObject({
    apiVersion: 'nlbmc/v1',
    kind: 'SandboxState',
    faults: [{ number: 1, rule, hits: 0, times: 2 }, { number: 2 }],
    controllers: [{ state: 'running' }, { cluster: 'sec-eks-clu1', state: 'paused' }],
  });

  expect((await ctl('fault', '--remove', '1,2')).stdout).toBe('Faults 1, 2 are removed.\n');
  expect((await ctl('resume', 'sec-eks-clu1')).stdout).toContain('works again');
  expect((await ctl('restart', 'sec-eks-clu1')).stdout).toContain('has restarted');
  const listed = (await ctl('list')).stdout;
  expect(listed).toContain('No fault is in force.');
  expect(listed).not.toContain('paused');
});

test('a fault hits the next command, and no longer once it is removed', async () => {
  const added = await ctl('fault', 'aws:DescribeTargetHealth:status=403');
  const number = /^Fault (\d+)/.exec(added.stdout)?.[1] ?? '';
  const show = () => runNlbmc(sandbox, 'verify nginx --context pri-eks-clu1');
  expect((await show()).stdout).toContain('AccessDenied');
  await ctl('fault', '--remove', number);
  expect((await show()).stdout).not.toContain('AccessDenied');
});

test.each([
  [['fault', 'aws:x'], 'needs exactly one of'],
  [['fault', 'aws:x@lbc/blue:cut'], 'not one of pri-eks-clu1, sec-eks-clu1'],
  [['fault', '--remove', '99'], 'There is no fault 99.'],
  [['pause', 'blue'], 'There is no cluster blue.'],
])('refused with exit 2: %j', async (words, why) => {
  const { code, stdout, stderr } = await ctl(...words);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(why);
});

test('a sandbox that has ended is named', async () => {
  const { code, stderr } = await runNlbmc(sandbox, 'sandbox ctl list', {
    env: { NLBMC_SANDBOX_SOCKET: join(sandbox.dir, 'gone') },
  });
  expect(code).toBe(2);
  expect(stderr).toContain('The sandbox has ended');
});

test('completes the commands, and the clusters of a controller', async () => {
  const complete = async (...words: string[]): Promise<string[]> =>
    (await runNlbmc(sandbox, ['__complete', '--', 'sandbox', ...words])).stdout
      .split('\n')
      .filter(Boolean);
  expect(await complete('')).toEqual(['ctl']);
  expect(await complete('ctl', 'r')).toEqual(['resume', 'restart']);
  expect(await complete('ctl', 'pause', '')).toEqual(['pri-eks-clu1', 'sec-eks-clu1']);
  expect(await complete('ctl', 'fault', '--r')).toEqual(['--remove']);
  expect(await complete('ctl', 'list', '-o', '')).toEqual(['table', 'json', 'yaml']);
  expect(await complete('--scenario', 'no')).toEqual(['no-owner']);
});

test('inside of nlbmc sandbox, ctl finds its world, which leaves nothing behind', () => {
  const nlbmc = `"${process.execPath}" bin/nlbmc.js sandbox`;
  const inside = `${nlbmc} ctl pause eks-clu2 && ${nlbmc} ctl list && echo "$NLBMC_SANDBOX_SOCKET"`;
  const run = spawnSync(
    process.execPath,
    ['bin/nlbmc.js', 'sandbox', '--scenario', 'no-owner', '--', 'sh', '-c', inside],
    { encoding: 'utf8', timeout: 120_000 },
  );
  expect([run.status, run.stderr]).toEqual([0, '']);
  expect(run.stdout).toMatch(/^eks-clu1 +v3\.5\.0 +running\neks-clu2 +v3\.5\.0 +paused$/m);
  expect(() => rmSync(run.stdout.trim().split('\n').at(-1) ?? '')).toThrow('ENOENT');
});
