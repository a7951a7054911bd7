import type { KubeObject } from '../../src/sandbox/kube/object.ts';
import { manifest } from '../../src/sandbox/scenarios/manifests.ts';
import { createWorld, type World, type WorldCluster } from '../../src/sandbox/world.ts';

const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';
const person = { actor: 'test', manager: 'kubectl' };
const MULTI_CLUSTER = 'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group';

interface Health {
  readonly Target: { readonly Id: string; readonly Port: number };
  readonly TargetHealth: { readonly State: string; readonly Reason?: string };
}

/** Targets of each target group, as `id:port state`, sorted. */
function targets(world: World): Record<string, string[]> {
  const { TargetGroups } = world.aws.call('elbv2.DescribeTargetGroups', {}, 'test');
  return Object.fromEntries(
    TargetGroups.map((group: { TargetGroupArn: string; Port: number }) => {
      const { TargetHealthDescriptions } = world.aws.call(
        'elbv2.DescribeTargetHealth',
        { TargetGroupArn: group.TargetGroupArn },
        'test',
      );
      const lines = (TargetHealthDescriptions as Health[]).map(
        ({ Target, TargetHealth }) => `${Target.Id}:${Target.Port} ${TargetHealth.State}`,
      );
      return [group.TargetGroupArn, lines.sort()];
    }),
  );
}

const pods = ({ kube }: WorldCluster): KubeObject[] => kube.list('pods', 'default');
const podTargets = (cluster: WorldCluster, port: number): string[] =>
  pods(cluster)
    .map((pod) => `${pod.status.podIP}:${port} healthy`)
    .sort();
/** What the ConfigMap of the cluster's only binding lists. */
const tracked = ({ kube }: WorldCluster): string[] => {
  const name = `aws-lbc-targets-${kube.list(BINDINGS)[0]?.metadata.name}`;
  return kube.get('configmaps', 'default', name)?.data.targets.split(',').sort();
};
/** What a binding's spec may have in this cluster. */
const specFields = ({ kube }: WorldCluster): string[] => {
  const crd = kube.get('customresourcedefinitions.apiextensions.k8s.io', '', BINDINGS);
  const version = crd?.spec.versions.find((one: { name: string }) => one.name === 'v1beta1');
  return Object.keys(version.schema.openAPIV3Schema.properties.spec.properties);
};
const services = ({ kube }: WorldCluster): string[] =>
  kube
    .list('services', 'default')
    .map((service) => service.metadata.name)
    .filter((name) => name !== 'kubernetes');

test('walkthrough: the primary serves through an NLB, its secondary is empty', () => {
  const world = createWorld();
  expect([...world.clusters.keys()]).toEqual(['pri-eks-clu1', 'sec-eks-clu1']);
  const { primary } = world;
  expect(pods(primary)).toHaveLength(3);
  expect(Object.values(targets(world))).toEqual([podTargets(primary, 80)]);
  const [binding] = primary.kube.list(BINDINGS);
  expect(binding?.metadata.labels).toMatchObject({ 'service.k8s.aws/stack-name': 'nginx' });
  expect(binding?.spec.multiClusterTargetGroup ?? false).toBe(false);
  expect(primary.kube.list('configmaps', 'default').map((one) => one.metadata.name)).not.toContain(
    `aws-lbc-targets-${binding?.metadata.name}`,
  );

  const [secondary] = world.secondaries;
  expect(secondary && [pods(secondary), services(secondary)]).toEqual([[], []]);
  expect(secondary?.kube.list('nodes')).toHaveLength(2);
  expect(
    secondary?.kube.get('deployments.apps', 'kube-system', 'aws-load-balancer-controller')?.status,
  ).toMatchObject({ readyReplicas: 2 });
});

test('new-workload: pods and no Service; the one from templates/ is shared from the start', () => {
  const world = createWorld({ scenario: 'new-workload' });
  const { primary } = world;
  expect(services(primary)).toEqual([]);
  expect(targets(world)).toEqual({});
  const service = manifest('app/service-primary.yaml');
  service.metadata.namespace = 'default';
  primary.kube.create('services', service, person);
  world.settle();
  expect(Object.values(targets(world))).toEqual([podTargets(primary, 80)]);
  expect(primary.kube.list(BINDINGS)[0]?.spec.multiClusterTargetGroup).toBe(true);
  expect(tracked(primary)).toEqual(
    pods(primary)
      .map((pod) => `${pod.status.podIP}:80`)
      .sort(),
  );
});

test('multi-port: a target group for each port, the app in every cluster', () => {
  const world = createWorld({ scenario: 'multi-port', clusters: ['a', 'b', 'c'] });
  const found = Object.values(targets(world));
  expect(found).toHaveLength(2);
  expect(found).toContainEqual(podTargets(world.primary, 80));
  expect(found).toContainEqual(podTargets(world.primary, 8080));
  for (const secondary of world.secondaries) {
    expect(pods(secondary)).toHaveLength(2);
    expect(services(secondary)).toEqual(['nginx']);
    expect(secondary.kube.list(BINDINGS)).toEqual([]);
  }
});

test('instance: the targets are nodes, and node ports lead to pods in every cluster', () => {
  const world = createWorld({ scenario: 'instance' });
  const [service] = world.primary.kube
    .list('services', 'default')
    .filter((one) => one.metadata.name === 'nginx');
  const port: number = service?.spec.ports[0].nodePort;
  const nodes = world.primary.workloads.nodes.map((node) => `${node.instanceId}:${port} healthy`);
  expect(Object.values(targets(world))).toEqual([nodes.sort()]);
  expect(world.secondaries[0]?.kube.get('services', 'default', 'nginx')?.spec.type).toBe(
    'NodePort',
  );
});

test('old-controller: the secondary’s definition does not know how to share', () => {
  const world = createWorld({ scenario: 'old-controller' });
  expect(specFields(world.primary)).toContain('multiClusterTargetGroup');
  expect(world.secondaries.map(specFields)[0]).not.toContain('multiClusterTargetGroup');
  expect(world.secondaries.map((one) => one.lbc.version)).toEqual(['v2.9.2']);
});

test('no-owner: an NLB that no cluster made, the app in three clusters, and no binding', () => {
  const world = createWorld({ scenario: 'no-owner' });
  expect(world.clusters.size).toBe(3);
  for (const cluster of world.clusters.values()) {
    expect(services(cluster)).toEqual(['web']);
    expect(pods(cluster)).toHaveLength(2);
    expect(cluster.kube.list(BINDINGS)).toEqual([]);
  }
  expect(Object.values(targets(world))).toEqual([[]]);
  const ask = (action: string, params: object) => world.aws.call(`elbv2.${action}`, params, 'test');
  const arn = ask('DescribeLoadBalancers', { Names: ['shared'] }).LoadBalancers[0].LoadBalancerArn;
  const group = ask('DescribeTargetGroups', {}).TargetGroups[0];
  expect(group.LoadBalancerArns).toEqual([arn]);
  const { TagDescriptions } = ask('DescribeTags', { ResourceArns: [arn, group.TargetGroupArn] });
  expect(JSON.stringify(TagDescriptions)).not.toContain('k8s.aws');
});

test('no-owner: a binding made by hand in each cluster puts all pods behind the NLB', () => {
  const world = createWorld({ scenario: 'no-owner', clusters: ['a', 'b'] });
  const [arn = ''] = Object.keys(targets(world));
  for (const { kube } of world.clusters.values()) {
    const binding = {
      apiVersion: 'elbv2.k8s.aws/v1beta1',
      kind: 'TargetGroupBinding',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        serviceRef: { name: 'web', port: 80 },
        targetGroupARN: arn,
        multiClusterTargetGroup: true,
      },
    };
    kube.create(BINDINGS, binding, person);
  }
  world.settle();
  const wanted = [...world.clusters.values()].flatMap((cluster) => podTargets(cluster, 80));
  expect(targets(world)).toEqual({ [arn]: wanted.sort() });
});

test('a pod that stops serving becomes an unhealthy target, and healthy again', () => {
  const world = createWorld();
  const { primary } = world;
  const name = pods(primary)[0]?.metadata.name ?? '';
  primary.workloads.setPodServing(name, 'timeout');
  world.settle();
  const states = (): string[] =>
    Object.values(targets(world))
      .flat()
      .map((line) => line.split(' ')[1] ?? '')
      .sort();
  expect(states()).toEqual(['healthy', 'healthy', 'unhealthy']);
  primary.workloads.setPodServing(name, 'ok');
  world.settle();
  expect(states()).toEqual(['healthy', 'healthy', 'healthy']);
});

test('a rollout moves the targets along', () => {
  const world = createWorld();
  const { primary } = world;
  const before = podTargets(primary, 80);
  primary.kube.patch(
    'deployments.apps',
    'default',
    'nginx',
    { type: 'merge', body: { spec: { template: { metadata: { annotations: { again: '1' } } } } } },
    person,
  );
  world.settle();
  const healthy = Object.values(targets(world))
    .flat()
    .filter((line) => line.endsWith(' healthy'));
  expect(healthy).toEqual(podTargets(primary, 80));
  expect(healthy.filter((line) => before.includes(line))).toEqual([]);
});

test('a stopped controller leaves its pods crashing and the targets as they were', () => {
  const world = createWorld();
  const { primary } = world;
  const controllers = (): string[] =>
    primary.kube
      .list('pods', 'kube-system')
      .flatMap((pod) => pod.status.containerStatuses)
      .map((status: { ready: boolean }) => (status.ready ? 'ready' : 'not ready'));
  expect(controllers()).toEqual(['ready', 'ready']);
  primary.lbc.stop();
  const before = targets(world);
  primary.kube.delete('pods', 'default', pods(primary)[0]?.metadata.name ?? '', person);
  world.settle();
  expect(controllers()).toEqual(['not ready', 'not ready']);
  expect(Object.values(targets(world))[0]).toHaveLength(3);
  expect(targets(world)).not.toEqual(before);
  expect(Object.values(targets(world))[0]).not.toEqual(podTargets(primary, 80));
  primary.lbc.start();
  world.settle();
  expect(controllers()).toEqual(['ready', 'ready']);
  expect(Object.values(targets(world))[0]).toEqual(expect.arrayContaining(podTargets(primary, 80)));
});

test('the annotation makes the binding multi-cluster, and its own targets tracked', () => {
  const world = createWorld();
  const { primary } = world;
  const body = { metadata: { annotations: { [MULTI_CLUSTER]: 'true' } } };
  primary.kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
  world.settle();
  expect(primary.kube.list(BINDINGS)[0]?.spec.multiClusterTargetGroup).toBe(true);
  expect(tracked(primary)).toEqual(
    pods(primary)
      .map((pod) => `${pod.status.podIP}:80`)
      .sort(),
  );
});

test.each([
  ['none at all', []],
  ['upper case', ['Blue']],
  ['twice the same', ['blue', 'blue']],
  ['too many', Array.from({ length: 51 }, (_, i) => `c${i}`)],
])('cluster names are held to: %s', (_, clusters) => {
  expect(() => createWorld({ clusters })).toThrow(
    expect.objectContaining({ name: 'SandboxUsageError' }),
  );
});
