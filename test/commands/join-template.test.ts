import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../src/core/plan/report.ts';
import { startPractice, runNlbmc } from './harness.ts';

const root = join(import.meta.dirname, '../..');

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nlbmc-template-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs an installed nlbmc whose template of the secondary's Service has these lines below `spec:`. */
function runEdited(env: Readonly<Record<string, string>>, args: readonly string[], spec: string) {
  for (const part of ['bin', 'dist', 'templates', 'package.json'])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  const template = join(folder, 'templates/service-secondary.yaml');
  const text = readFileSync(template, 'utf8').replace(/^spec:\n/m, `spec:\n${spec}`);
  writeFileSync(template, text);
  return new Promise<{ readonly code: number; readonly stdout: string }>((resolve) => {
    const cli = [join(folder, 'bin/nlbmc.js'), ...args];
    execFile(
      process.execPath,
      cli,
      { env: { PATH: process.env['PATH'], ...env } },
      (error, stdout) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout }),
    );
  });
}

test('a template whose Service the API server refuses ends in a refusal, and makes nothing', async () => {
  const sandbox = await startPractice();
  try {
    expect(await runNlbmc(sandbox, 'enable nginx --context pri-eks-clu1')).toMatchObject({
      code: 0,
    });
    const args =
      'join nginx --context sec-eks-clu1 --primary pri-eks-clu1 --create-service --yes -o json';
    const spec = '  externalTrafficPolicy: Local\n  loadBalancerSourceRanges: [10.0.0.0/8]\n';
    const { code, stdout } = await runEdited(sandbox.env, args.split(' '), spec);
    const { result, problems } = JSON.parse(stdout) as Report;
    expect([code, result]).toEqual([5, 'refused']);
    expect(JSON.stringify(problems)).toContain(
      'may only be set for externally-accessible services',
    );
    const secondary = sandbox.world.cluster('sec-eks-clu1').kube;
    expect(secondary.get('services', 'default', 'nginx')).toBeUndefined();
    expect(secondary.list('targetgroupbindings.elbv2.k8s.aws')).toEqual([]);
  } finally {
    await sandbox.stop();
  }
});
