import { ask, askMany, countBy, OpenConnection } from './connect.ts';
import { SharedWorld } from './shared-world.ts';

/** How long to wait for an answer that must not come. */
const SHORT_MS = 300;

let shared: SharedWorld;
beforeEach(() => {
  shared = new SharedWorld();
});
afterEach(() => shared.close());

test('checks pass and connections are refused: reset, in the cluster concerned alone', async () => {
  shared.setServing(shared.secondary, 'checks-only');
  shared.world.settle();
  expect(countBy(shared.targets(), ({ state }) => state)).toEqual({ healthy: 5 });
  const outcomes = await askMany(await shared.address(), 100);
  const kinds = countBy(outcomes, ({ cluster, error }) => cluster || error);
  expect(Object.keys(kinds).sort()).toEqual(['ECONNRESET', 'pri-eks-clu1']);
});

test.each(['stuck', 'timeout'] as const)('%s: accepted, and silent', async (serving) => {
  shared.setServing(shared.secondary, serving);
  shared.setServing(shared.world.primary, serving);
  expect((await ask(await shared.address(), '/', SHORT_MS)).error).toBe('silent');
});

test('a pod that gets stuck says nothing on connections it has', async () => {
  const connection = new OpenConnection(await shared.address());
  expect(await connection.ask()).toContain('pod nginx-');
  for (const cluster of shared.world.clusters.values()) shared.setServing(cluster, 'stuck');
  const answer = connection.ask();
  const silence = new Promise((resolve) => setTimeout(() => resolve('silent'), SHORT_MS));
  expect(await Promise.race([answer, silence])).toBe('silent');
  connection.socket.destroy();
  await answer;
});

test('checks over TCP pass for a pod that is stuck, as the kernel still accepts', () => {
  shared.setServing(shared.secondary, 'stuck');
  shared.world.settle();
  expect(countBy(shared.targets(), ({ state }) => state)).toEqual({ healthy: 5 });
  const TargetGroupArn = shared.groupArn;
  const change = { TargetGroupArn, HealthCheckProtocol: 'HTTP', HealthCheckPath: '/' };
  shared.world.aws.call('elbv2.ModifyTargetGroup', change, 'test');
  shared.world.settle();
  expect(countBy(shared.targets(), ({ state }) => state)).toEqual({ healthy: 3, unhealthy: 2 });
});

test('what is no HTTP gets a 400, which is logged', async () => {
  const connection = new OpenConnection(await shared.address());
  connection.socket.write('hello\r\n\r\n');
  let said = '';
  connection.socket.on('data', (text) => (said += text));
  expect(await connection.end).toBe('closed');
  expect(said).toMatch(/^HTTP\/1\.1 400 /);
});
