import { typed } from '../core/typed.ts';
import { listBindings } from '../../src/kube/bindings.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { connectClusters } from '../../src/kube/connect.ts';
import { readIdentity } from '../../src/kube/identity.ts';
import { listServiceNames, readService } from '../../src/kube/services.ts';
import type { KubeOptions } from '../../src/kube/options.ts';
import { serverForEach } from './against.ts';
import { kubeOptions } from './kube-options.ts';
import { type Handler, kubeconfig, status } from './small-server.ts';

const { against, write } = serverForEach();

const namespace = { body: { metadata: { uid: 'u-1' } } };

test('one connection serves many requests', async () => {
  const { kube, server } = await against(() => namespace);
  for (let n = 0; n < 5; n += 1)
    expect(await readIdentity(kube)).toEqual({ ok: true, value: 'u-1' });
  expect(server.connections()).toBe(1);
  expect(server.requests[0]?.headers.authorization).toBe('Bearer s3cr3t');
});

test('an answer that is another protocol is a failure, and not silence', async () => {
  const { kube } = await against(
    ({ socket }) =>
      void socket.end(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
      ),
  );
  expect(await readIdentity(kube)).toMatchObject({
    ok: false,
    problem: { code: 'api-unreachable' },
  });
});

describe('what may pass is tried again, and shown', () => {
  test.each([
    ['500', () => status(500, 'InternalError', 'etcdserver: leader changed')],
    ['503 of a load balancer', () => ({ status: 503, body: '<html>busy</html>' })],
    ['429', () => status(429, 'TooManyRequests', 'slow down')],
    [
      'a cut connection',
      (request: { destroy?: unknown; socket: { destroy(): void } }) => request.socket.destroy(),
    ],
  ])('%s', async (_, trouble) => {
    let n = 0;
    const { kube, events } = await against((request) =>
      n++ < 2 ? (trouble as Handler)(request, undefined as never) : namespace,
    );
    expect(await readIdentity(kube)).toEqual({ ok: true, value: 'u-1' });
    expect(events.map((event) => event.kind)).toEqual(['retrying', 'retrying']);
  });

  test('Retry-After is honoured', async () => {
    let n = 0;
    const { kube, events } = await against(() =>
      n++ < 1 ? { status: 429, body: {}, headers: { 'retry-after': '7' } } : namespace,
    );
    await readIdentity(kube);
    expect(events[0]).toMatchObject({ kind: 'retrying', delayMs: 7000 });
  });

  test('not for ever', async () => {
    const { kube, server } = await against(() => status(429, 'TooManyRequests', 'slow down'));
    expect(await readIdentity(kube)).toMatchObject({
      ok: false,
      problem: { code: 'api-throttled', about: { cluster: 'here' } },
    });
    expect(server.requests).toHaveLength(5);
  });
});

describe('trouble has a code and plain words', () => {
  const service = { namespace: 'shop', name: 'web' };
  const problemWith = async (handler: Handler, more: Partial<KubeOptions> = {}) => {
    const { kube } = await against(handler, more);
    const read = await readService(kube, service);
    if (read.ok) throw new Error('no problem');
    return read.problem;
  };

  test('401', async () => {
    const problem = await problemWith(() => status(401, 'Unauthorized', 'Unauthorized'));
    expect(problem).toMatchObject({ code: 'credentials-refused', about: { cluster: 'here' } });
    expect(JSON.stringify(problem)).not.toContain('s3cr3t');
  });

  test('403 names verb, resource and namespace, and how to check the right', async () => {
    const problem = await problemWith(() =>
      status(403, 'Forbidden', 'services "web" is forbidden: User "ann" cannot get resource'),
    );
    expect(problem.message).toBe(
      'You may not get services "web" in namespace shop in cluster here.',
    );
    expect(typed(problem)).toContain('kubectl --context here -n shop auth can-i get services/web');
    expect(problem.details?.join()).toContain('User "ann"');
  });

  test.each([
    ['400', status(400, 'BadRequest', 'no'), 'admission-denied'],
    ['404 of the kind', { status: 404, body: '404 page not found' }, 'api-error'],
    ['409', status(409, 'Conflict', 'the object has been modified'), 'object-changed'],
    ['415', status(415, 'UnsupportedMediaType', 'no'), 'api-error'],
    ['422', status(422, 'Invalid', 'spec.ports: Required value'), 'admission-denied'],
    ['200 that is not JSON', { status: 200, body: '<html>login</html>' }, 'answer-malformed'],
    ['200 cut off in the middle', { status: 200, body: '{"metadata":' }, 'answer-malformed'],
    ['a redirect', { status: 302, body: '' }, 'api-error'],
  ])('%s', async (_, answer, code) => {
    expect((await problemWith(() => answer)).code).toBe(code);
  });

  test('a list without items is no empty list', async () => {
    const { kube } = await against(() => ({ body: {} }));
    expect(await listServiceNames(kube, 'shop')).toMatchObject({
      ok: false,
      problem: { code: 'answer-malformed' },
    });
  });

  test('a server that never answers', async () => {
    const problem = await problemWith(() => undefined, { requestTimeoutMs: 50 });
    expect(problem.code).toBe('api-unreachable');
    expect(problem.message).toContain('timed out after 0.05 s');
  });

  test('a refused connection, and a name that is not there', async () => {
    const { kube, server: gone } = await against(() => namespace);
    await gone.close();
    const refused = await readIdentity(kube);
    expect(refused).toMatchObject({ ok: false, problem: { code: 'api-unreachable' } });
    expect(JSON.stringify(refused)).toMatch(/127\.0\.0\.1:\d+ refused the connection/);
    const config = write('config2', kubeconfig('https://nowhere.invalid'));
    const [lost] = (await connectClusters([], kubeOptions({ kubeconfig: config }))) as [KubeClient];
    expect(await readIdentity(lost)).toMatchObject({
      ok: false,
      problem: { code: 'api-unreachable' },
    });
  });

  test('Ctrl-C ends a request that hangs', async () => {
    const stop = new AbortController();
    const { kube } = await against(() => stop.abort(), { signal: stop.signal });
    expect(await readIdentity(kube)).toMatchObject({ ok: false, problem: { code: 'interrupted' } });
  });

  test('Ctrl-C ends the wait between attempts', async () => {
    const stop = new AbortController();
    const sleep = (): Promise<void> => Promise.resolve(stop.abort());
    const { kube, server } = await against(() => ({ status: 500, body: {} }), {
      signal: stop.signal,
      sleep,
    });
    expect(await readIdentity(kube)).toMatchObject({ ok: false, problem: { code: 'interrupted' } });
    expect(server.requests).toHaveLength(1);
  });
});

const page = (names: string[], next?: string) => ({
  body: {
    metadata: next ? { continue: next } : {},
    items: names.map((name) => ({ metadata: { name } })),
  },
});

const binding = (name: string) => ({
  body: { metadata: {}, items: [{ metadata: { name, namespace: 'shop' }, spec: {} }] },
});

describe('lists', () => {
  test('an expired continue token starts the list anew', async () => {
    let expired = false;
    const { kube } = await against((request) => {
      if (!request.url?.includes('continue='))
        return page(expired ? ['a', 'c'] : ['a', 'b'], 'next');
      if (expired) return page(['z']);
      expired = true;
      return status(410, 'Expired', 'The provided continue parameter is too old');
    });
    expect(await listServiceNames(kube, 'shop')).toEqual({ ok: true, value: ['a', 'c', 'z'] });
  });

  test('a cluster without any controller says so', async () => {
    const { kube } = await against(() => ({ status: 404, body: '404 page not found' }));
    const { bindings } = await listBindings(kube, ['shop']);
    expect(bindings).toMatchObject({ ok: false, problem: { code: 'crd-missing' } });
  });

  test('bindings of both controllers are listed, and 403 on a kind that is not served is no trouble', async () => {
    const { kube, server } = await against(({ url }) => {
      if (url?.startsWith('/apis/elbv2.k8s.aws/v1beta1/targetgroupbindings')) return binding('lbc');
      if (url === '/apis/eks.amazonaws.com/v1') return { status: 404, body: '404 page not found' };
      return status(403, 'Forbidden', 'no');
    });
    const read = await listBindings(kube, ['shop']);
    expect(read).toMatchObject({
      scope: 'cluster',
      bindings: { ok: true, value: [{ name: 'lbc', flavour: 'lbc' }] },
    });
    expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  test('403 on a kind that is served leaves the bindings unknown', async () => {
    const { kube } = await against(({ url }) => {
      if (url === '/apis/eks.amazonaws.com/v1')
        return { body: { resources: [{ name: 'targetgroupbindings' }] } };
      if (url?.startsWith('/apis/eks')) return status(403, 'Forbidden', 'no');
      return page([]);
    });
    const { bindings, scope } = await listBindings(kube, ['shop']);
    expect(scope).toBe('namespace');
    expect(bindings).toMatchObject({ ok: false, problem: { code: 'api-forbidden' } });
  });
});

test('impersonation and basic authentication go out as kubectl sends them', async () => {
  const { kube, server } = await against(
    () => namespace,
    { as: 'ann', asGroups: ['ops', 'dev'] },
    { username: 'u', password: 'p' },
  );
  await readIdentity(kube);
  const headers = server.requests[0]?.headers ?? {};
  expect(headers.authorization).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`);
  expect(headers['impersonate-user']).toBe('ann');
  expect(headers['impersonate-group']).toBe('ops, dev');
});

test('a token file is read, and a missing one is named', async () => {
  const token = write('token', 'from-file\n');
  const { kube, server } = await against(() => namespace, {}, { tokenFile: token });
  await readIdentity(kube);
  expect(server.requests[0]?.headers.authorization).toBe('Bearer from-file');
  const config = write('config2', kubeconfig(server.url, { tokenFile: 'nope' }));
  const [other] = (await connectClusters([], kubeOptions({ kubeconfig: config }))) as [KubeClient];
  expect(await readIdentity(other)).toMatchObject({
    ok: false,
    problem: { code: 'kubeconfig-unreadable' },
  });
});
