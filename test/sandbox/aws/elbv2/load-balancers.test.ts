import { practiceAccount } from '../practice-account.ts';

const names = (list: Record<string, string>[], key: string): (string | undefined)[] =>
  list.map((one) => one[key]);

test('a load balancer has the names AWS gives, and is active after a while', () => {
  const { balancer, call, clock } = practiceAccount();
  const arn = balancer('k8s-default-nginx-0123456789');
  const read = () =>
    call('elbv2.DescribeLoadBalancers', { LoadBalancerArns: [arn] }).LoadBalancers[0];
  expect(arn).toMatch(
    /^arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer\/net\/k8s-default-nginx-0123456789\/[0-9a-f]{16}$/,
  );
  expect(read().DNSName).toBe(
    `k8s-default-nginx-0123456789-${arn.slice(-16)}.elb.us-east-1.amazonaws.com`,
  );
  expect(read().State).toEqual({ Code: 'provisioning' });
  clock.advance(120_000);
  expect(read().State).toEqual({ Code: 'active' });
});

test('the same seed gives the same ids', () => {
  expect(practiceAccount().balancer()).toBe(practiceAccount().balancer());
});

test('deletion protection holds until it is taken off; listeners go along, target groups stay', () => {
  const { balancer, group, listener, call, refusal } = practiceAccount();
  const LoadBalancerArn = balancer();
  const tg = group();
  listener(LoadBalancerArn, tg);
  const protect = (Value: string) =>
    call('elbv2.ModifyLoadBalancerAttributes', {
      LoadBalancerArn,
      Attributes: [{ Key: 'deletion_protection.enabled', Value }],
    });
  protect('true');
  expect(refusal('elbv2.DeleteLoadBalancer', { LoadBalancerArn })).toBe(
    `OperationNotPermitted (400): Load balancer '${LoadBalancerArn}' cannot be deleted because deletion protection is enabled`,
  );
  expect(refusal('elbv2.DeleteTargetGroup', { TargetGroupArn: tg })).toBe(
    `ResourceInUse (400): Target group '${tg}' is currently in use by a listener or a rule`,
  );
  protect('false');
  call('elbv2.DeleteLoadBalancer', { LoadBalancerArn });
  call('elbv2.DeleteLoadBalancer', { LoadBalancerArn });
  expect(call('elbv2.DescribeTargetGroups').TargetGroups[0].LoadBalancerArns).toEqual([]);
  expect(call('ec2.DescribeNetworkInterfaces').NetworkInterfaces).toEqual([]);
  call('elbv2.DeleteTargetGroup', { TargetGroupArn: tg });
  expect(call('elbv2.DescribeTargetGroups').TargetGroups).toEqual([]);
});

test('a known and an unknown name together are refused', () => {
  const { balancer, group, refusal } = practiceAccount();
  balancer('known');
  group('known');
  expect(refusal('elbv2.DescribeLoadBalancers', { Names: ['known', 'other'] })).toBe(
    "LoadBalancerNotFound (400): Load balancers '[other]' not found",
  );
  expect(refusal('elbv2.DescribeTargetGroups', { Names: ['known', 'other'] })).toBe(
    'TargetGroupNotFound (400): One or more target groups not found',
  );
});

test('a name again: the same settings give the same one, others are refused', () => {
  const { balancer, group, refusal, account, subnets } = practiceAccount();
  expect(balancer()).toBe(balancer());
  expect(group()).toBe(group());
  expect(
    refusal('elbv2.CreateLoadBalancer', {
      Name: 'shared',
      Type: 'network',
      Scheme: 'internal',
      Subnets: subnets(true),
    }),
  ).toContain('DuplicateLoadBalancerName');
  expect(
    refusal('elbv2.CreateTargetGroup', {
      Name: 'web',
      Protocol: 'UDP',
      Port: 80,
      VpcId: account.network.vpcId,
    }),
  ).toContain('DuplicateTargetGroupName');
});

test('listeners: one per port, a fitting protocol, and a target group on one load balancer only', () => {
  const { balancer, group, listener, refusal } = practiceAccount();
  const nlb = balancer();
  const tg = group();
  expect(listener(nlb, tg)).toBe(listener(nlb, tg));
  const create = (LoadBalancerArn: string, TargetGroupArn: string, Port = 80) =>
    refusal('elbv2.CreateListener', {
      LoadBalancerArn,
      Port,
      Protocol: 'TCP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    });
  expect(create(nlb, group('two'))).toContain('DuplicateListener');
  expect(create(nlb, group('udp', { Protocol: 'UDP' }), 81)).toContain('IncompatibleProtocols');
  expect(create(balancer('second'), tg)).toContain('TargetGroupAssociationLimit');
});

test('a load balancer made without security groups never gets any', () => {
  const { balancer, call, account, refusal } = practiceAccount();
  const { GroupId } = call('ec2.CreateSecurityGroup', {
    GroupName: 'g',
    Description: 'g',
    VpcId: account.network.vpcId,
  });
  const set = (LoadBalancerArn: string) => ({ LoadBalancerArn, SecurityGroups: [GroupId] });
  expect(refusal('elbv2.SetSecurityGroups', set(balancer()))).toContain(
    'InvalidConfigurationRequest',
  );
  const other = call('ec2.CreateSecurityGroup', {
    GroupName: 'h',
    Description: 'h',
    VpcId: account.network.vpcId,
  });
  const with_ = balancer('with', { SecurityGroups: [other.GroupId] });
  expect(call('elbv2.SetSecurityGroups', set(with_))).toMatchObject({
    SecurityGroupIds: [GroupId],
  });
  expect(refusal('ec2.DeleteSecurityGroup', { GroupId })).toBe(
    `DependencyViolation (400): resource ${GroupId} has a dependent object`,
  );
});

test('attributes: what is named changes, a wrong key or value changes nothing', () => {
  const { group, call, refusal } = practiceAccount();
  const TargetGroupArn = group();
  const modify = (Key: string, Value: string) => ({
    TargetGroupArn,
    Attributes: [
      { Key: 'proxy_protocol_v2.enabled', Value: 'true' },
      { Key, Value },
    ],
  });
  expect(refusal('elbv2.ModifyTargetGroupAttributes', modify('proxy', 'true'))).toBe(
    "ValidationError (400): Target group attribute key 'proxy' is not recognized",
  );
  expect(
    refusal(
      'elbv2.ModifyTargetGroupAttributes',
      modify('deregistration_delay.timeout_seconds', '3601'),
    ),
  ).toContain('ValidationError');
  const read = () =>
    Object.fromEntries(
      call('elbv2.DescribeTargetGroupAttributes', { TargetGroupArn }).Attributes.map(
        (one: { Key: string; Value: string }) => [one.Key, one.Value],
      ),
    );
  expect(read()['proxy_protocol_v2.enabled']).toBe('false');
  call('elbv2.ModifyTargetGroupAttributes', modify('deregistration_delay.timeout_seconds', '0'));
  expect(read()).toMatchObject({
    'proxy_protocol_v2.enabled': 'true',
    'deregistration_delay.timeout_seconds': '0',
    'preserve_client_ip.enabled': 'false',
  });
});

test('tags: at most 20 resources a call, one unknown fails it', () => {
  const { balancer, call, refusal } = practiceAccount();
  const arn = balancer('tagged', { Tags: [{ Key: 'a', Value: '1' }] });
  call('elbv2.AddTags', {
    ResourceArns: [arn],
    Tags: [
      { Key: 'b', Value: '2' },
      { Key: 'a', Value: '3' },
    ],
  });
  call('elbv2.RemoveTags', { ResourceArns: [arn], TagKeys: ['b', 'c'] });
  expect(call('elbv2.DescribeTags', { ResourceArns: [arn] }).TagDescriptions).toEqual([
    { ResourceArn: arn, Tags: [{ Key: 'a', Value: '3' }] },
  ]);
  expect(refusal('elbv2.DescribeTags', { ResourceArns: Array(21).fill(arn) })).toContain(
    'ValidationError',
  );
  expect(
    refusal('elbv2.DescribeTags', { ResourceArns: [arn, arn.replace('tagged', 'other')] }),
  ).toContain('LoadBalancerNotFound');
});

test('pages: as long as asked, never longer than the account allows, and complete', () => {
  const { group, call, account, refusal } = practiceAccount();
  for (const name of ['a', 'b', 'c']) group(name);
  const walk = (params: object): string[][] => {
    const pages: string[][] = [];
    for (let Marker: string | undefined; ;) {
      const answer = call('elbv2.DescribeTargetGroups', {
        ...params,
        ...(Marker ? { Marker } : {}),
      });
      pages.push(names(answer.TargetGroups, 'TargetGroupName') as string[]);
      if (!(Marker = answer.NextMarker)) return pages;
    }
  };
  expect(walk({})).toEqual([['a', 'b', 'c']]);
  expect(walk({ PageSize: 2 })).toEqual([['a', 'b'], ['c']]);
  account.pageSize = 1;
  expect(walk({ PageSize: 2 })).toEqual([['a'], ['b'], ['c']]);
  expect(call('ec2.DescribeSubnets').NextToken).toBeDefined();
  expect(refusal('elbv2.DescribeTargetGroups', { PageSize: 401 })).toContain('ValidationError');
  expect(refusal('elbv2.DescribeTargetGroups', { Marker: 'x' })).toContain('ValidationError');
});

test('denied actions are refused as each service does it, for the actors named', () => {
  const { account, call, refusal } = practiceAccount();
  const lift = account.access.deny({ action: /Describe/, actor: /^test$/ });
  expect(refusal('elbv2.DescribeTargetGroups')).toBe(
    'AccessDenied (403): User: arn:aws:iam::123456789012:user/sandbox is not authorized to perform: elasticloadbalancing:DescribeTargetGroups because no identity-based policy allows the elasticloadbalancing:DescribeTargetGroups action',
  );
  expect(refusal('ec2.DescribeVpcs')).toContain('UnauthorizedOperation (403)');
  expect(account.call('ec2.DescribeVpcs', {}, 'lbc/a').Vpcs).toHaveLength(1);
  lift();
  expect(call('ec2.DescribeVpcs').Vpcs).toHaveLength(1);
});

test('the journal has each call with its outcome, and the caller owns what it gets', () => {
  const { group, call, journal, refusal } = practiceAccount();
  const TargetGroupArn = group();
  refusal('elbv2.DescribeTargetGroups', { Names: ['x'] });
  expect(journal.entries.slice(-2)).toMatchObject([
    {
      world: 'aws',
      actor: 'test',
      action: 'elbv2.CreateTargetGroup',
      status: 200,
      mutating: true,
      source: 'internal',
    },
    {
      action: 'elbv2.DescribeTargetGroups',
      params: { Names: ['x'] },
      status: 400,
      mutating: false,
    },
  ]);
  const first = call('elbv2.DescribeTargetGroups').TargetGroups[0];
  first.TargetGroupArn = 'spoilt';
  expect(call('elbv2.DescribeTargetGroups').TargetGroups[0].TargetGroupArn).toBe(TargetGroupArn);
});

test('a listener has one rule, which has no tags of its own', () => {
  const { call, balancer, group, listener, refusal } = practiceAccount();
  const ListenerArn = listener(balancer(), group());
  const [{ RuleArn }] = call('elbv2.DescribeRules', { ListenerArn }).Rules;
  expect(call('elbv2.DescribeTags', { ResourceArns: [RuleArn] }).TagDescriptions).toEqual([
    { ResourceArn: RuleArn, Tags: [] },
  ]);
  expect(refusal('elbv2.DescribeTags', { ResourceArns: [`${RuleArn}0`] })).toBe(
    'RuleNotFound (400): One or more rules not found',
  );
});
