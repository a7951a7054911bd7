import { createWorld, type World, type WorldCluster } from '../../src/sandbox/world.ts';
import { StatusError } from '../../src/sandbox/kube/status-error.ts';
import { manifest } from '../../src/sandbox/scenarios/manifests.ts';
import { startTraffic } from '../../src/sandbox/traffic/traffic.ts';
import { ask } from './traffic/connect.ts';

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';
const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';
const SLICES = 'endpointslices.discovery.k8s.io';
const person = { actor: 'test', manager: 'kubectl' };

const ask_ = (world: World, action: string, params: object) =>
  world.aws.call(action, params, 'test');

/** Each target as `id zone state`, sorted. */
function targets(world: World): string[] {
  const [{ TargetGroupArn }] = ask_(world, 'elbv2.DescribeTargetGroups', {}).TargetGroups;
  return ask_(world, 'elbv2.DescribeTargetHealth', { TargetGroupArn })
    .TargetHealthDescriptions.map(
      (one: {
        Target: { Id: string; AvailabilityZone: string };
        TargetHealth: { State: string };
      }) => `${one.Target.Id} ${one.Target.AvailabilityZone} ${one.TargetHealth.State}`,
    )
    .sort();
}

const addresses = ({ kube }: WorldCluster): string[] =>
  kube
    .list('pods', 'default')
    .map((pod): string => pod.status.podIP)
    .sort();

/** Binds a secondary's Service to the primary's target group, with the primary's rules. */
function join(world: World, { kube }: WorldCluster): void {
  const { primary } = world;
  const flag = 'service.beta.kubernetes.io/aws-load-balancer-multi-cluster-target-group';
  const body = { metadata: { annotations: { [flag]: 'true' } } };
  primary.kube.patch('services', 'default', 'nginx', { type: 'merge', body }, person);
  world.settle();
  const { targetGroupARN, targetType, ipAddressType, networking } =
    primary.kube.list(BINDINGS)[0]?.spec ?? {};
  const spec = { targetGroupARN, targetType, ipAddressType, networking };
  const serviceRef = { name: 'nginx', port: 80 };
  const binding = {
    apiVersion: 'elbv2.k8s.aws/v1beta1',
    kind: 'TargetGroupBinding',
    metadata: { name: 'nginx', namespace: 'default' },
    spec: { ...spec, serviceRef, multiClusterTargetGroup: true },
  };
  kube.create(BINDINGS, binding, person);
  world.settle();
}

function refusal(write: () => unknown): object[] {
  try {
    write();
  } catch (error) {
    if (error instanceof StatusError) return [...(error.status.details?.causes ?? [])];
    throw error;
  }
  throw new Error('the write was not refused');
}

const service = (families: readonly string[]) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'other', namespace: 'default' },
  spec: { ipFamilies: families, ports: [{ port: 80 }] },
});

describe('ipv6', () => {
  test('pods, nodes, Services and slices have IPv6 addresses; the interfaces list prefixes', () => {
    const world = createWorld({ scenario: 'ipv6' });
    const { kube, workloads } = world.primary;
    for (const address of addresses(world.primary)) expect(address).toMatch(/^2600:1f18:4000:1\d:/);
    const { clusterIP, ipFamilies } = kube.get('services', 'default', 'nginx')?.spec ?? {};
    expect([clusterIP, ipFamilies]).toEqual([expect.stringMatching(/^fd/), ['IPv6']]);
    expect(kube.list(SLICES, 'default').map((slice) => slice['addressType'])).toEqual(['IPv6']);
    const [node] = kube.list('nodes');
    expect(node?.status.addresses[0].address).toContain(':');
    const InstanceIds = [workloads.nodes[0]?.instanceId];
    const [{ Instances }] = ask_(world, 'ec2.DescribeInstances', { InstanceIds }).Reservations;
    const [{ Ipv6Prefixes, Ipv6Addresses }] = Instances[0].NetworkInterfaces;
    expect(Ipv6Prefixes).toEqual([{ Ipv6Prefix: '2600:1f18:4000:10:1::/80' }]);
    expect(Ipv6Addresses).toEqual([{ Ipv6Address: node?.status.addresses[0].address }]);
    const Filters = [
      { Name: 'network-interface.ipv6-prefixes.ipv6-prefix', Values: ['2600:1f18:4000:10:1::/80'] },
    ];
    expect(ask_(world, 'ec2.DescribeInstances', { Filters }).Reservations).toHaveLength(1);
  });

  test('both clusters are behind the dual-stack load balancer, healthy and served', async () => {
    const world = createWorld({ scenario: 'ipv6' });
    const [secondary] = world.secondaries;
    join(world, secondary!);
    const all = [...addresses(world.primary), ...addresses(secondary!)].sort();
    expect(targets(world).map((line) => line.replace(/ us-east-1\w/, ''))).toEqual(
      all.map((address) => `${address} healthy`),
    );
    const { aws, clock, clusters } = world;
    const traffic = startTraffic({ aws, clock, clusters: clusters.values() });
    try {
      await traffic.ready();
      const [ports] = Object.values(traffic.addresses());
      expect((await ask(ports?.['80'] ?? '')).error).toBe('');
    } finally {
      await traffic.close();
      world.stop();
    }
  });

  test('without security groups the load balancer is let in by its IPv6 addresses', () => {
    const world = createWorld({ scenario: 'new-workload', place: () => ({ ipFamily: 'IPv6' }) });
    const object = manifest('app/service-primary.yaml');
    object.metadata.namespace = 'default';
    object.metadata.annotations![`${PREFIX}ip-address-type`] = 'dualstack';
    object.metadata.annotations![`${PREFIX}disable-nlb-sg`] = 'true';
    world.primary.kube.create('services', object, person);
    world.settle();
    expect(targets(world).map((line) => line.split(' ')[2])).toEqual(Array(3).fill('healthy'));
    // Back to IPv4 alone, it has no address from which it could reach them.
    const [{ LoadBalancerArn }] = ask_(world, 'elbv2.DescribeLoadBalancers', {}).LoadBalancers;
    ask_(world, 'elbv2.SetIpAddressType', { LoadBalancerArn, IpAddressType: 'ipv4' });
    world.clock.advance(120_000);
    expect(targets(world).map((line) => line.split(' ')[2])).toEqual(Array(3).fill('unhealthy'));
  });

  test('a cluster of one family refuses a Service of the other, as kube-apiserver does', () => {
    const plain = createWorld().primary.kube;
    expect(refusal(() => plain.create('services', service(['IPv6']), person))).toMatchObject([
      {
        field: 'spec.ipFamilies[0]',
        message: 'Invalid value: "IPv6": not configured on this cluster',
      },
    ]);
    const { kube } = createWorld({ scenario: 'ipv6' }).primary;
    expect(refusal(() => kube.create('services', service(['IPv4']), person))).toMatchObject([
      {
        field: 'spec.ipFamilies[0]',
        message: 'Invalid value: "IPv4": not configured on this cluster',
      },
    ]);
    expect(kube.create('services', service([]), person)['spec'].ipFamilies).toEqual(['IPv6']);
  });
});

describe('two-vpcs', () => {
  test('the secondary’s controller and nodes are in the second VPC', () => {
    const world = createWorld({ scenario: 'two-vpcs' });
    const [secondary] = world.secondaries;
    expect(secondary?.vpcId).not.toBe(world.primary.vpcId);
    for (const address of addresses(secondary!)) expect(address).toMatch(/^10\.1\./);
    const controller = secondary?.kube.get(
      'deployments.apps',
      'kube-system',
      'aws-load-balancer-controller',
    );
    expect(controller?.spec.template.spec.containers[0].args).toContain(
      `--aws-vpc-id=${secondary?.vpcId}`,
    );
    const seen = (VpcId: string): number =>
      ask_(world, 'ec2.DescribeSubnets', { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }).Subnets
        .length;
    expect([seen(world.primary.vpcId), seen(secondary?.vpcId ?? '')]).toEqual([6, 6]);
  });

  test('its pods are registered for all zones and healthy, until the peering goes', () => {
    const world = createWorld({ scenario: 'two-vpcs' });
    const [secondary] = world.secondaries;
    join(world, secondary!);
    const far = (state: string): string[] =>
      addresses(secondary!).map((address) => `${address} all ${state}`);
    expect(targets(world).filter((line) => line.startsWith('10.1.'))).toEqual(far('healthy'));
    const [{ VpcPeeringConnectionId }] = ask_(
      world,
      'ec2.DescribeVpcPeeringConnections',
      {},
    ).VpcPeeringConnections;
    ask_(world, 'ec2.DeleteVpcPeeringConnection', { VpcPeeringConnectionId });
    world.settle();
    expect(targets(world).filter((line) => line.startsWith('10.1.'))).toEqual(far('unhealthy'));
    expect(targets(world).filter((line) => line.endsWith(' healthy'))).toHaveLength(3);
  });
});
