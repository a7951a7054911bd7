import { buildProgram } from '../../src/cli.ts';
import { run } from '../../src/main.ts';
import type { Io } from '../../src/io.ts';

/** Runs a command line with nothing to connect to: what gets past the command line fails by kubeconfig. */
async function usage(line: string | readonly string[], o: Partial<Io> = {}) {
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
  const code = await run(typeof line === 'string' ? line.split(' ').filter(Boolean) : line, io);
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
    ['join nginx --primary p --accept leaking', 'leaking=N'],
    ['join nginx --primary p --accept leaking=0', 'whole number'],
    ['join nginx --primary p --accept leaking=1=1', 'whole number'],
    ['join nginx --context a', 'Nothing names the target groups to join.'],
    ['join nginx --context a --primary a', 'cannot join itself'],
    ['join nginx --primary a --local-service a/b/c', 'NAME or NAMESPACE/NAME'],
    ['verify nginx --context a,,b', 'empty item'],
    ['verify nginx --known-target nonsense', 'is not a target'],
    ['verify nginx --dry-run', "Unknown option '--dry-run'"],
    ['sandbox --speed 0', 'from 0.1 to 10000'],
    ['sandbox --scenario nothing', 'Allowed choices are'],
    ['sandbox --clusters a,b --stop-controller c', 'The clusters are a, b.'],
    ['sandbox ctl', 'nlbmc sandbox ctl --help'],
    ['sandbox ctl paus a', 'Did you mean pause?'],
    ['sandbox ctl paus a', 'nlbmc sandbox ctl --help'],
    ['sandbox ctl pause', 'nlbmc sandbox ctl pause --help'],
    ['sandbox ctl pause a b', 'Too many arguments'],
    ['sandbox ctl fault', "Missing required argument 'rule'"],
    ['sandbox ctl fault --remove one', 'or all'],
    ['sandbox ctl fault --remove=', 'The value is empty'],
    ['sandbox ctl list -o name', 'Allowed choices are table, json, yaml'],
    ['sandbox ctl list', 'NLBMC_SANDBOX_SOCKET is not set'],
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

const program = buildProgram(
  {
    stdout: { write: () => undefined },
    stderr: { write: () => undefined },
    stdin: { question: () => Promise.resolve(''), readAll: () => Promise.resolve('') },
    env: {},
    now: () => 0,
    sleep: () => Promise.resolve(),
  },
  { nlbmc: '0.0.0', node: '20.0.0' },
  () => undefined,
);
const everyOption = program.commands.flatMap((command) =>
  command.options.map((option) => ({ command: command.name(), option })),
);

describe('every option that takes a value', () => {
  const spellings = everyOption.flatMap(({ command, option }) => {
    const { long = '', short, required, optional } = option;
    if (!required && !optional) return [];
    return [[`${long}=`], [long, ''], [long, ' '], ...(short ? [[short, ''], [`${short}=`]] : [])]
      .filter((words) => !(words[1] === ' ' && ['--send', '--expect'].includes(long)))
      .filter(() => long !== '--during')
      .map((words) => [command, long, words] as const);
  });

  // An unset variable in CI must never become another identity, namespace or cluster.
  test.each(spellings)('%s refuses an empty %s: %j', async (command, long, words) => {
    const service = ['sandbox', 'version'].includes(command) ? [] : ['nginx'];
    const { code, stderr } = await usage([command, ...service, ...words]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(`${long}.*The value is empty`)]);
  });

  const durations = everyOption.filter(({ option }) => option.flags.includes('<duration>'));
  test.each(
    durations.flatMap(({ command, option }) =>
      ['24h1s', '597h', '99999h', `${'9'.repeat(400)}h`].map(
        (text) => [command, option.long ?? '', text] as const,
      ),
    ),
  )('%s %s is bounded, and says how: %s', async (command, long, text) => {
    const { code, stderr } = await usage([command, 'nginx', long, text]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(`${long}.*at most 24h`)]);
  });

  const formats = everyOption.filter(({ option }) => option.long === '--output');
  test.each(
    formats.flatMap(({ command }) =>
      ['-o=json', '-ojson', '--output=json'].map((text) => [command, text] as const),
    ),
  )('%s takes its format as %s', async (command, text) => {
    const service = command === 'version' ? [] : ['nginx'];
    const needed = command === 'join' ? ['--primary', 'a'] : ['--context', 'b'];
    const words = command === 'version' ? [] : needed;
    const { stdout } = await usage([command, ...service, ...words, text]);
    expect(JSON.parse(stdout)).toHaveProperty('apiVersion', 'nlbmc/v1');
  });
});

describe('options before the command', () => {
  test.each([
    ['--context a verify nginx', 'nlbmc verify --context a nginx'],
    ['-n shop enable nginx --context a', 'nlbmc enable -n shop nginx --context a'],
    ['-v show nginx', 'nlbmc show -v nginx'],
    ['-o json version', 'nlbmc version -o json'],
  ])('%s: the command to type is named', async (line, hint) => {
    const { code, stderr } = await usage(line);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`next: ${hint}`)]);
    // It works as typed: what is wrong then is no longer the command line.
    const again = await usage(hint.replace('nlbmc ', ''));
    expect(again.stderr).not.toContain('(usage)');
  });
});

describe('help and version', () => {
  test('version as a document', async () => {
    const { stdout } = await usage('version -o json');
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'nlbmc/v1',
      kind: 'Version',
      nlbmc: expect.stringMatching(/^\d+\.\d+\.\d+/),
      node: process.versions.node,
    });
    expect((await usage('version -o yaml')).stdout).toContain('kind: Version');
    expect((await usage('version')).stdout).toMatch(/^nlbmc \d.* \(Node.js \d/);
  });

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
