import { ask, askMany, countBy, expectShare, OpenConnection } from './connect.ts';
import { person, SharedWorld } from './shared-world.ts';

const CROSS_ZONE = { 'load_balancing.cross_zone.enabled': 'true' };
const COUNT = 2_000;

let shared: SharedWorld;
beforeEach(() => {
  shared = new SharedWorld();
});
afterEach(() => shared.close());

test('with cross-zone every target gets the same share, so a cluster what its targets make', async () => {
  shared.setGroup(CROSS_ZONE);
  const outcomes = await askMany(await shared.address(), COUNT);
  expect(countBy(outcomes, ({ error }) => error)).toEqual({ '': COUNT });
  const clusters = countBy(outcomes, ({ cluster }) => cluster);
  expectShare(clusters['pri-eks-clu1'], COUNT, 3 / 5);
  expectShare(clusters['sec-eks-clu1'], COUNT, 2 / 5);
  const pods = countBy(outcomes, ({ pod }) => pod);
  expect(Object.keys(pods)).toHaveLength(5);
  for (const count of Object.values(pods)) expectShare(count, COUNT, 1 / 5);
  for (const cluster of shared.world.clusters.values()) {
    expect(shared.accessLines(cluster)).toHaveLength(clusters[cluster.name] ?? 0);
  }
});

test('without cross-zone each zone gets the same, whatever it has', async () => {
  const { primary } = shared.world;
  const pods = [...shared.pods(primary), ...shared.pods(shared.secondary)];
  const zones = countBy(pods, ({ zone }) => zone);
  expect(Object.values(zones).toSorted((a, b) => a - b)).toEqual([2, 3]);
  const outcomes = await askMany(await shared.address(), COUNT);
  expect(countBy(outcomes, ({ error }) => error)).toEqual({ '': COUNT });
  const counts = countBy(outcomes, ({ pod }) => pod);
  for (const { name, zone } of pods) expectShare(counts[name], COUNT, 1 / 2 / (zones[zone] ?? 1));
});

test('the zone of unhealthy targets leaves DNS: its targets get nothing', async () => {
  const { primary } = shared.world;
  const zone = 'us-east-1a';
  for (const cluster of [primary, shared.secondary]) {
    for (const pod of shared.pods(cluster)) {
      if (pod.zone === zone) cluster.workloads.setPodServing(pod.name, 'refused');
    }
  }
  shared.world.settle();
  const others = [...shared.pods(primary), ...shared.pods(shared.secondary)]
    .filter((pod) => pod.zone !== zone)
    .map(({ name }) => name);
  const outcomes = await askMany(await shared.address(), 100);
  expect(Object.keys(countBy(outcomes, ({ pod }) => pod)).sort()).toEqual(others.sort());
});

test('with nothing healthy it fails open: all targets are tried', async () => {
  shared.setGroup(CROSS_ZONE);
  const TargetGroupArn = shared.groupArn;
  // Checks that ask where nobody listens: the application itself is well.
  const change = { TargetGroupArn, HealthCheckPort: '9999' };
  shared.world.aws.call('elbv2.ModifyTargetGroup', change, 'test');
  shared.world.settle();
  expect(countBy(shared.targets(), ({ state }) => state)).toEqual({ unhealthy: 5 });
  const outcomes = await askMany(await shared.address(), 200);
  expect(countBy(outcomes, ({ error }) => error)).toEqual({ '': 200 });
  expect(Object.keys(countBy(outcomes, ({ pod }) => pod))).toHaveLength(5);
});

describe('a target that is deregistered', () => {
  /** A connection to a target of the secondary, which then drains. */
  async function drain(termination: 'true' | 'false'): Promise<OpenConnection> {
    shared.setGroup({
      ...CROSS_ZONE,
      'deregistration_delay.connection_termination.enabled': termination,
      'deregistration_delay.timeout_seconds': '60',
    });
    const address = await shared.address();
    for (;;) {
      const connection = new OpenConnection(address);
      if ((await connection.ask()).endsWith('of sec-eks-clu1')) {
        const Targets = shared.pods(shared.secondary).map(({ ip }) => ({ Id: ip, Port: 80 }));
        const TargetGroupArn = shared.groupArn;
        shared.world.aws.call('elbv2.DeregisterTargets', { TargetGroupArn, Targets }, 'test');
        return connection;
      }
      connection.socket.destroy();
    }
  }

  test('gets no new connections while those it has go on, until the delay ends them', async () => {
    const connection = await drain('true');
    const outcomes = await askMany(await shared.address(), 100);
    expect(countBy(outcomes, ({ cluster }) => cluster)).toEqual({ 'pri-eks-clu1': 100 });
    expect(await connection.ask()).toContain('of sec-eks-clu1');
    shared.world.clock.advance(60_000);
    expect(await connection.end).toBe('ECONNRESET');
  });

  test('keeps its connections beyond the delay where nothing is set to end them', async () => {
    const connection = await drain('false');
    shared.world.clock.advance(120_000);
    expect(shared.targets()).toHaveLength(3);
    expect(await connection.ask()).toContain('of sec-eks-clu1');
    connection.socket.destroy();
  });

  test('loses them when its pod goes', async () => {
    const connection = await drain('false');
    const { kube } = shared.secondary;
    for (const { name } of shared.pods(shared.secondary)) {
      kube.delete('pods', 'default', name, person);
    }
    shared.world.clock.advance(31_000);
    expect(await connection.end).toBe('closed');
  });
});

describe('a target that becomes unhealthy', () => {
  test.each(['true', 'false'])('its connections end where that is set: %s', async (termination) => {
    shared.setGroup({
      ...CROSS_ZONE,
      'target_health_state.unhealthy.connection_termination.enabled': termination,
    });
    const connection = new OpenConnection(await shared.address());
    const [, pod = '', name = ''] = /pod (\S+) of (\S+)/.exec(await connection.ask()) ?? [];
    const cluster = shared.world.cluster(name);
    cluster.workloads.setPodServing(pod, 'refused');
    shared.world.settle();
    cluster.workloads.setPodServing(pod, 'ok');
    if (termination === 'true') expect(await connection.end).toBe('ECONNRESET');
    else expect(await connection.ask()).toContain(pod);
    connection.socket.destroy();
  });
});

test('nothing registered: connections are reset', async () => {
  const Targets = shared.targets().map(({ id, port }) => ({ Id: id, Port: port }));
  const TargetGroupArn = shared.groupArn;
  shared.world.aws.call('elbv2.DeregisterTargets', { TargetGroupArn, Targets }, 'test');
  expect((await ask(await shared.address())).error).toBe('ECONNRESET');
});

test('pods log who asked for what: the client, or the load balancer where that is set', async () => {
  const address = await shared.address();
  await askMany(address, 50, '/kept?token=1');
  shared.setGroup({ 'preserve_client_ip.enabled': 'false' });
  await askMany(address, 50, '/hidden');
  const lines = [...shared.world.clusters.values()].flatMap((one) => shared.accessLines(one));
  const clients = (path: string): string[] => [
    ...new Set(
      lines
        .filter((line) => line.includes(`"GET ${path} HTTP/1.1" 200 `))
        .map((line) => line.split(' ')[0] ?? ''),
    ),
  ];
  expect(clients('/kept?token=1')).toEqual(['203.0.113.1']);
  // One address for each node in DNS.
  expect(clients('/hidden')).toHaveLength(2);
  for (const client of clients('/hidden')) expect(client).toMatch(/^10\.0\.\d+\.\d+$/);
  expect(lines.every((line) => line.endsWith('"-" "test/1" "-"'))).toBe(true);
});

test('a listener that is deleted closes its port and its connections', async () => {
  const address = await shared.address();
  const connection = new OpenConnection(address);
  await connection.ask();
  const { aws } = shared.world;
  const LoadBalancerArn = shared.balancerArn;
  const [{ ListenerArn }] = aws.call(
    'elbv2.DescribeListeners',
    { LoadBalancerArn },
    'test',
  ).Listeners;
  aws.call('elbv2.DeleteListener', { ListenerArn }, 'test');
  expect(shared.traffic.addresses()).toEqual({});
  expect(await connection.end).toBe('ECONNRESET');
  expect((await ask(address)).error).toBe('ECONNREFUSED');
});

test('close ends listeners and connections, those that are silent included', async () => {
  const address = await shared.address();
  const well = new OpenConnection(address);
  await well.ask();
  for (const cluster of shared.world.clusters.values()) shared.setServing(cluster, 'stuck');
  const silent = new OpenConnection(address);
  silent.socket.write('GET / HTTP/1.1\r\n\r\n');
  while (shared.traffic.connections < 2) await new Promise((resolve) => setImmediate(resolve));
  await shared.traffic.close();
  expect(await well.end).toBe('ECONNRESET');
  expect(await silent.end).toBe('ECONNRESET');
  expect(shared.traffic.connections).toBe(0);
  expect((await ask(address)).error).toBe('ECONNREFUSED');
});

test('a client that goes away is forgotten', async () => {
  for (const cluster of shared.world.clusters.values()) shared.setServing(cluster, 'stuck');
  const connection = new OpenConnection(await shared.address());
  while (shared.traffic.connections < 1) await new Promise((resolve) => setImmediate(resolve));
  connection.socket.end();
  await connection.end;
  while (shared.traffic.connections > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(shared.traffic.connections).toBe(0);
});
