import { connectAws } from '../../src/aws/connect.ts';
import type { Reading } from '../../src/core/model/problem.ts';
import { connectClusters } from '../../src/kube/connect.ts';
import { readIdentity } from '../../src/kube/identity.ts';
import { makeCertificates } from '../../src/sandbox/certificates.ts';
import { awsOptions } from '../aws/aws-options.ts';
import { kubeOptions } from '../kube/kube-options.ts';
import { folder, kubeconfig, type SmallServer, smallServer } from '../kube/small-server.ts';
import { testProxy, type TestProxy } from './tunnel.ts';

// Names that nobody can look up: an answer came through the proxy, or not at all.
const certificates = makeCertificates();
const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE000000000', AWS_SECRET_ACCESS_KEY: 'x' };
const who = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account><Arn>a</Arn><UserId>u</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>`;
let files: ReturnType<typeof folder>;
let servers: { https: SmallServer; http: SmallServer };
let proxy: TestProxy | undefined;

const answer = (request: { url?: string | undefined }) =>
  request.url?.includes('kube-system') ? { body: { metadata: { uid: 'u-1' } } } : { body: who };

beforeEach(async () => {
  files = folder();
  servers = {
    https: await smallServer(answer, await certificates),
    http: await smallServer(answer),
  };
});
afterEach(async () => {
  proxy?.close();
  proxy = undefined;
  await Promise.all([servers.https.close(), servers.http.close()]);
  files.remove();
});

type Env = Readonly<Record<string, string>>;
type Wire = (
  scheme: 'http' | 'https',
  env: Env,
  requestTimeoutMs?: number,
) => Promise<Reading<unknown>>;

/** Each wire asks a server behind a name; what stands for its authority is trusted. */
const wires: Readonly<Record<string, Wire>> = {
  async kube(scheme, env, requestTimeoutMs = 2000) {
    const cluster = { 'tls-server-name': 'localhost', 'insecure-skip-tls-verify': true };
    const url = `${scheme}://api.example.invalid:${scheme === 'https' ? 443 : 80}`;
    const file = files.write(`config-${scheme}`, kubeconfig(url, { token: 't' }, cluster));
    const o = kubeOptions({ kubeconfig: file, env, requestTimeoutMs });
    const [kube] = await connectClusters([], o);
    if (!kube) throw new Error('no client');
    const read = await readIdentity(kube);
    kube.close();
    return read;
  },
  async aws(scheme, env, requestTimeoutMs = 2000) {
    const AWS_ENDPOINT_URL = `${scheme}://localhost.example.invalid`;
    const aws = connectAws(
      awsOptions({ env: { ...keys, AWS_ENDPOINT_URL, ...env }, requestTimeoutMs }),
    );
    const read = await aws.sts(
      { action: 'GetCallerIdentity', region: 'us-east-1' },
      (client, sdk, o) => client.send(new sdk.GetCallerIdentityCommand({}), o),
    );
    aws.close();
    return read;
  },
};
const each = Object.entries(wires).flatMap(([name, wire]) =>
  (['https', 'http'] as const).map((scheme) => [name, scheme, wire] as const),
);
const envFor = (scheme: string, url: string) => ({ [`${scheme.toUpperCase()}_PROXY`]: url });
const problemOf = (read: Reading<unknown>) => (read.ok ? undefined : read.problem);

test('kube, https: through the proxy, with its user', async () => {
  proxy = await testProxy(servers.https.url);
  const read = await wires['kube']?.('https', envFor('https', proxy.url));
  expect(read).toEqual({ ok: true, value: 'u-1' });
  expect(proxy.asked).toEqual(['CONNECT api.example.invalid:443 me:se@cret']);
});

test.each(['kube', 'aws'])('%s, http: the proxy is asked for the whole URL', async (name) => {
  proxy = await testProxy(servers.http.url);
  const read = await wires[name]?.('http', envFor('http', proxy.url));
  expect(read?.ok).toBe(true);
  expect(proxy.asked).toEqual([
    expect.stringMatching(/^(GET|POST) http:\/\/\w+\.example\.invalid\/.* me:se@cret$/),
  ]);
});

test('aws, https: through the proxy, where AWS_CA_BUNDLE is all that is trusted', async () => {
  proxy = await testProxy(servers.https.url);
  const { ca } = await certificates;
  const env = { ...envFor('https', proxy.url), AWS_CA_BUNDLE: files.write('ca.pem', ca) };
  const problem = problemOf((await wires['aws']?.('https', env)) as Reading<unknown>);
  // Our small server's certificate is for another name: its authority was believed.
  expect(JSON.stringify(problem)).toMatch(/altnames/);
  expect(proxy.asked[0]).toBe('CONNECT localhost.example.invalid:443 me:se@cret');
  const without = problemOf(
    (await wires['aws']?.('https', envFor('https', proxy.url))) as Reading<unknown>,
  );
  expect(JSON.stringify(without)).toMatch(/self-signed|verify|AWS_CA_BUNDLE/);
});

test.each(each)('%s, %s: NO_PROXY is kept', async (_, scheme, wire) => {
  proxy = await testProxy(servers[scheme].url);
  const read = await wire(scheme, { ...envFor(scheme, proxy.url), NO_PROXY: 'example.invalid' });
  expect(problemOf(read)?.message).toMatch(/name of .* was not found|could not be looked up/);
  expect(proxy.asked).toEqual([]);
});

test.each(
  each.flatMap((one) =>
    (one[1] === 'https' ? [407, 502] : []).map((status) => [...one, status] as const),
  ),
)(
  // Over plain HTTP the proxy's answer is the answer.
  '%s, %s: a proxy that refuses is named as the proxy',
  async (_, scheme, wire, status) => {
    proxy = await testProxy(status);
    const told = JSON.stringify(problemOf(await wire(scheme, envFor(scheme, proxy.url))));
    expect(told).toContain(`the proxy ${proxy.host} (HTTPS_PROXY)`);
    expect(told).toContain(String(status));
    expect(told).not.toContain('cret');
  },
);

test.each(each)('%s, %s: so is one that is not there', async (_, scheme, wire) => {
  const told = problemOf(await wire(scheme, envFor(scheme, 'http://me:secret@127.0.0.1:1')));
  expect(told?.message).toContain(
    `the proxy 127.0.0.1:1 (${scheme.toUpperCase()}_PROXY) refused the connection`,
  );
  expect(JSON.stringify(told)).not.toContain('secret');
});

test.each(each)('%s, %s: and one that cannot be a proxy', async (_, scheme, wire) => {
  const told = problemOf(await wire(scheme, envFor(scheme, 'ftp://me:secret@p')));
  expect(told?.message).toContain('is not an HTTP proxy');
  expect(JSON.stringify(told)).not.toContain('secret');
});

// Side by side, and with little time: nothing happens in it.
test('kube and aws, https and http: one that hangs ends with the time of the request', async () => {
  const hanging = (proxy = await testProxy('hang'));
  const told = await Promise.all(
    each.map(async ([name, scheme, wire]) => {
      const problem = problemOf(await wire(scheme, envFor(scheme, hanging.url), 500));
      return [name, scheme, problem?.message];
    }),
  );
  expect(told).toEqual(
    each.map(([name, scheme]) => [name, scheme, expect.stringContaining('timed out')]),
  );
});

test('a file of AWS_CA_BUNDLE that is not there is told, and nothing is sent', async () => {
  const read = await wires['aws']?.('https', { AWS_CA_BUNDLE: '/nonexistent/ca.pem' });
  expect(problemOf(read as Reading<unknown>)?.message).toContain(
    'the file /nonexistent/ca.pem of AWS_CA_BUNDLE cannot be read: it does not exist',
  );
});

test('proxy-url of the kubeconfig wins over the environment', async () => {
  proxy = await testProxy(servers.https.url);
  const cluster = { 'insecure-skip-tls-verify': true, 'proxy-url': proxy.url };
  const url = 'https://api.example.invalid';
  const file = files.write('config', kubeconfig(url, { token: 't' }, cluster));
  const env = { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '*' };
  const [kube] = await connectClusters([], kubeOptions({ kubeconfig: file, env }));
  expect(kube && (await readIdentity(kube))).toEqual({ ok: true, value: 'u-1' });
  kube?.close();
});
