import { practiceAccount } from '../practice-account.ts';

describe('what may be a target', () => {
  const cases: [string, object, object, string][] = [
    [
      'an address outside the VPC without zone',
      {},
      { Id: '10.9.0.4' },
      "ValidationError (400): You must specify a valid Availability Zone or select 'all' for all enabled Availability zones, since the IP address '10.9.0.4' is outside the VPC",
    ],
    [
      'an address in the VPC with another zone',
      {},
      { Id: '10.0.64.9', AvailabilityZone: 'all' },
      "ValidationError (400): The IP address '10.0.64.9' is within the VPC, and cannot have its Availability Zone overridden to 'all' from 'us-east-1a'",
    ],
    ['a public address', {}, { Id: '8.8.8.8', AvailabilityZone: 'all' }, 'ValidationError (400): '],
    [
      'no address at all',
      {},
      { Id: 'i-0123456789abcdef0' },
      "ValidationError (400): 'i-0123456789abcdef0' is not a valid IPv4 address",
    ],
    [
      'an unknown instance',
      { TargetType: 'instance' },
      { Id: 'i-0123456789abcdef0' },
      "InvalidTarget (400): The following targets are not valid instances: 'i-0123456789abcdef0'",
    ],
  ];
  test.each(cases)('refused: %s', (_, group, target, words) => {
    const it = practiceAccount();
    const tg = it.group('web', group);
    const refusal = it.refusal('elbv2.RegisterTargets', { TargetGroupArn: tg, Targets: [target] });
    expect(refusal).toContain(words);
    expect(it.health(tg)).toEqual([]);
  });

  test('refused: an instance with a zone, one that does not run, one of another VPC', () => {
    const it = practiceAccount();
    const { network } = it.account;
    const tg = it.group('nodes', { TargetType: 'instance' });
    const zone = 'us-east-1a';
    const launch = (vpcId = network.vpcId) =>
      network.launchInstance({ clusterName: 'a', zone, name: 'n', vpcId }).instanceId;
    const id = launch();
    const refusal = (target: object) =>
      it.refusal('elbv2.RegisterTargets', { TargetGroupArn: tg, Targets: [target] });
    expect(refusal({ Id: id, AvailabilityZone: zone })).toContain('Availability Zone');
    network.terminateInstance(id);
    expect(refusal({ Id: id })).toContain(
      'InvalidTarget (400): The following targets are not in a running state',
    );
    const far = launch(network.createVpc({ cidr: '10.7.0.0/16', name: 'far' }));
    expect(refusal({ Id: far })).toContain(
      'InvalidTarget (400): The following targets are not in the target group VPC',
    );
  });

  test('one wrong target keeps the others out', () => {
    const it = practiceAccount();
    const tg = it.group();
    const Targets = [{ Id: '10.0.64.9' }, { Id: '10.9.0.4' }];
    it.refusal('elbv2.RegisterTargets', { TargetGroupArn: tg, Targets });
    expect(it.health(tg)).toEqual([]);
  });

  test('the zone of an address is found; outside the VPC it is what was said', () => {
    const it = practiceAccount();
    const tg = it.group();
    it.register(tg, { Id: '10.0.96.9' }, { Id: '10.9.0.4', AvailabilityZone: 'all' });
    const { TargetHealthDescriptions } = it.call('elbv2.DescribeTargetHealth', {
      TargetGroupArn: tg,
    });
    expect(TargetHealthDescriptions.map((one: { Target: object }) => one.Target)).toEqual([
      { Id: '10.0.96.9', Port: 80, AvailabilityZone: 'us-east-1b' },
      { Id: '10.9.0.4', Port: 80, AvailabilityZone: 'all' },
    ]);
  });

  test('two spellings of one IPv6 address are one target', () => {
    const it = practiceAccount();
    const tg = it.group('six', { IpAddressType: 'ipv6' });
    it.register(tg, { Id: '2600:1f18:4000:10::a' });
    it.register(tg, { Id: '2600:1f18:4000:0010:0:0:0:A' });
    expect(it.health(tg)).toEqual(['2600:1f18:4000:10::a:80 unused Target.NotInUse']);
  });
});

const many = (count: number, from = 1000) =>
  Array.from({ length: count }, (_, at) => ({
    Id: `10.0.${64 + (at % 4)}.${10 + Math.floor(at / 90)}`,
    Port: from + at,
  }));

describe('quotas', () => {
  const cases: [string, string, number][] = [
    ['per target group', 'targetsPerTargetGroup', 5],
    ['per load balancer', 'targets-per-network-load-balancer', 5],
    ['per Availability Zone', 'targets-per-availability-zone-per-network-load-balancer', 5],
  ];
  test.each(cases)('%s', (words, limit, count) => {
    const it = practiceAccount();
    const tg = it.group();
    it.listener(it.balancer(), tg);
    Object.assign(it.account.limits, { [limit]: count });
    it.register(tg, ...many(count));
    it.register(tg, ...many(count));
    const refusal = it.refusal('elbv2.RegisterTargets', {
      TargetGroupArn: tg,
      Targets: many(1, 9),
    });
    expect(refusal).toBe(
      `TooManyTargets (400): You've reached the limit on the number of targets ${words}`,
    );
  });

  test('with cross-zone 500 in all, whatever their zones', () => {
    const it = practiceAccount();
    const nlb = it.balancer();
    const tg = it.group();
    it.listener(nlb, tg);
    it.call('elbv2.ModifyLoadBalancerAttributes', {
      LoadBalancerArn: nlb,
      Attributes: [{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }],
    });
    it.account.limits['targets-per-availability-zone-per-network-load-balancer'] = 1000;
    it.account.limits.registrationsPerTargetId = 1000;
    it.register(tg, ...many(500));
    const refusal = it.refusal('elbv2.RegisterTargets', {
      TargetGroupArn: tg,
      Targets: many(1, 9),
    });
    expect(refusal).toContain('TooManyTargets');
  });

  test('one address too often on one load balancer', () => {
    const it = practiceAccount();
    const tg = it.group();
    it.listener(it.balancer(), tg);
    it.account.limits.registrationsPerTargetId = 1;
    const Targets = [
      { Id: '10.0.64.9', Port: 1 },
      { Id: '10.0.64.9', Port: 2 },
    ];
    expect(it.refusal('elbv2.RegisterTargets', { TargetGroupArn: tg, Targets })).toContain(
      'TooManyRegistrationsForTargetId',
    );
  });
});
