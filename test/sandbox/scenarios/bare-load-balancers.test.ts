import { createWorld, type World } from '../../../src/sandbox/world.ts';

const NODES = 'pri-eks-clu1';

const ec2 = (world: World, action: string, params: object) =>
  world.aws.call(`ec2.${action}`, params, 'person');
const elbv2 = (world: World, action: string, params: object) =>
  world.aws.call(`elbv2.${action}`, params, 'person');

/** Sources of the inbound rules that the nodes of the primary have beyond those of the cluster. */
function opened(world: World): string[] {
  const { vpcId } = world.primary;
  const GroupId = world.aws.network.nodeGroupOf(NODES, vpcId);
  return ec2(world, 'DescribeSecurityGroupRules', {
    Filters: [{ Name: 'group-id', Values: [GroupId] }],
  })
    .SecurityGroupRules.filter(
      (rule: Record<string, unknown>) => rule['CidrIpv4'] && !rule['IsEgress'],
    )
    .map((rule: Record<string, string>) => `${rule['CidrIpv4']} ${rule['Description'] ?? ''}`)
    .sort();
}

/** A load balancer with a listener, made by hand, and the addresses of its nodes. */
function make(world: World, more: object): { arn: string; addresses: string[] } {
  const { vpcId } = world.aws.network;
  const Subnets = [...world.aws.network.subnets.values()]
    .filter((one) => one.isPublic && one.vpcId === vpcId)
    .map(({ id }) => id);
  const arn = elbv2(world, 'CreateLoadBalancer', {
    Name: 'mine',
    Type: 'network',
    Subnets,
    ...more,
  }).LoadBalancers[0].LoadBalancerArn;
  const TargetGroupArn = elbv2(world, 'CreateTargetGroup', {
    Name: 'mine',
    Protocol: 'TCP',
    Port: 80,
    VpcId: vpcId,
    TargetType: 'ip',
  }).TargetGroups[0].TargetGroupArn;
  elbv2(world, 'CreateListener', {
    LoadBalancerArn: arn,
    Protocol: 'TCP',
    Port: 80,
    DefaultActions: [{ Type: 'forward', TargetGroupArn }],
  });
  const addresses = ec2(world, 'DescribeNetworkInterfaces', {
    Filters: [{ Name: 'description', Values: [`ELB ${arn.split(':loadbalancer/')[1]}`] }],
  }).NetworkInterfaces.map((one: Record<string, string>) => one['PrivateIpAddress']);
  return { arn, addresses };
}

test('a load balancer made by hand without security groups reaches the nodes, as long as it is there', () => {
  const world = createWorld({ scenario: 'walkthrough' });
  const before = opened(world);
  const { arn, addresses } = make(world, {});
  expect(addresses.length).toBeGreaterThan(1);
  expect(opened(world)).toEqual(
    [...before, ...addresses.map((one) => `${one}/32 network-team`)].sort(),
  );
  elbv2(world, 'DeleteLoadBalancer', { LoadBalancerArn: arn });
  expect(opened(world)).toEqual(before);
  world.stop();
});

test('one with security groups gains nothing', () => {
  const world = createWorld({ scenario: 'walkthrough' });
  const before = opened(world);
  const { GroupId } = ec2(world, 'CreateSecurityGroup', {
    GroupName: 'mine',
    Description: 'mine',
    VpcId: world.aws.network.vpcId,
  });
  make(world, { SecurityGroups: [GroupId] });
  expect(opened(world)).toEqual(before);
  world.stop();
});

test('nodes whose security group is full stay closed, and the load balancer is made', () => {
  const world = createWorld({ scenario: 'walkthrough' });
  const before = opened(world);
  world.aws.limits.rulesPerSecurityGroup = 0;
  expect(make(world, {}).addresses.length).toBeGreaterThan(1);
  expect(opened(world)).toEqual(before);
  world.stop();
});
