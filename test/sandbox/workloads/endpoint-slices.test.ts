import { smallCluster, webDeployment, webService, type SmallCluster } from './small-cluster.ts';

const SLICES = 'endpointslices.discovery.k8s.io';

function running(replicas = 2, deployment: Parameters<typeof webDeployment>[1] = {}): SmallCluster {
  const world = smallCluster();
  world.create('deployments.apps', webDeployment(replicas, deployment));
  world.create('services', webService([{ name: 'http', port: 80 }]));
  world.clock.advance(10_000);
  return world;
}

test('a Service gets the endpoints of its pods, with node, zone and pod', () => {
  const world = running();
  const [slice] = world.all(SLICES);
  expect(slice).toMatchObject({
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
    metadata: { ownerReferences: [{ kind: 'Service', name: 'web' }] },
  });
  expect(
    world
      .endpoints('web')
      .map((one) => String(one.zone))
      .sort(),
  ).toEqual(['us-east-1a', 'us-east-1b']);
  for (const endpoint of world.endpoints('web')) {
    const pod = world.one('pods', endpoint.targetRef.name);
    expect(endpoint).toMatchObject({
      addresses: [pod.status.podIP],
      nodeName: pod.spec.nodeName,
      targetRef: { kind: 'Pod', namespace: 'default', uid: pod.metadata.uid },
      conditions: { ready: true, serving: true, terminating: false },
    });
  }
});

test('a named targetPort is the number that each pod gives it', () => {
  const world = running();
  const container = { ports: [{ name: 'http', containerPort: 8080 }] };
  const other = webDeployment(1, { container }) as { metadata: object; spec: { selector: object } };
  world.create('services', {
    ...webService([{ name: 'http', port: 80, targetPort: 'http' }]),
    metadata: { name: 'named' },
  });
  world.create('deployments.apps', { ...other, metadata: { name: 'other' } });
  world.clock.advance(10_000);
  const slices = world
    .all(SLICES)
    .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === 'named');
  expect(slices.map((slice) => `${slice.ports[0].port}: ${slice.endpoints.length}`).sort()).toEqual(
    ['8080: 1', '80: 2'],
  );
});

test('a name leads to the port of its own protocol, and pods without it are left out', () => {
  const world = smallCluster();
  const ports = [
    { name: 'dns', containerPort: 53, protocol: 'UDP' },
    { name: 'web', containerPort: 53, protocol: 'TCP' },
  ];
  world.create('deployments.apps', webDeployment(2, { container: { ports } }));
  world.create(
    'services',
    webService([
      { name: 'dns', port: 53, targetPort: 'dns', protocol: 'UDP' },
      { name: 'dns-tcp', port: 53, targetPort: 'web', protocol: 'TCP' },
      // The pods have this name for UDP alone.
      { name: 'wrong', port: 54, targetPort: 'dns', protocol: 'TCP' },
    ]),
  );
  world.clock.advance(10_000);
  const [slice, ...others] = world.all(SLICES);
  expect(others).toEqual([]);
  expect(slice?.['ports']).toEqual([
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  ]);
  expect(world.endpoints('web')).toHaveLength(2);
});

test('an ending pod is terminating and no longer ready, then gone', () => {
  const container = { lifecycle: { preStop: { sleep: { seconds: 20 } } } };
  const world = running(2, { container });
  const [pod] = world.all('pods');
  world.remove('pods', pod?.metadata.name ?? '');
  world.clock.advance(1_000);
  const ending = world.endpoints('web').find((one) => one.targetRef.uid === pod?.metadata.uid);
  expect(ending?.conditions).toEqual({ ready: false, serving: true, terminating: true });
  world.clock.advance(30_000);
  const uids = world.endpoints('web').map((one) => one.targetRef.uid);
  expect(uids).toHaveLength(2);
  expect(uids).not.toContain(pod?.metadata.uid);
});

test('more than a hundred endpoints fill several slices, each pod in one of them', () => {
  const world = running(230);
  world.clock.advance(60_000);
  expect(
    world
      .all(SLICES)
      .map((slice) => String(slice.endpoints.length))
      .sort(),
  ).toEqual(['100', '100', '30']);
  expect(new Set(world.endpoints('web').map((one) => one.addresses[0])).size).toBe(230);
});

test('no pods leave one empty slice, and the slices go with the Service', () => {
  const world = running();
  world.merge('deployments.apps', 'web', { spec: { replicas: 0 } });
  world.clock.advance(10_000);
  expect(world.all(SLICES).map((slice) => slice.endpoints)).toEqual([null]);
  world.remove('services', 'web');
  world.clock.advance(1_000);
  expect(world.all(SLICES)).toEqual([]);
});

test('a slice that somebody deleted comes back', () => {
  const world = running();
  world.remove(SLICES, world.all(SLICES)[0]?.metadata.name ?? '');
  world.clock.advance(1_000);
  expect(world.endpoints('web')).toHaveLength(2);
});

test('a Service without selector gets none', () => {
  const world = smallCluster();
  world.create('services', webService([{ port: 80 }], { selector: {} }));
  world.create('deployments.apps', webDeployment(1));
  world.clock.advance(10_000);
  expect(world.all(SLICES).flatMap((slice) => slice.endpoints)).toEqual([]);
});
