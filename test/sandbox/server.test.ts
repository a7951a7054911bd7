import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { VirtualClock } from '../../src/sandbox/time/clock.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';

interface Kubeconfig {
  readonly clusters: readonly {
    readonly name: string;
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string };
  }[];
  readonly users: readonly { readonly user: { readonly token: string } }[];
  readonly contexts: readonly {
    readonly name: string;
    readonly context: { readonly namespace: string };
  }[];
  readonly 'current-context': string;
}

const read = (sandbox: Sandbox): Kubeconfig =>
  load(readFileSync(sandbox.kubeconfig, 'utf8')) as Kubeconfig;

/** Status of a GET on an API server, as a client with the kubeconfig's authority sees it. */
function status(config: Kubeconfig, path: string, token: string): Promise<number> {
  const cluster = config.clusters[0]?.cluster;
  const ca = Buffer.from(cluster?.['certificate-authority-data'] ?? '', 'base64');
  const headers = { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    request(`${cluster?.server}${path}`, { ca, headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('a running sandbox', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ clusters: ['blue', 'green', 'red'], clock: new VirtualClock() });
  });
  afterAll(() => sandbox.stop());

  test('has a context per cluster, the first one current', () => {
    const config = read(sandbox);
    expect(config.contexts.map((one) => [one.name, one.context.namespace])).toEqual([
      ['blue', 'default'],
      ['green', 'default'],
      ['red', 'default'],
    ]);
    expect(config['current-context']).toBe('blue');
    const servers = config.clusters.map((one) => one.cluster.server);
    expect(new Set(servers).size).toBe(3);
    for (const server of servers) expect(server).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  });

  test('keeps its token to itself: private files, and nobody in without it', async () => {
    expect(statSync(sandbox.dir).mode & 0o777).toBe(0o700);
    expect(statSync(sandbox.kubeconfig).mode & 0o777).toBe(0o600);
    expect(statSync(join(sandbox.dir, 'env.sh')).mode & 0o777).toBe(0o600);
    const config = read(sandbox);
    const token = config.users[0]?.user.token ?? '';
    expect(await status(config, '/api/v1/pods', token)).toBe(200);
    expect(await status(config, '/api/v1/pods', `${token}x`)).toBe(401);
  });

  test('says where AWS is, under all names that clients read', () => {
    expect(sandbox.env).toMatchObject({
      KUBECONFIG: sandbox.kubeconfig,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
    });
    expect(sandbox.env['AWS_ENDPOINT_URL']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(sandbox.env['AWS_ACCESS_KEY_ID']).toBeTruthy();
    expect(sandbox.env['AWS_SECRET_ACCESS_KEY']).toBeTruthy();
    expect(sandbox.env['KUBECACHEDIR']).toContain(sandbox.dir);
    expect(sandbox.exportLines()).toContain(`export KUBECONFIG=${sandbox.kubeconfig}\n`);
    expect(readFileSync(join(sandbox.dir, 'env.sh'), 'utf8')).toBe(sandbox.exportLines());
  });
});

test('stop ends the servers and leaves nothing; twice is as good as once', async () => {
  const sandbox = await startSandbox({ clock: new VirtualClock() });
  const config = read(sandbox);
  await sandbox.stop();
  await sandbox.stop();
  expect(existsSync(sandbox.dir)).toBe(false);
  await expect(status(config, '/version', '')).rejects.toThrow('ECONNREFUSED');
});

test('stop ends a request that hangs', async () => {
  const sandbox = await startSandbox({ clock: new VirtualClock() });
  sandbox.world.faults.add({ kind: 'hang' });
  const hanging = status(read(sandbox), '/version', '').catch((error: Error) => error.message);
  while (!sandbox.world.journal.entries.some((entry) => entry.source === 'http')) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await sandbox.stop();
  expect(await hanging).toMatch(/hang up|ECONNRESET/);
});

test('without a clock of the caller time runs by itself', async () => {
  const sandbox = await startSandbox({ speed: 1_000 });
  const { clock, primary } = sandbox.world;
  const before = clock.time();
  const [pod] = primary.kube.list('pods', 'default');
  primary.kube.delete('pods', 'default', pod?.metadata.name ?? '', {
    actor: 'test',
    manager: 'test',
  });
  await new Promise<void>((resolve) => {
    primary.kube.onChange('pods', ({ type }) => {
      if (type === 'DELETED') resolve();
    });
  });
  expect(clock.time()).toBeGreaterThan(before);
  await sandbox.stop();
});

test('a folder of the caller is used, and given back as it was', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'nlbmc-test-'));
  const fresh = join(parent, 'fresh');
  const sandbox = await startSandbox({ clock: new VirtualClock(), dir: fresh });
  expect(sandbox.kubeconfig).toBe(join(fresh, 'kubeconfig'));
  await sandbox.stop();
  expect(existsSync(fresh)).toBe(false);

  const empty = join(parent, 'empty');
  mkdirSync(empty);
  const again = await startSandbox({ clock: new VirtualClock(), dir: empty });
  await again.stop();
  expect(existsSync(empty)).toBe(true);

  writeFileSync(join(empty, 'precious'), 'x');
  await expect(startSandbox({ clock: new VirtualClock(), dir: empty })).rejects.toThrow(
    'is not an empty folder',
  );
  expect(readFileSync(join(empty, 'precious'), 'utf8')).toBe('x');
});

test('a folder that cannot be made is told, not waited for', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'nlbmc-test-')), 'file');
  writeFileSync(file, '');
  // Where there is no /proc, neither folder can be made by somebody who is not root.
  for (const dir of ['/proc/nlbmc', join(file, 'below'), join(file, 'far', 'below')]) {
    const started = startSandbox({ clock: new VirtualClock(), dir });
    await expect(started).rejects.toThrow(`${dir} cannot be made: `);
  }
});
