import type { KubeClient } from '../../src/kube/client.ts';
import { connectClusters } from '../../src/kube/connect.ts';
import { readIdentity } from '../../src/kube/identity.ts';
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pluginsAtOnce } from '../../src/wire/at-most.ts';
import { kubeOptions } from './kube-options.ts';
import { folder, kubeconfig, type SmallServer, smallServer, status } from './small-server.ts';

let files: ReturnType<typeof folder>;
let server: SmallServer;
let accepted: string[];
const opened: KubeClient[] = [];

beforeEach(async () => {
  files = folder();
  accepted = ['Bearer token-1', 'Bearer token-2'];
  server = await smallServer(({ headers }) =>
    accepted.includes(headers.authorization ?? '')
      ? { body: { metadata: { uid: 'u-1' } } }
      : status(401, 'Unauthorized', 'Unauthorized'),
  );
});
afterEach(async () => {
  for (const kube of opened.splice(0)) kube.close();
  await server.close();
  files.remove();
});

const api = 'client.authentication.k8s.io/v1';

/** A plugin that counts its runs in a file and prints what `body` prints. */
function plugin(body: string): string {
  return files.write('plugin.sh', `#!/bin/sh\necho run >> "${files.path}/runs"\n${body}\n`, 0o700);
}
const runs = (): number =>
  existsSync(join(files.path, 'runs'))
    ? readFileSync(join(files.path, 'runs'), 'utf8').trim().split('\n').length
    : 0;
const printing = (statusFields: string, version = api): string =>
  `echo '{"apiVersion":"${version}","kind":"ExecCredential","status":${statusFields}}'`;

async function client(exec: object, more = {}): Promise<KubeClient> {
  const user = { exec: { apiVersion: api, interactiveMode: 'Never', ...exec } };
  const [kube] = (await connectClusters(
    [],
    kubeOptions({
      kubeconfig: files.write('config', kubeconfig(server.url, user)),
      env: { PATH: '/usr/bin:/bin' },
      ...more,
    }),
  )) as [KubeClient];
  opened.push(kube);
  return kube;
}

const problemOf = async (kube: KubeClient) => {
  const read = await readIdentity(kube);
  if (read.ok) throw new Error('no problem');
  return read.problem;
};

test('runs once for many requests at a time', async () => {
  const kube = await client({ command: plugin(`sleep 0.05; ${printing('{"token":"token-1"}')}`) });
  const reads = await Promise.all(Array.from({ length: 6 }, () => readIdentity(kube)));
  expect(reads.every(({ ok }) => ok)).toBe(true);
  expect(runs()).toBe(1);
});

const entry = (name: string, field: string, value: object) => ({ name, [field]: value });

/** Clients of the contexts of these names; who the user of each is, and what his plugin is. */
async function clientsOf(names: readonly string[], userOf: (name: string) => string, exec: object) {
  const config = {
    contexts: names.map((name) => entry(name, 'context', { cluster: name, user: userOf(name) })),
    clusters: names.map((name) => entry(name, 'cluster', { server: server.url })),
    users: [...new Set(names.map(userOf))].map((name) => entry(name, 'user', { exec })),
  };
  const clients = await connectClusters(
    names,
    kubeOptions({
      kubeconfig: files.write('several', JSON.stringify(config)),
      env: { PATH: '/usr/bin:/bin' },
    }),
  );
  opened.push(...clients);
  return clients;
}

test('no more than eight run at the same time, however many users there are', async () => {
  const go = join(files.path, 'go');
  const command = plugin(
    `until [ -e "${go}" ]; do sleep 0.02; done; ${printing('{"token":"token-1"}')}`,
  );
  const names = Array.from({ length: 20 }, (_, n) => `c${n}`);
  const clients = await clientsOf(names, (name) => name, { apiVersion: api, command });
  const reading = Promise.all(clients.map(readIdentity));
  while (runs() < pluginsAtOnce) await sleep(20);
  await sleep(200);
  expect(runs()).toBe(pluginsAtOnce);
  files.write('go', '');
  expect((await reading).every(({ ok }) => ok)).toBe(true);
  expect(runs()).toBe(names.length);
});

test('runs once for two contexts of one user', async () => {
  const clients = await clientsOf(['a', 'b'], () => 'u', {
    apiVersion: api,
    command: plugin(printing('{"token":"token-1"}')),
  });
  const reads = await Promise.all(clients.map(readIdentity));
  expect(reads.every(({ ok }) => ok)).toBe(true);
  expect(runs()).toBe(1);
});

test('runs again when its token is refused or over, and not for ever', async () => {
  const kube = await client({
    command: plugin(
      `n=$(wc -l < "${files.path}/runs" | tr -d ' '); ${printing('{"token":"token-\'$n\'"}')}`,
    ),
  });
  expect((await readIdentity(kube)).ok).toBe(true);
  accepted = ['Bearer token-2'];
  expect((await readIdentity(kube)).ok).toBe(true);
  expect(runs()).toBe(2);
  accepted = [];
  expect((await problemOf(kube)).code).toBe('credentials-refused');
  expect(runs()).toBe(3);
  const past = await client({
    command: plugin(printing('{"token":"token-1","expirationTimestamp":"2020-01-01T00:00:00Z"}')),
  });
  accepted = ['Bearer token-1'];
  await readIdentity(past);
  await readIdentity(past);
  expect(runs()).toBe(5);
});

test('is told what the protocol promises, and gets its arguments without a shell', async () => {
  const command = plugin(
    `echo "$KUBERNETES_EXEC_INFO" > "${files.path}/info"; echo "$1|$EXTRA" > "${files.path}/args"; ${printing('{"token":"token-1"}')}`,
  );
  const kube = await client({
    command,
    args: ['$(touch pwned); a b'],
    env: [{ name: 'EXTRA', value: 'x' }],
    provideClusterInfo: true,
  });
  expect((await readIdentity(kube)).ok).toBe(true);
  expect(readFileSync(join(files.path, 'args'), 'utf8')).toBe('$(touch pwned); a b|x\n');
  expect(JSON.parse(readFileSync(join(files.path, 'info'), 'utf8'))).toEqual({
    apiVersion: api,
    kind: 'ExecCredential',
    spec: { interactive: false, cluster: { server: server.url } },
  });
});

describe('gives no credential', () => {
  test('when it is not installed: the hint of the kubeconfig is shown', async () => {
    const kube = await client({ command: 'no-such-plugin', installHint: 'brew install it' });
    const problem = await problemOf(kube);
    expect(problem).toMatchObject({
      code: 'plugin-failed',
      hints: [{ kind: 'advice', text: 'brew install it' }],
      about: { cluster: 'here' },
    });
    expect(problem.message).toContain('no such program');
  });

  test('when it fails: what it said is shown, its secrets are not', async () => {
    const kube = await client({
      command: plugin(
        'echo "session expired, key AKIAIOSFODNN7EXAMPLE, k8s-aws-v1.aHR0cHM" >&2; exit 3',
      ),
    });
    const problem = await problemOf(kube);
    expect(problem.message).toContain('ended with code 3');
    expect(problem.details).toEqual(['session expired, key [hidden], [hidden]']);
  });

  test.each([
    ['no JSON', 'echo hello', /not an ExecCredential/],
    [
      'another version',
      printing('{"token":"t"}', 'client.authentication.k8s.io/v1beta1'),
      /v1beta1/,
    ],
    ['no token', printing('{}'), /neither a token/],
  ])('when its answer has %s', async (_, body, words) => {
    expect((await problemOf(await client({ command: plugin(body) }))).message).toMatch(words);
  });

  test('when it must ask and nobody is there', async () => {
    const kube = await client({ command: plugin('exit 0'), interactiveMode: 'Always' });
    expect((await problemOf(kube)).message).toMatch(/terminal/);
    expect(runs()).toBe(0);
  });

  test('when the person stops waiting for it', async () => {
    const stop = new AbortController();
    const kube = await client({ command: plugin('exec sleep 30') }, { signal: stop.signal });
    const reading = readIdentity(kube);
    setTimeout(() => stop.abort(), 50);
    expect(await reading).toMatchObject({ ok: false, problem: { code: 'interrupted' } });
  });
});

test('nothing is sent without a credential', async () => {
  await problemOf(await client({ command: 'no-such-plugin' }));
  expect(server.requests).toEqual([]);
});

test('the command to run by hand can be pasted into a shell', async () => {
  const kube = await client({ command: 'sh', args: ['-c', 'echo "no session" >&2; exit 3'] });
  expect(await problemOf(kube)).toMatchObject({
    code: 'plugin-failed',
    hints: [{ kind: 'tool', argv: ['sh', '-c', 'echo "no session" >&2; exit 3'] }],
    details: ['no session'],
  });
});
