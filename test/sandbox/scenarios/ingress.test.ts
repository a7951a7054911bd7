import { connect, type Socket } from 'node:net';
import tls from 'node:tls';
import { makeCertificates } from '../../../src/sandbox/certificates.ts';
import { startTraffic, type Traffic } from '../../../src/sandbox/traffic/traffic.ts';
import { createWorld, type World } from '../../../src/sandbox/world.ts';
import { ask } from '../traffic/connect.ts';
import { person } from '../traffic/shared-world.ts';
import { listened, states } from './listened.ts';

let world: World;
let traffic: Traffic | undefined;
let ca: string;
afterEach(async () => {
  await traffic?.close();
  traffic = undefined;
  world.stop();
});

async function openWorld(): Promise<void> {
  world = createWorld({ scenario: 'ingress' });
  const { aws, clock, clusters } = world;
  const certificates = await makeCertificates();
  ({ ca } = certificates);
  traffic = startTraffic({ aws, clock, clusters: clusters.values(), tls: certificates });
}

async function address(port: number): Promise<string> {
  await traffic?.ready();
  const [ports] = Object.values(traffic?.addresses() ?? {});
  return ports?.[port] ?? '';
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

/** All that comes back, or the code of the error. */
function answerOn(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (more) => (text += more));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(text || (error.code ?? '')));
    socket.on('close', () => resolve(text));
    socket.write(GET);
  });
}

const firstLine = (text: string): string => text.split('\r\n')[0] ?? '';
/** `200 pri-eks-clu1`, or what came instead of an answer of a pod. */
const said = (text: string): string => {
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(text) ?? [];
  const [, cluster = ''] = /x-cluster: (\S+)/.exec(text) ?? [];
  return status ? `${status} ${cluster}` : text;
};

async function askOverTls(port: number): Promise<string> {
  const [host, local] = (await address(port)).split(':');
  return said(
    await answerOn(tls.connect({ host, port: Number(local), ca, servername: 'localhost' })),
  );
}

/** The first line of what answers plain HTTP. */
async function statusLine(port: number): Promise<string> {
  const [host, local] = (await address(port)).split(':');
  return firstLine(await answerOn(connect(Number(local), host)));
}

/** Sets a variable of the pods of the primary, as `kubectl set env` does; they are replaced. */
function setEnv(name: string, value: string | undefined): void {
  const { kube } = world.primary;
  const deployment = kube.get('deployments.apps', 'default', 'ingress');
  const [container] = deployment?.['spec'].template.spec.containers ?? [];
  const others = container.env.filter((one: { name: string }) => one.name !== name);
  const env = value === undefined ? others : [...others, { name, value }];
  const body = { spec: { template: { spec: { containers: [{ ...container, env }] } } } };
  kube.patch('deployments.apps', 'default', 'ingress', { type: 'merge', body }, person);
  world.settle();
}

const setAnnotation = (key: string, value: string | null): void => {
  const name = `service.beta.kubernetes.io/aws-load-balancer-${key}`;
  const body = { metadata: { annotations: { [name]: value } } };
  world.primary.kube.patch('services', 'default', 'ingress', { type: 'merge', body }, person);
  world.settle();
};

test('80 is TCP and 443 TLS, and targets are healthy', () => {
  world = createWorld({ scenario: 'ingress' });
  expect(listened(world)).toEqual(['80 TCP to TCP', '443 TLS to TCP']);
  expect(states(world)).toEqual(['TCP 80 healthy']);
  for (const { kube } of world.secondaries) {
    expect(kube.list('pods', 'default')).toHaveLength(2);
    expect(kube.get('services', 'default', 'ingress')?.['spec'].type).toBe('ClusterIP');
  }
});

test('both ports answer, and the pods log the address that the proxy protocol told', async () => {
  await openWorld();
  expect((await ask(await address(80))).cluster).toBe('pri-eks-clu1');
  expect(await askOverTls(443)).toBe('200 pri-eks-clu1');
  const { kube } = world.primary;
  const lines = kube
    .list('pods', 'default')
    .flatMap(({ metadata }) => kube.podLogs?.('default', metadata.name, undefined) ?? [])
    .map(({ text }) => text)
    .filter((text) => text.includes('HTTP/1.1"'));
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).toMatch(/^203\.0\.113\.\d+ /);
});

test('pods that do not expect the header answer 400, though all their health checks pass', async () => {
  await openWorld();
  setEnv('PROXY_PROTOCOL_PORTS', undefined);
  expect(states(world)).toEqual(['TCP 80 healthy']);
  expect(await statusLine(80)).toBe('HTTP/1.1 400 Bad Request');
  expect(await askOverTls(443)).toBe('400 ');
});

test('pods that expect a header which does not come close the connection', async () => {
  await openWorld();
  setAnnotation('target-group-attributes', 'proxy_protocol_v2.enabled=false');
  setAnnotation('proxy-protocol', null);
  expect(states(world)).toEqual(['TCP 80 healthy']);
  expect(await statusLine(80)).toBe('');
});

test('HTTP health checks bring the header along: only pods that expect it pass', () => {
  world = createWorld({ scenario: 'ingress' });
  setAnnotation('healthcheck-protocol', 'http');
  expect(states(world)).toEqual(['TCP 80 healthy']);
  setEnv('PROXY_PROTOCOL_PORTS', undefined);
  expect(states(world)).toContain('TCP 80 unhealthy');
});

test('a TLS group needs pods that speak TLS; a TCP group lets them speak it with the client', async () => {
  await openWorld();
  setAnnotation('backend-protocol', 'ssl');
  expect(listened(world)).toEqual(['80 TCP to TCP', '443 TLS to TLS']);
  // A reset, which may be seen as a plain end.
  expect(await askOverTls(443)).toMatch(/^(ECONNRESET)?$/);
  setEnv('TLS_PORTS', '80');
  expect(await askOverTls(443)).toBe('200 pri-eks-clu1');
  // At port 80 nothing ends TLS before the pod.
  expect(await askOverTls(80)).toBe('200 pri-eks-clu1');
  expect(await statusLine(80)).toBe('');
});
