import { spawnSync } from 'node:child_process';
import { exportLines, inside, shellQuote, UNSET } from '../../src/sandbox/environment.ts';

/** What a shell has in its environment after the lines. */
function afterEval(env: Record<string, string>, before: Record<string, string>) {
  const script = `${exportLines(env)}env -0`;
  const base = { PATH: process.env['PATH'], ...before };
  const { stdout } = spawnSync('sh', ['-euc', script], { env: base, encoding: 'utf8' });
  const pairs = stdout.split('\0').filter(Boolean);
  return new Map(pairs.map((pair) => pair.split(/=(.*)/s, 2) as [string, string]));
}

test.each(['plain', '', 'two words', "it's", '$HOME `x` "y" \\', 'a\nb', '--flag', 'é'])(
  'a shell reads %j back as it was',
  (text) => {
    const { stdout } = spawnSync('sh', ['-c', `printf %s ${shellQuote(text)}`], {
      encoding: 'utf8',
    });
    expect(stdout).toBe(text);
  },
);

test('the lines set what is given, and an empty value as empty', () => {
  const after = afterEval({ KUBECONFIG: '/tmp/it is/config', AWS_PAGER: '' }, {});
  expect(after.get('KUBECONFIG')).toBe('/tmp/it is/config');
  expect(after.get('AWS_PAGER')).toBe('');
});

test('variables that lead elsewhere are gone', () => {
  const before = Object.fromEntries(UNSET.map((name) => [name, 'elsewhere']));
  const after = afterEval({}, before);
  expect(UNSET.filter((name) => after.has(name))).toEqual([]);
  expect(UNSET).toEqual(expect.arrayContaining(['AWS_PROFILE', 'AWS_SESSION_TOKEN']));
});

test('loopback goes round a proxy, beside what went round it before', () => {
  expect(afterEval({}, { NO_PROXY: 'corp.example' }).get('NO_PROXY')).toBe(
    '127.0.0.1,localhost,corp.example',
  );
  expect(afterEval({}, {}).get('no_proxy')).toBe('127.0.0.1,localhost');
});

test('a program started inside gets the same environment as a shell after the lines', () => {
  const env = { KUBECONFIG: '/x/config', AWS_PAGER: '' };
  const before = { AWS_PROFILE: 'prod', NO_PROXY: 'corp.example', KEPT: 'yes' };
  const shell = afterEval(env, before);
  const program = inside(before, env);
  for (const name of ['KUBECONFIG', 'AWS_PAGER', 'NO_PROXY', 'no_proxy', 'KEPT', 'AWS_PROFILE']) {
    expect([name, program[name]]).toEqual([name, shell.get(name)]);
  }
});
