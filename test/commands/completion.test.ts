import { spawnSync } from 'node:child_process';
import { printCompletion } from '../../src/commands/completion.ts';
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

test('completes Services of the primary, once', async () => {
  expect(await complete('verify', 'ng')).toEqual(['nginx']);
  expect(await complete('join', '--primary', 'pri-eks-clu1', '')).toEqual(
    expect.arrayContaining(['nginx']),
  );
  expect(await complete('verify', 'nginx', '')).toEqual([]);
  expect(await complete('verify', '--kubeconfig', '/nonexistent', '')).toEqual([]);
});

test('bash completes names with colons, as ARNs are', () => {
  const arn = 'arn:aws:eks:us-east-1:123456789012:cluster/pri';
  const script = `
nlbmc() { printf '%s\\n' ${arn}; printf '%s\\n' "$@" >&3; }
${scriptOf('bash')}
COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
COMP_LINE='nlbmc verify nginx --context arn:aws:e' COMP_POINT=\${#COMP_LINE}
_nlbmc
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const run = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  expect(run.stdout).toBe('eks:us-east-1:123456789012:cluster/pri\n');
});

test.each([
  ['zsh', /--from\|.*_files/],
  ['fish', /--from[\s\S]*__fish_complete_path/],
])('%s offers files where an option takes one', (shell, files) => {
  expect(scriptOf(shell)).toMatch(files);
});

function scriptOf(shell: string): string {
  let text = '';
  printCompletion(shell, { stdout: { write: (part: string) => (text += part) } } as never);
  return text;
}
