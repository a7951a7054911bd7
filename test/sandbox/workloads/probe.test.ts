import { smallCluster, webDeployment, webService, type SmallCluster } from './small-cluster.ts';

function running(replicas: number): SmallCluster {
  const world = smallCluster();
  world.create('deployments.apps', webDeployment(replicas));
  world.clock.advance(10_000);
  return world;
}

test('a pod answers where it listens, and as it is told to', () => {
  const world = running(1);
  const [pod] = world.all('pods');
  const id: string = pod?.status.podIP;
  const ask = (port: number): string | undefined =>
    world.workloads.probe({ id, port, protocol: 'TCP' });
  expect(ask(80)).toBe('ok');
  expect(ask(81)).toBe('refused');
  expect(world.workloads.probe({ id: '10.9.9.9', port: 80, protocol: 'TCP' })).toBeUndefined();
  world.workloads.setPodServing(pod?.metadata.name ?? '', 'timeout');
  expect(ask(80)).toBe('timeout');
  world.remove('pods', pod?.metadata.name ?? '');
  world.clock.advance(5_000);
  expect(ask(80)).toBeUndefined();
});

test('a node that is lost answers nobody', () => {
  const world = running(1);
  const [pod] = world.all('pods');
  world.workloads.setNodeReady(pod?.spec.nodeName, 'Unknown');
  expect(world.workloads.probe({ id: pod?.status.podIP, port: 80, protocol: 'TCP' })).toBe(
    'timeout',
  );
});

test('a node port leads to pods anywhere, with the policy Local only to those on the node', () => {
  const world = running(1);
  world.create('services', webService([{ port: 80 }], { type: 'NodePort' }));
  world.clock.advance(1_000);
  const port: number = world.one('services', 'web').spec.ports[0].nodePort;
  const ask = (): string[] =>
    world.workloads.nodes.map(
      (node) => world.workloads.probe({ id: node.instanceId, port, protocol: 'TCP' }) ?? 'nobody',
    );
  expect(ask()).toEqual(['ok', 'ok']);
  world.merge('services', 'web', { spec: { externalTrafficPolicy: 'Local' } });
  expect(ask().sort()).toEqual(['ok', 'refused']);
  world.merge('deployments.apps', 'web', { spec: { replicas: 0 } });
  world.clock.advance(5_000);
  expect(ask()).toEqual(['refused', 'refused']);
});

test('a port for UDP alone answers no health check, behind a node port neither', () => {
  const world = smallCluster();
  const ports = [
    { name: 'udp', containerPort: 53, protocol: 'UDP' },
    { name: 'both', containerPort: 54, protocol: 'UDP' },
    { name: 'both-tcp', containerPort: 54, protocol: 'TCP' },
  ];
  world.create('deployments.apps', webDeployment(1, { container: { ports } }));
  const port = (number: number, protocol: string) => ({
    name: `${protocol.toLowerCase()}-${number}`,
    port: number,
    protocol,
  });
  world.create(
    'services',
    webService([port(53, 'UDP'), port(54, 'UDP'), port(54, 'TCP')], { type: 'NodePort' }),
  );
  world.clock.advance(10_000);
  const [pod] = world.all('pods');
  const ask = (id: string, number: number): string | undefined =>
    world.workloads.probe({ id, port: number, protocol: 'TCP' });
  expect([53, 54].map((number) => ask(pod?.status.podIP, number))).toEqual(['refused', 'ok']);
  const [udp, both, tcp] = world.one('services', 'web').spec.ports;
  expect(both.nodePort).toBe(tcp.nodePort);
  const node = world.workloads.nodes[0]?.instanceId ?? '';
  expect([udp, both].map(({ nodePort }) => ask(node, nodePort))).toEqual(['refused', 'ok']);
});

test('pods keep what they wrote; requests look like nginx wrote them', () => {
  const world = running(1);
  const name = world.all('pods')[0]?.metadata.name ?? '';
  world.workloads.logRequest(
    { namespace: 'default', name },
    {
      at: new Date('2026-03-07T08:09:10Z'),
      client: '203.0.113.9',
      requestLine: 'GET / HTTP/1.0',
      status: 200,
      bytes: 615,
      userAgent: 'ApacheBench/2.3',
    },
  );
  const texts = world.kube.podLogs?.('default', name, undefined).map((line) => line.text) ?? [];
  expect(texts.length).toBeGreaterThan(1);
  expect(texts.at(-1)).toBe(
    '203.0.113.9 - - [07/Mar/2026:08:09:10 +0000] "GET / HTTP/1.0" 200 615 "-" "ApacheBench/2.3" "-"',
  );
});
