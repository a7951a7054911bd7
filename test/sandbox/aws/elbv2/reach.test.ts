import { practiceAccount } from '../practice-account.ts';

/** A load balancer whose target is a pod's address, all of it healthy unless a rule is missing. */
function setUp(o: { readonly groups?: boolean; readonly group?: object } = {}) {
  const it_ = practiceAccount();
  const { account, call, clock } = it_;
  const { network } = account;
  const node = network.launchInstance({ clusterName: 'a', zone: 'us-east-1a', name: 'n' });
  const pod = network.assignIp(node.eniId);
  const make = (GroupName: string): string =>
    call('ec2.CreateSecurityGroup', { GroupName, Description: 'x', VpcId: network.vpcId }).GroupId;
  const front = make('front');
  const back = make('back');
  const balancer = it_.balancer('shared', {
    Subnets: it_.subnets(true),
    ...(o.groups === false ? {} : { SecurityGroups: [front, back] }),
  });
  const arn = it_.group('web', { UnhealthyThresholdCount: 3, ...o.group });
  const Protocol = o.group && 'Protocol' in o.group ? o.group.Protocol : 'TCP';
  const DefaultActions = [{ Type: 'forward', TargetGroupArn: arn }];
  const on = { LoadBalancerArn: balancer, Port: 80, Protocol };
  it_.call('elbv2.CreateListener', { ...on, DefaultActions });
  const inward = (permission: object, GroupId = node.securityGroupId) =>
    call('ec2.AuthorizeSecurityGroupIngress', {
      GroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, ...permission }],
    });
  const close = (permission: object, GroupId = node.securityGroupId) =>
    call('ec2.RevokeSecurityGroupIngress', {
      GroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, ...permission }],
    });
  const from = (GroupId: string) => ({ UserIdGroupPairs: [{ GroupId }] });
  const block = (...blocks: string[]) => ({ IpRanges: blocks.map((CidrIp) => ({ CidrIp })) });
  const state = (ms = 600_000): string => {
    clock.advance(ms);
    return it_.health(arn)[0]?.replace(/^\S+ /, '') ?? '';
  };
  return { ...it_, network, node, pod, front, back, arn, inward, close, from, block, state };
}

const UNHEALTHY = 'unhealthy Target.FailedHealthChecks';

test('a rule that names a group of the load balancer lets its health checks in, until it goes', () => {
  const it_ = setUp();
  it_.inward(it_.from(it_.back));
  it_.register(it_.arn, { Id: it_.pod });
  expect(it_.state()).toBe('healthy');
  it_.close(it_.from(it_.back));
  // Three checks, ten seconds apart, must fail first.
  expect(it_.state(21_000)).toBe('healthy');
  expect(it_.state(10_000)).toBe(UNHEALTHY);
  it_.inward(it_.from(it_.front));
  expect(it_.state(11_000)).toBe(UNHEALTHY);
  expect(it_.state(10_000)).toBe('healthy');
});

test.each([
  ['no rule', {}],
  ['another protocol', { IpProtocol: 'udp', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  ['another port', { FromPort: 81, ToPort: 90, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  ['another address', { IpRanges: [{ CidrIp: '10.0.64.0/18' }] }],
  ['the nodes of one zone of three', { IpRanges: [{ CidrIp: '10.0.0.0/20' }] }],
  ['the other family', { Ipv6Ranges: [{ CidrIpv6: '::/0' }] }],
])('%s is not enough', (_, permission) => {
  const it_ = setUp({ group: {} });
  const Attributes = [{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }];
  it_.call('elbv2.ModifyTargetGroupAttributes', { TargetGroupArn: it_.arn, Attributes });
  if (Object.keys(permission).length > 0) it_.inward(permission);
  it_.register(it_.arn, { Id: it_.pod });
  expect(it_.state()).toBe(UNHEALTHY);
});

test.each([
  ['all protocols', { IpProtocol: '-1', FromPort: undefined, ToPort: undefined }],
  ['a range of ports', { FromPort: 1, ToPort: 100 }],
])('%s from everywhere is enough', (_, range) => {
  const it_ = setUp();
  it_.inward({ ...range, ...it_.block('0.0.0.0/0') });
  it_.register(it_.arn, { Id: it_.pod });
  expect(it_.state()).toBe('healthy');
});

test('without cross-zone only the node of the target’s zone checks it', () => {
  const it_ = setUp();
  it_.inward(it_.block('10.0.0.0/20'));
  it_.register(it_.arn, { Id: it_.pod });
  expect(it_.state()).toBe('healthy');
});

test('a load balancer without groups is let in by the addresses of its subnets', () => {
  const it_ = setUp({ groups: false });
  it_.register(it_.arn, { Id: it_.pod });
  it_.inward(it_.from(it_.back));
  expect(it_.state()).toBe(UNHEALTHY);
  it_.inward(it_.block('10.0.0.0/18'));
  expect(it_.state()).toBe('healthy');
});

test('the health check port needs its own rule, over TCP for a UDP group, too', () => {
  const it_ = setUp({ group: { Protocol: 'UDP', HealthCheckPort: '8080' } });
  it_.inward({ IpProtocol: 'udp', ...it_.from(it_.back) });
  it_.register(it_.arn, { Id: it_.pod });
  expect(it_.state()).toBe(UNHEALTHY);
  it_.inward({ FromPort: 8080, ToPort: 8080, ...it_.from(it_.back) });
  expect(it_.state()).toBe('healthy');
});

test('what the load balancer’s groups let out counts, too', () => {
  const it_ = setUp();
  it_.inward(it_.block('0.0.0.0/0'));
  it_.register(it_.arn, { Id: it_.pod });
  const all = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  for (const GroupId of [it_.front, it_.back]) {
    it_.call('ec2.RevokeSecurityGroupEgress', { GroupId, IpPermissions: [all] });
  }
  expect(it_.state()).toBe(UNHEALTHY);
  const towards = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80 };
  it_.call('ec2.AuthorizeSecurityGroupEgress', {
    GroupId: it_.front,
    IpPermissions: [{ ...towards, ...it_.from(it_.node.securityGroupId) }],
  });
  expect(it_.state()).toBe('healthy');
});

test('an address that no interface of the account has is outside, where no group holds', () => {
  const it_ = setUp();
  it_.register(it_.arn, { Id: '192.168.7.7', AvailabilityZone: 'all' });
  expect(it_.state()).toBe('healthy');
});

test('an instance is reached at its primary interface', () => {
  const it_ = setUp({ group: { TargetType: 'instance', Port: 30_080 } });
  it_.register(it_.arn, { Id: it_.node.instanceId });
  expect(it_.state()).toBe(UNHEALTHY);
  it_.inward({ FromPort: 30_080, ToPort: 30_080, ...it_.from(it_.back) });
  expect(it_.state()).toBe('healthy');
});
