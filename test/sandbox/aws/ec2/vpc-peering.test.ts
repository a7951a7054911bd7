import { practiceAccount } from '../practice-account.ts';

const UNHEALTHY = 'unhealthy Target.FailedHealthChecks';

/** A load balancer in the first VPC, and a pod of a cluster in a second one. */
function setUp(cidr = '10.1.0.0/16') {
  const it_ = practiceAccount();
  const { account, call, clock } = it_;
  const { network } = account;
  const second = network.createVpc({ cidr, name: 'second' });
  const at = { clusterName: 'b', zone: 'us-east-1a', name: 'n', vpcId: second };
  const node = network.launchInstance(at);
  const pod = network.assignIp(node.eniId);
  const front = call('ec2.CreateSecurityGroup', {
    GroupName: 'front',
    Description: 'x',
    VpcId: network.vpcId,
  }).GroupId as string;
  const arn = it_.group();
  const Subnets = [...network.subnets.values()]
    .filter((one) => one.isPublic && one.vpcId === network.vpcId)
    .map(({ id }) => id);
  it_.listener(it_.balancer('shared', { Subnets, SecurityGroups: [front] }), arn);
  const peer = (): string =>
    call('ec2.CreateVpcPeeringConnection', { VpcId: network.vpcId, PeerVpcId: second })
      .VpcPeeringConnection.VpcPeeringConnectionId;
  const accept = (id: string) =>
    call('ec2.AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id });
  const permission = {
    IpProtocol: 'tcp',
    FromPort: 80,
    ToPort: 80,
    UserIdGroupPairs: [{ GroupId: front }],
  };
  const open = { GroupId: node.securityGroupId, IpPermissions: [permission] };
  const state = (): string => {
    clock.advance(600_000);
    return it_.health(arn)[0]?.replace(/^\S+ /, '') ?? '';
  };
  const status = (id: string) =>
    call('ec2.DescribeVpcPeeringConnections', { VpcPeeringConnectionIds: [id] })
      .VpcPeeringConnections[0].Status;
  return { ...it_, network, second, node, pod, front, arn, peer, accept, open, state, status };
}

test('a target of another VPC needs the zone all, a peering, and a rule', () => {
  const it_ = setUp();
  expect(
    it_.refusal('elbv2.RegisterTargets', { TargetGroupArn: it_.arn, Targets: [{ Id: it_.pod }] }),
  ).toMatch(/^ValidationError \(400\): You must specify a valid Availability Zone or select 'all'/);
  it_.register(it_.arn, { Id: it_.pod, AvailabilityZone: 'all' });
  expect(it_.state()).toBe(UNHEALTHY);
  expect(it_.refusal('ec2.AuthorizeSecurityGroupIngress', it_.open)).toBe(
    'InvalidGroup.NotFound (400): You have specified two resources that belong to different networks.',
  );
  const id = it_.peer();
  expect(it_.status(id)).toEqual({
    Code: 'pending-acceptance',
    Message: 'Pending Acceptance by 123456789012',
  });
  it_.accept(id);
  expect(it_.status(id)).toEqual({ Code: 'active', Message: 'Active' });
  expect(it_.state()).toBe(UNHEALTHY);
  it_.call('ec2.AuthorizeSecurityGroupIngress', it_.open);
  expect(it_.state()).toBe('healthy');
});

test('a rule that names a group of the other VPC outlives the peering and lets nothing in', () => {
  const it_ = setUp();
  const id = it_.peer();
  it_.accept(id);
  it_.call('ec2.AuthorizeSecurityGroupIngress', it_.open);
  it_.register(it_.arn, { Id: it_.pod, AvailabilityZone: 'all' });
  expect(it_.state()).toBe('healthy');
  it_.call('ec2.DeleteVpcPeeringConnection', { VpcPeeringConnectionId: id });
  expect(it_.state()).toBe(UNHEALTHY);
  expect(it_.status(id)).toEqual({ Code: 'deleted', Message: 'Deleted by 123456789012' });
  const [group] = it_.call('ec2.DescribeSecurityGroups', {
    GroupIds: [it_.node.securityGroupId],
  }).SecurityGroups;
  expect(group.IpPermissions.at(-1).UserIdGroupPairs).toEqual([
    {
      GroupId: it_.front,
      UserId: '123456789012',
      VpcId: it_.network.vpcId,
      VpcPeeringConnectionId: id,
      PeeringStatus: 'deleted',
    },
  ]);
  expect(it_.refusal('ec2.AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id })).toContain(
    'InvalidStateTransition (400)',
  );
});

test('both VPCs have routes to each other while they are peered', () => {
  const it_ = setUp();
  const routes = (vpcId: string): string[] =>
    it_
      .call('ec2.DescribeRouteTables', { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] })
      .RouteTables[0].Routes.filter((one: object) => 'VpcPeeringConnectionId' in one)
      .map((one: Record<string, string>) => one['DestinationCidrBlock'] ?? 'IPv6');
  expect(routes(it_.second)).toEqual([]);
  it_.accept(it_.peer());
  expect(routes(it_.second)).toEqual(['10.0.0.0/16', 'IPv6']);
  expect(routes(it_.network.vpcId)).toEqual(['10.1.0.0/16', 'IPv6']);
});

test('ranges that overlap make no peering, and the address is looked for in the own VPC', () => {
  const it_ = setUp('10.0.0.0/16');
  expect(it_.status(it_.peer())).toEqual({
    Code: 'failed',
    Message: 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range',
  });
  // The same addresses in both: neither is the other's.
  const here = it_.network.launchInstance({ clusterName: 'a', zone: 'us-east-1a', name: 'n' });
  const [address = ''] = it_.network.interfaces.get(it_.node.eniId)?.addresses ?? [];
  expect(here.privateIp).toBe(address);
  expect(it_.network.holderOf(address, it_.second)?.id).toBe(it_.node.eniId);
  const seen: string[] = [];
  it_.account.probe = ({ vpcId }) => (seen.push(vpcId), 'ok');
  it_.call('ec2.AuthorizeSecurityGroupIngress', { ...it_.open, GroupId: here.securityGroupId });
  it_.register(it_.arn, { Id: address });
  expect(it_.state()).toBe('healthy');
  expect(new Set(seen)).toEqual(new Set([it_.network.vpcId]));
});

test('one peering at a time between two VPCs', () => {
  const it_ = setUp();
  it_.accept(it_.peer());
  const again = { VpcId: it_.second, PeerVpcId: it_.network.vpcId };
  expect(it_.refusal('ec2.CreateVpcPeeringConnection', again)).toContain(
    'VpcPeeringConnectionAlreadyExists (400)',
  );
});
