import type { KubeObject } from '../../../src/sandbox/kube/object.ts';
import type { Controllers } from '../../../src/sandbox/scenarios/scenarios.ts';
import { createWorld, type World, type WorldCluster } from '../../../src/sandbox/world.ts';

const AUTO = 'targetgroupbindings.eks.amazonaws.com';
const LBC = 'targetgroupbindings.elbv2.k8s.aws';
const PRI = 'pri-eks-clu1';
const SEC = 'sec-eks-clu1';
const SHARED = 'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group';
const person = { actor: 'person', manager: 'kubectl', internal: true };

function withWorld(primary: Controllers, secondary: Controllers, act: (world: World) => void) {
  const controllers = (role: string) => (role === 'primary' ? primary : secondary);
  const world = createWorld({ scenario: 'auto-mode', controllers });
  try {
    act(world);
  } finally {
    world.stop();
  }
}

const bindingsIn = ({ kube }: WorldCluster, kind: string): KubeObject[] =>
  kube.list(kind, 'default');

const arnOf = (world: World, kind = LBC): string =>
  bindingsIn(world.primary, kind)[0]!['spec'].targetGroupARN;

const statesIn = (world: World, arn: string): string[] =>
  world.aws
    .call('elbv2.DescribeTargetHealth', { TargetGroupArn: arn }, 'test')
    .TargetHealthDescriptions.map(
      (one: { TargetHealth: { State: string } }) => one.TargetHealth.State,
    );

function bind({ kube }: WorldCluster, apiVersion: string, arn: string, more: object = {}): void {
  const [group] = apiVersion.split('/');
  const binding = {
    apiVersion,
    kind: 'TargetGroupBinding',
    metadata: { name: 'nginx', namespace: 'default' },
    spec: {
      targetGroupARN: arn,
      targetType: 'ip',
      multiClusterTargetGroup: true,
      serviceRef: { name: 'nginx', port: 80 },
      ...more,
    },
  };
  kube.create(`targetgroupbindings.${group}`, binding, person);
}

function share(world: World): void {
  const body = { metadata: { annotations: { [SHARED]: 'true' } } };
  world.primary.kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
  world.settle();
}

const warnings = ({ kube }: WorldCluster): string[] =>
  kube
    .list('events', 'default')
    .filter((event) => event['type'] === 'Warning')
    .map((event) => `${event['reason']}: ${event['message']}`);

test('the cluster has its kind, its nodes and its webhooks, and nothing of a controller', () =>
  withWorld('lbc', 'auto-mode', (world) => {
    const { kube, lbc, autoMode } = world.cluster(SEC);
    const [definition, ...more] = kube.list('customresourcedefinitions.apiextensions.k8s.io');
    expect(more).toEqual([]);
    const [version] = definition!['spec'].versions;
    expect([definition!.metadata.name, version.name]).toEqual([AUTO, 'v1']);
    const { required, properties } = version.schema.openAPIV3Schema.properties.spec;
    expect(required).toContain('targetType');
    expect(properties).toHaveProperty('multiClusterTargetGroup');
    expect(properties).not.toHaveProperty('targetGroupName');
    expect(kube.list('deployments.apps', 'kube-system')).toEqual([]);
    expect(kube.list('pods', 'kube-system')).toEqual([]);
    const labels = kube.list('nodes').map(({ metadata }) => metadata.labels);
    expect(labels).toEqual(
      labels.map(() => expect.objectContaining({ 'eks.amazonaws.com/compute-type': 'auto' })),
    );
    expect([lbc.installed, lbc.replicas, autoMode?.state]).toEqual([false, 0, 'running']);
  }));

test("it may not register targets in another cluster's group until a policy allows it", () =>
  withWorld('lbc', 'auto-mode', (world) => {
    share(world);
    const arn = arnOf(world);
    const secondary = world.cluster(SEC);
    bind(secondary, 'eks.amazonaws.com/v1', arn);
    world.settle();
    expect(statesIn(world, arn)).toEqual(['healthy', 'healthy', 'healthy']);
    expect(warnings(secondary).join()).toMatch(
      /FailedReconcile: .*AmazonEKSAutoClusterRole\/.* is not authorized to perform: elasticloadbalancing:RegisterTargets on resource: arn:.*targetgroup/,
    );
    // The record comes before the registration, as in the open-source controller.
    expect(secondary.kube.get('configmaps', 'default', 'eks-lbc-targets-nginx')).toBeDefined();

    // Its binding has no rules, so a person opens the nodes.
    const GroupId = world.aws.network.nodeGroupOf(SEC, secondary.vpcId);
    const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/16' }] }];
    world.aws.call('ec2.AuthorizeSecurityGroupIngress', { GroupId, IpPermissions }, 'person');
    secondary.autoMode!.attachPolicy();
    world.clock.advance(20 * 60_000);
    world.settle();
    expect(statesIn(world, arn)).toEqual(Array(5).fill('healthy'));
    const [{ metadata }] = bindingsIn(secondary, AUTO) as [KubeObject];
    expect(metadata.finalizers).toEqual(['eks.amazonaws.com/resources']);

    secondary.kube.delete(AUTO, 'default', 'nginx', person);
    world.settle();
    expect(statesIn(world, arn).toSorted()).toEqual([
      'draining',
      'draining',
      'healthy',
      'healthy',
      'healthy',
    ]);
    expect(secondary.kube.get('configmaps', 'default', 'eks-lbc-targets-nginx')).toBeUndefined();
  }));

test('as the primary it makes the load balancer, with its own names, and registers its own pods', () =>
  withWorld('auto-mode', 'lbc', (world) => {
    const { kube } = world.primary;
    const [binding] = bindingsIn(world.primary, AUTO);
    expect(binding).toMatchObject({
      apiVersion: 'eks.amazonaws.com/v1',
      metadata: { labels: { 'service.eks.amazonaws.com/stack-name': 'nginx' } },
    });
    const arn = arnOf(world, AUTO);
    expect(statesIn(world, arn)).toEqual(['healthy', 'healthy', 'healthy']);
    const { TagDescriptions } = world.aws.call(
      'elbv2.DescribeTags',
      { ResourceArns: [arn] },
      'test',
    );
    expect(TagDescriptions[0].Tags).toEqual(
      expect.arrayContaining([
        { Key: 'eks:eks-cluster-name', Value: PRI },
        { Key: 'service.eks.amazonaws.com/stack', Value: 'default/nginx' },
      ]),
    );
    const service = kube.get('services', 'default', 'nginx')!;
    expect(service['spec'].loadBalancerClass).toBe('eks.amazonaws.com/nlb');
    expect(service.metadata.finalizers).toEqual(
      expect.arrayContaining(['service.eks.amazonaws.com/resources']),
    );
    share(world);
    expect(
      kube.get('configmaps', 'default', `eks-lbc-targets-${binding!.metadata.name}`),
    ).toBeDefined();
    bind(world.cluster(SEC), 'elbv2.k8s.aws/v1beta1', arn);
    world.settle();
    expect(statesIn(world, arn)).toHaveLength(5);
  }));

test('of two controllers in one cluster each sees the bindings of its own kind alone', () =>
  withWorld('lbc', 'both', (world) => {
    share(world);
    const arn = arnOf(world);
    const secondary = world.cluster(SEC);
    bind(secondary, 'elbv2.k8s.aws/v1beta1', arn);
    world.settle();
    expect(
      secondary.kube.list('configmaps', 'default').map(({ metadata }) => metadata.name),
    ).toEqual(['aws-lbc-targets-nginx']);
    expect(bindingsIn(secondary, AUTO)).toEqual([]);
    const [made] = bindingsIn(secondary, LBC);
    expect(made!.metadata.finalizers).toEqual(['elbv2.k8s.aws/resources']);
    // The Service is created without a class: the webhook that is asked first gives it one.
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'own', namespace: 'default' },
      spec: { type: 'LoadBalancer', ports: [{ port: 81 }], selector: { app: 'nginx' } },
    };
    secondary.kube.create('services', service, person);
    expect(secondary.kube.get('services', 'default', 'own')!['spec'].loadBalancerClass).toBe(
      'service.k8s.aws/nlb',
    );
  }));
