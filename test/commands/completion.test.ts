import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { runNlbmc, startPractice } from './harness.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startPractice();
});
afterAll(() => sandbox.stop());

const complete = async (...words: string[]): Promise<string[]> => {
  const { code, stdout } = await runNlbmc(sandbox, ['__complete', '--', ...words]);
  expect(code).toBe(0);
  return stdout.split('\n').filter(Boolean);
};

test('completes commands, options and choices', async () => {
  expect(await complete('')).toEqual(expect.arrayContaining(['enable', 'join', 'verify', 'show']));
  expect(await complete('')).not.toContain('__complete');
  expect(await complete('ver')).toEqual(['verify', 'version']);
  expect(await complete('join', 'nginx', '--pri')).toEqual(['--primary']);
  expect(await complete('show', 'nginx', '-o', '')).toEqual(['table', 'json', 'yaml', 'name']);
  expect(await complete('completion', 'f')).toEqual(['fish']);
});

test('completes contexts from the kubeconfig, in a list as well, without asking a cluster', async () => {
  const from = sandbox.world.journal.entries.length;
  expect(await complete('verify', 'nginx', '--context', '')).toEqual([
    'pri-eks-clu1',
    'sec-eks-clu1',
  ]);
  expect(await complete('verify', 'nginx', '--context', 'pri-eks-clu1,')).toEqual([
    'pri-eks-clu1,sec-eks-clu1',
  ]);
  const elsewhere = ['--kubeconfig', '/nonexistent', '--context', ''];
  expect(await complete('verify', 'nginx', ...elsewhere)).toEqual([]);
  expect(sandbox.world.journal.entries.length).toBe(from);
});

test.each(['bash', 'zsh', 'fish'])('prints a script that %s can read', async (shell) => {
  const { code, stdout } = await runNlbmc(sandbox, `completion ${shell}`);
  expect(code).toBe(0);
  expect(stdout).toContain('nlbmc __complete --');
  // Only bash is on every machine; the others check their script where they are installed.
  // fish reads no script from stdin with -n.
  const file = join(sandbox.dir, `completion.${shell}`);
  writeFileSync(file, stdout);
  const parsed = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
  if (process.env['CI'] === 'true' || !parsed.error)
    expect([parsed.status, parsed.stderr]).toEqual([0, '']);
});
