import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runSandbox, type SandboxCommandOptions } from '../../src/commands/sandbox.ts';

const DEFAULTS: SandboxCommandOptions = {
  scenario: 'walkthrough',
  speed: 1,
  command: [],
};

/** Runs the command in process; `interrupt` is called with what stdout has once there is any. */
async function run(
  options: Partial<SandboxCommandOptions>,
  interrupt?: (stdout: string, abort: (signal: string) => void) => void,
) {
  const controller = new AbortController();
  let stdout = '';
  let stderr = '';
  const write = (text: string): void => {
    stdout += text;
  };
  const io = {
    stdout: { write },
    stderr: {
      write(text: string): void {
        stderr += text;
        interrupt?.(stdout, (signal) => controller.abort(signal));
      },
    },
    env: process.env,
    signal: controller.signal,
  };
  const code = await runSandbox({ ...DEFAULTS, ...options }, io);
  return { code, stdout, stderr };
}

/** A program for `node -e` that writes what it finds in its environment to a file. */
function reporter(body: string): { command: string[]; said: () => string } {
  const file = join(mkdtempSync(join(tmpdir(), 'nlbmc-test-')), 'said');
  const script = `const say = (text) => require('fs').writeFileSync(${JSON.stringify(file)}, String(text)); ${body}`;
  return { command: [process.execPath, '-e', script], said: () => readFileSync(file, 'utf8') };
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])(
  'without a command it serves until %s, prints lines to evaluate, and cleans up',
  async (signal, code) => {
    let folder = '';
    const outcome = await run({}, (stdout, abort) => {
      folder = dirname(/^export KUBECONFIG=(.*)$/m.exec(stdout)?.[1] ?? '');
      expect(existsSync(folder)).toBe(true);
      abort(signal);
    });
    expect(outcome.code).toBe(code);
    expect(outcome.stdout.trim().split('\n')).toEqual(
      outcome.stdout
        .trim()
        .split('\n')
        .map(() => expect.stringMatching(/^(export \w+=|unset )/)),
    );
    expect(outcome.stderr).toContain('nlbmc enable nginx --context pri-eks-clu1');
    expect(outcome.stderr).toContain(`. ${folder}/env.sh`);
    expect(existsSync(folder)).toBe(false);
  },
);

test('the story speaks of the clusters and scenario that were asked for', async () => {
  const { stderr } = await run(
    { clusters: ['blue', 'green'], scenario: 'multi-port' },
    (_, abort) => abort('SIGINT'),
  );
  expect(stderr).toContain('multi-port');
  expect(stderr).toContain('nlbmc join nginx --context green --primary blue\n');
  expect(stderr).toContain('nlbmc verify nginx --context blue,green');
});

test('the story of a scenario speaks of its app and of the certificate', async () => {
  const { stderr } = await run({ scenario: 'ingress' }, (_, abort) => abort('SIGINT'));
  expect(stderr).toContain('nlbmc enable ingress --context pri-eks-clu1\n');
  expect(stderr).toContain('nlbmc join ingress --context sec-eks-clu1 --primary pri-eks-clu1\n');
  expect(stderr).toMatch(/ACM +arn:aws:acm:us-east-1:123456789012:certificate\/[0-9a-f-]{36} /);
});

test('without names, the scenario says which clusters there are', async () => {
  const { stderr } = await run({ scenario: 'no-owner' }, (_, abort) => abort('SIGINT'));
  expect(stderr).toContain('nlbmc join web --context eks-clu1 --load-balancer shared\n');
  expect(stderr).toContain('nlbmc join web --context eks-clu3 --primary eks-clu1\n');
  expect(stderr).toContain('nlbmc verify web --context eks-clu1,eks-clu2,eks-clu3\n');
  expect(stderr).toContain('kubectl logs deployment/web --tail=2 --context eks-clu1\n');
});

test('a command runs inside, its exit code is ours, and all is gone afterwards', async () => {
  const { command, said } = reporter(
    `say(JSON.stringify([process.env.KUBECONFIG, require('fs').existsSync(process.env.KUBECONFIG), process.env.AWS_ENDPOINT_URL])); process.exit(42)`,
  );
  const { code, stdout } = await run({ command });
  const [kubeconfig, existed, endpoint] = JSON.parse(said()) as [string, boolean, string];
  expect(code).toBe(42);
  expect(stdout).toBe('');
  expect(existed).toBe(true);
  expect(endpoint).toMatch(/^http:\/\/127/);
  expect(existsSync(kubeconfig)).toBe(false);
});

test('a command that a signal ends gives 128 and the number of the signal', async () => {
  const { command } = reporter(`process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 60000)`);
  expect((await run({ command })).code).toBe(137);
});

test('SIGTERM is handed on, and the end of the command awaited', async () => {
  const controller = new AbortController();
  const { command, said } = reporter(
    `process.on('SIGTERM', () => { say('tidied'); process.exit(7); }); setInterval(() => {}, 1000); say('ready');`,
  );
  const outcome = runSandbox(
    { ...DEFAULTS, command },
    {
      stdout: { write: () => undefined },
      stderr: { write: () => undefined },
      env: process.env,
      signal: controller.signal,
    },
  );
  await until(() => said() === 'ready');
  controller.abort('SIGTERM');
  expect(await outcome).toBe(7);
  expect(said()).toBe('tidied');
});

test('a program that is not there is a mistake of the person, told in a sentence', async () => {
  await expect(run({ command: ['no-such-program-anywhere'] })).rejects.toMatchObject({
    exit: 2,
    problem: { code: 'usage', message: 'The program no-such-program-anywhere was not found.' },
  });
});

test.each<[string, Partial<SandboxCommandOptions>]>([
  ['There is no scenario fun.', { scenario: 'fun' }],
  ['The speed must be greater than zero.', { speed: 0 }],
  ['"Blue" cannot be the name of a cluster here.', { clusters: ['Blue'] }],
  [
    '--stop-controller names blue, which is not a cluster of this sandbox.',
    { stopController: ['blue'] },
  ],
  ["The fault 'aws:x' needs exactly one of", { fault: ['aws:x'] }],
])('refused before anything starts: %s', async (message, options) => {
  await expect(run(options)).rejects.toMatchObject({
    exit: 2,
    problem: { message: expect.stringContaining(message), hints: [expect.anything()] },
  });
});

test('a fault hits the command that runs inside', async () => {
  const { command, said } = reporter(`
    const ask = () => new Promise((resolve) => require('http').request(
      process.env.AWS_ENDPOINT_URL + '/?Action=DescribeLoadBalancers&Version=2015-12-01',
      (answer) => { answer.resume(); resolve(answer.statusCode); },
    ).end());
    (async () => say([await ask(), (await ask()) === 503]))();
  `);
  await run({ command, fault: ['aws:DescribeLoadBalancers:status=503:times=1'] });
  expect(said()).toBe('503,false');
});

test('a stopped controller is stopped when the command runs, the others are not', async () => {
  const { command, said } = reporter(`
    const config = require('fs').readFileSync(process.env.KUBECONFIG, 'utf8');
    const all = (pattern) => [...config.matchAll(pattern)].map((match) => match[1]);
    const path = '/apis/apps/v1/namespaces/kube-system/deployments/aws-load-balancer-controller';
    const ready = (server) => new Promise((resolve) => require('https').request(server + path, {
      rejectUnauthorized: false,
      headers: { authorization: 'Bearer ' + all(/token: (\\S+)/g)[0] },
    }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve(JSON.parse(text).status.readyReplicas ?? 0);
    }).end());
    Promise.all(all(/server: (\\S+)/g).map(ready)).then(say);
  `);
  await run({ command, stopController: ['sec-eks-clu1'] });
  expect(said()).toBe('2,0');
});

async function until(done: () => boolean): Promise<void> {
  for (;;) {
    try {
      if (done()) return;
    } catch {
      // The file is not there yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test.each([[['SIGHUP']], [['SIGTERM', 'SIGTERM']]] as const)(
  'killed by %j it leaves no file with a token behind, though its program goes on',
  async (signals) => {
    const TMPDIR = mkdtempSync(join(tmpdir(), 'nlbmc-test-'));
    const stubborn = `process.on('SIGTERM', () => console.log('again')); console.log('up');
      setTimeout(() => {}, 60_000); process.stdin.on('close', () => process.exit()).resume();`;
    const nlbmc = ['bin/nlbmc.js', 'sandbox', '--', process.execPath, '-e', stubborn];
    const child = spawn(process.execPath, nlbmc, { env: { ...process.env, TMPDIR } });
    const queue = [...signals];
    child.stdout.on('data', () => child.kill(queue.shift() ?? signals[0]));
    const signal = await new Promise((resolve) => child.on('exit', (_, name) => resolve(name)));
    child.stdin.end();
    expect(signal).toBe(signals[0]);
    expect(readdirSync(TMPDIR)).toEqual([]);
  },
);
