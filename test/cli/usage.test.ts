import { run } from '../../src/main.ts';
import type { Io } from '../../src/io.ts';

/** Runs a command line with nothing to connect to: what gets past the command line fails by kubeconfig. */
async function usage(line: string, o: Partial<Io> = {}) {
  let stdout = '';
  let stderr = '';
  const io: Io = {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    stdin: {
      question: () => Promise.reject(new Error('nobody there')),
      readAll: () => Promise.resolve(''),
    },
    env: { HOME: '/nonexistent', KUBECONFIG: '/nonexistent/kubeconfig', LANG: 'C.UTF-8' },
    now: () => 0,
    sleep: () => Promise.resolve(),
    ...o,
  };
  const code = await run(line.split(' ').filter(Boolean), io);
  return { code, stdout, stderr };
}

describe('a command line that cannot be understood', () => {
  test.each([
    ['', 'No command was named'],
    ['enabel nginx', 'Did you mean enable?'],
    ['enable', "Missing required argument 'service'"],
    ['enable nginx extra', 'Too many arguments'],
    ['enable nginx --contxt x', 'Did you mean --context?'],
    ['enable deployment/nginx', 'Only a Service can be enrolled'],
    ['enable Nginx_1', 'lower-case'],
    ['enable nginx -n UPPER', 'lower-case'],
    ['enable nginx --timeout 0s', 'nothing waits forever'],
    ['enable nginx --timeout 5', 'a number with a unit'],
    ['enable nginx --request-timeout 1x', 'a number with a unit'],
    ['enable nginx -o name', 'Allowed choices are table, json, yaml, manifest'],
    ['enable nginx --accept no-such-code', "no code 'no-such-code'"],
    ['enable nginx --accept-leaking 0', 'whole number'],
    ['join nginx --context a', "Required option '--primary <context>' not specified"],
    ['join nginx --context a --primary a', 'cannot join itself'],
    ['join nginx --primary a --local-service a/b/c', 'NAME or NAMESPACE/NAME'],
    ['verify nginx --context a,,b', 'empty item'],
    ['verify nginx --known-target nonsense', 'is no target'],
    ['verify nginx --dry-run', "Unknown option '--dry-run'"],
    ['sandbox --speed 0', 'above zero'],
    ['sandbox --scenario nothing', 'Allowed choices are'],
    ['sandbox --clusters a,b --stop-controller c', 'The clusters are a, b.'],
    ['completion tcsh', 'bash, zsh, fish'],
    ['show nginx', 'kubeconfig'],
  ])('%s', async (line, words) => {
    const { code, stdout, stderr } = await usage(line);
    expect(stderr).toContain(words);
    expect([code, stdout]).toEqual([2, '']);
  });

  test.each(['-o json', '-ojson', '-o=json', '--output json', '--output=json'])(
    'is told in the format that was asked for: %s',
    async (format) => {
      const { code, stdout } = await usage(`verify nginx --contxt x ${format}`);
      expect(JSON.parse(stdout)).toMatchObject({ exit: code, problems: [{ code: 'usage' }] });
    },
  );
});

describe('help and version', () => {
  test.each(['--help', '-h', 'help', 'enable --help', 'help join', '--version', 'version'])(
    '%s goes to stdout, and all is well',
    async (line) => {
      const { code, stdout, stderr } = await usage(line);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).not.toBe('');
    },
  );

  test('name the program as it was called', async () => {
    const { stdout } = await usage('join --help', { programName: 'kubectl nlbmc' });
    expect(stdout).toContain('Usage: kubectl nlbmc join');
    expect(stdout).toContain('  kubectl nlbmc join nginx --context');
  });
});

test.each(['nginx', 'svc/nginx', 'service/nginx'])('SERVICE may be %s', async (name) => {
  const { stderr } = await usage(`show ${name}`);
  expect(stderr).toContain('kubeconfig-unreadable');
});

test('an error that nobody expected is called a defect, with its stack', async () => {
  const { code, stderr } = await usage('version', {
    stdout: {
      write: () => {
        throw new TypeError('surprise');
      },
    },
  });
  expect(code).toBe(1);
  expect(stderr).toContain('(defect)');
  expect(stderr).toMatch(/defect in nlbmc[\s\S]*TypeError: surprise/);
});
