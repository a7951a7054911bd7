import { ready, smallCluster, webDeployment } from './small-cluster.ts';

test('a Deployment gets pods with addresses, spread over the zones, and says so', () => {
  const world = smallCluster();
  world.create('deployments.apps', webDeployment(4));
  world.clock.advance(10_000);

  const pods = world.all('pods');
  expect(pods.map(ready)).toEqual([true, true, true, true]);
  expect(new Set(pods.map((pod) => pod.status.podIP)).size).toBe(4);
  const zoneOf = new Map(world.workloads.nodes.map((node) => [node.name, node.zone]));
  const zones = pods.map((pod) => zoneOf.get(pod.spec.nodeName) ?? '').sort();
  expect(zones).toEqual(['us-east-1a', 'us-east-1a', 'us-east-1b', 'us-east-1b']);
  const web = world.one('deployments.apps', 'web');
  expect(web.status).toMatchObject({
    observedGeneration: 1,
    replicas: 4,
    updatedReplicas: 4,
    readyReplicas: 4,
    availableReplicas: 4,
  });
  expect(web.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1');
});

test('the addresses of pods are on the network interface of their node', () => {
  const world = smallCluster();
  world.create('deployments.apps', webDeployment(2));
  world.clock.advance(10_000);

  for (const pod of world.all('pods')) {
    const node = world.workloads.nodes.find((one) => one.name === pod.spec.nodeName);
    const { NetworkInterfaces } = world.aws.call(
      'ec2.DescribeNetworkInterfaces',
      { Filters: [{ Name: 'addresses.private-ip-address', Values: [pod.status.podIP] }] },
      'test',
    );
    expect(NetworkInterfaces[0].NetworkInterfaceId).toBe(node?.eniId);
  }
});

test('pods take a while to be ready', () => {
  const world = smallCluster();
  world.create('deployments.apps', webDeployment(1));
  world.clock.advance(1_000);
  expect(world.all('pods').map((pod) => pod.status.phase)).toEqual(['Pending']);
  expect(world.one('deployments.apps', 'web').status.conditions[0]).toMatchObject({
    type: 'Available',
    status: 'False',
  });
  world.clock.advance(5_000);
  expect(world.all('pods').map((pod) => pod.status.phase)).toEqual(['Running']);
});

test('scaling down ends the surplus gracefully, and the address stays taken for a while', () => {
  const world = smallCluster();
  world.create('deployments.apps', webDeployment(3));
  world.clock.advance(10_000);
  world.merge('deployments.apps', 'web', { spec: { replicas: 1 } });
  world.clock.advance(500);
  const ending = world.all('pods').filter((pod) => pod.metadata.deletionTimestamp);
  expect(ending).toHaveLength(2);
  world.clock.advance(5_000);
  expect(world.all('pods')).toHaveLength(1);
  expect(world.one('deployments.apps', 'web').status.replicas).toBe(1);

  const inUse = (): number =>
    world.aws.call(
      'ec2.DescribeNetworkInterfaces',
      {
        Filters: [
          {
            Name: 'addresses.private-ip-address',
            Values: ending.map((pod) => pod.status.podIP),
          },
        ],
      },
      'test',
    ).NetworkInterfaces.length;
  expect(inUse()).toBeGreaterThan(0);
  world.clock.advance(60_000);
  expect(inUse()).toBe(0);
});

test('a deleted pod is replaced', () => {
  const world = smallCluster();
  world.create('deployments.apps', webDeployment(2));
  world.clock.advance(10_000);
  const [first] = world.all('pods');
  world.remove('pods', first?.metadata.name ?? '');
  world.clock.advance(10_000);
  const names = world.all('pods').map((pod) => pod.metadata.name);
  expect(names).toHaveLength(2);
  expect(names).not.toContain(first?.metadata.name);
});

test('a preStop sleep keeps an ending pod for that long', () => {
  const world = smallCluster();
  const container = { lifecycle: { preStop: { sleep: { seconds: 20 } } } };
  world.create('deployments.apps', webDeployment(1, { container }));
  world.clock.advance(10_000);
  const [first] = world.all('pods');
  world.remove('pods', first?.metadata.name ?? '');
  world.clock.advance(15_000);
  expect(world.all('pods').map((pod) => pod.metadata.name)).toContain(first?.metadata.name);
  world.clock.advance(10_000);
  expect(world.all('pods').map((pod) => pod.metadata.name)).not.toContain(first?.metadata.name);
});

test('a new template rolls out without ever leaving too few pods', () => {
  const world = smallCluster();
  world.create('deployments.apps', webDeployment(4));
  world.clock.advance(10_000);
  const before = world.all('pods').map((pod) => pod.metadata.name);
  world.merge('deployments.apps', 'web', {
    spec: { template: { metadata: { annotations: { restarted: 'yes' } } } },
  });
  const available: number[] = [];
  const existing: number[] = [];
  for (let i = 0; i < 300; i++) {
    world.clock.advance(100);
    const pods = world.all('pods').filter((pod) => !pod.metadata.deletionTimestamp);
    available.push(pods.filter(ready).length);
    existing.push(pods.length);
  }
  // The defaults: a quarter may be missing, a quarter may be there in addition.
  expect(Math.min(...available)).toBe(3);
  expect(Math.max(...existing)).toBe(5);
  const after = world.all('pods').map((pod) => pod.metadata.name);
  expect(after).toHaveLength(4);
  expect(after.filter((name) => before.includes(name))).toEqual([]);
  const web = world.one('deployments.apps', 'web');
  expect(web.status).toMatchObject({ replicas: 4, updatedReplicas: 4, availableReplicas: 4 });
  expect(web.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
});

test('back to an old template is a new revision of the old ReplicaSet', () => {
  const world = smallCluster();
  world.create('deployments.apps', webDeployment(1));
  world.clock.advance(10_000);
  const [old] = world.all('replicasets.apps');
  const { containers } = world.one('deployments.apps', 'web').spec.template.spec;
  const other = [{ name: 'web', image: 'nginx:1.28' }];
  world.merge('deployments.apps', 'web', { spec: { template: { spec: { containers: other } } } });
  world.clock.advance(30_000);
  expect(world.all('replicasets.apps')).toHaveLength(2);
  world.merge('deployments.apps', 'web', { spec: { template: { spec: { containers } } } });
  world.clock.advance(30_000);
  expect(world.all('replicasets.apps')).toHaveLength(2);
  const again = world.one('replicasets.apps', old?.metadata.name ?? '');
  expect(again.spec.replicas).toBe(1);
  expect(again.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
});

test('Recreate ends every old pod before the first new one', () => {
  const world = smallCluster();
  world.create('deployments.apps', webDeployment(2, { spec: { strategy: { type: 'Recreate' } } }));
  world.clock.advance(10_000);
  const before = world.all('pods').map((pod) => pod.metadata.name);
  world.merge('deployments.apps', 'web', {
    spec: { template: { metadata: { annotations: { restarted: 'yes' } } } },
  });
  for (let i = 0; i < 100; i++) {
    world.clock.advance(100);
    const names = world.all('pods').map((pod) => pod.metadata.name);
    const old = names.filter((name) => before.includes(name)).length;
    expect(old === 0 || old === names.length).toBe(true);
  }
  expect(world.all('pods').map(ready)).toEqual([true, true]);
});

test('deleting the Deployment takes its pods along', () => {
  const world = smallCluster();
  world.create('deployments.apps', webDeployment(2));
  world.clock.advance(10_000);
  world.remove('deployments.apps', 'web');
  world.clock.advance(10_000);
  expect(world.all('replicasets.apps')).toEqual([]);
  expect(world.all('pods')).toEqual([]);
});

test('a bare pod that a person makes runs and goes as they say', () => {
  const world = smallCluster();
  world.create('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'box' },
    spec: { containers: [{ name: 'box', image: 'busybox' }] },
  });
  world.clock.advance(5_000);
  expect(ready(world.one('pods', 'box'))).toBe(true);
  world.remove('pods', 'box');
  world.clock.advance(5_000);
  expect(world.all('pods')).toEqual([]);
});
