import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { KubeClient } from '../../src/kube/client.ts';
import { connectClusters } from '../../src/kube/connect.ts';
import { readIdentity } from '../../src/kube/identity.ts';
import { makeCertificates } from '../../src/sandbox/certificates.ts';
import { kubeOptions } from './kube-options.ts';
import { folder, kubeconfig, smallServer } from './small-server.ts';

const files = folder();
afterAll(() => files.remove());

const clientOf = async (server: string, user: object, cluster: object): Promise<KubeClient> => {
  const config = files.write('config', kubeconfig(server, user, cluster));
  const [kube] = (await connectClusters([], kubeOptions({ kubeconfig: config }))) as [KubeClient];
  return kube;
};

/** A proxy that tunnels, and tells where to. */
async function tunnel() {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (request, socket: Socket) => {
    asked.push(request.url ?? '');
    const [host, port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    for (const one of [socket, upstream]) sockets.add(one.on('error', () => one.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close };
}

test('a proxy-url is gone through, TLS and all, over one tunnel', async () => {
  const { ca, cert, key } = await makeCertificates();
  const api = await smallServer(() => ({ body: { metadata: { uid: 'u-1' } } }), { cert, key });
  const proxy = await tunnel();
  const kube = await clientOf(
    api.url,
    { token: 's3cr3t' },
    { 'certificate-authority-data': Buffer.from(ca).toString('base64'), 'proxy-url': proxy.url },
  );
  expect(await readIdentity(kube)).toEqual({ ok: true, value: 'u-1' });
  expect(await readIdentity(kube)).toEqual({ ok: true, value: 'u-1' });
  expect(proxy.asked).toEqual([api.url.replace('https://', '')]);
  expect(api.requests[0]?.headers.authorization).toBe('Bearer s3cr3t');
  kube.close();
  proxy.close();
  await api.close();
});

test('a proxy that is not there is told', async () => {
  const kube = await clientOf(
    'https://127.0.0.1:1',
    {},
    { 'proxy-url': 'http://127.0.0.1:1', 'insecure-skip-tls-verify': true },
  );
  expect(await readIdentity(kube)).toMatchObject({
    ok: false,
    problem: { code: 'api-unreachable' },
  });
  kube.close();
});

test('a proxy-url that is none is told', async () => {
  const kube = await clientOf('https://127.0.0.1:1', {}, { 'proxy-url': 'nonsense' });
  expect(await readIdentity(kube)).toMatchObject({
    ok: false,
    problem: { code: 'kubeconfig-unreadable' },
  });
});

test('an auth-provider gives its token through client-node', async () => {
  const api = await smallServer(() => ({ body: { metadata: { uid: 'u-1' } } }));
  const expiry = new Date(Date.now() + 3_600_000).toISOString();
  const gcp = { name: 'gcp', config: { 'access-token': 'from-provider', expiry } };
  const kube = await clientOf(
    api.url,
    { 'auth-provider': gcp },
    { 'insecure-skip-tls-verify': true },
  );
  expect(await readIdentity(kube)).toEqual({ ok: true, value: 'u-1' });
  expect(api.requests[0]?.headers.authorization).toBe('Bearer from-provider');
  kube.close();
  await api.close();
});
