import type { KubeClient } from '../../src/kube/client.ts';
import { connectClusters } from '../../src/kube/connect.ts';
import { readIdentity } from '../../src/kube/identity.ts';
import { makeCertificates } from '../../src/sandbox/certificates.ts';
import { kubeOptions } from './kube-options.ts';
import { folder, kubeconfig, type SmallServer, smallServer } from './small-server.ts';

const certificates = makeCertificates();
const base64 = (text: string): string => Buffer.from(text).toString('base64');
let files: ReturnType<typeof folder>;
let server: SmallServer;

beforeEach(async () => {
  files = folder();
  const { cert, key } = await certificates;
  server = await smallServer(() => ({ body: { metadata: { uid: 'u-1' } } }), { cert, key });
});
afterEach(async () => {
  await server.close();
  files.remove();
});

async function reading(cluster: object, url = server.url) {
  const config = files.write('config', kubeconfig(url, { token: 't' }, cluster));
  const [kube] = (await connectClusters([], kubeOptions({ kubeconfig: config }))) as [KubeClient];
  const read = await readIdentity(kube);
  const again = await readIdentity(kube);
  kube.close();
  return { read, again };
}

test.each([
  ['as data', async () => ({ 'certificate-authority-data': base64((await certificates).ca) })],
  [
    'in a file',
    async () => ({ 'certificate-authority': files.write('ca.crt', (await certificates).ca) }),
  ],
  ['not, and told not to look', async () => ({ 'insecure-skip-tls-verify': true })],
  [
    'for another name',
    async () => ({
      'certificate-authority-data': base64((await certificates).ca),
      'tls-server-name': 'localhost',
    }),
  ],
])('a cluster is trusted by the authority given %s, over one connection', async (_, cluster) => {
  const { read, again } = await reading(await cluster());
  expect([read.ok, again.ok]).toEqual([true, true]);
  expect(server.connections()).toBe(1);
});

test.each([
  ['an authority that is not known', async () => ({}), /authority/],
  [
    'another authority',
    async () => ({ 'certificate-authority-data': base64((await makeCertificates()).ca) }),
    /authority/,
  ],
  [
    'a name that is not in it',
    async () => ({
      'certificate-authority-data': base64((await certificates).ca),
      'tls-server-name': 'other.example',
    }),
    /for another name/,
  ],
])('a certificate of %s is refused in plain words', async (_, cluster, words) => {
  const { read } = await reading(await cluster());
  expect(read).toMatchObject({ ok: false, problem: { code: 'api-unreachable' } });
  expect(JSON.stringify(read)).toMatch(words);
  expect(server.requests).toEqual([]);
});

test('a port that does not speak TLS is told', async () => {
  const plain = await smallServer(() => ({ body: {} }));
  const { read } = await reading({}, plain.url.replace('http:', 'https:'));
  expect(JSON.stringify(read)).toMatch(/does not speak TLS/);
  await plain.close();
});
