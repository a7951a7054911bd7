import { practiceAccount } from '../practice-account.ts';

function twoNodes() {
  const it = practiceAccount();
  const { network } = it.account;
  const a = network.launchInstance({ clusterName: 'a', zone: 'us-east-1a', name: 'a-1' });
  const b = network.launchInstance({ clusterName: 'b', zone: 'us-east-1b', name: 'b-1' });
  return { ...it, network, a, b };
}

test('an address leads to its interface, instance and cluster', () => {
  const { network, a, call } = twoNodes();
  const pod = network.assignIp(a.eniId);
  const find = (Name: string, value: string) =>
    call('ec2.DescribeNetworkInterfaces', { Filters: [{ Name, Values: [value] }] })
      .NetworkInterfaces;
  const [eni] = find('addresses.private-ip-address', pod);
  expect(eni).toMatchObject({
    NetworkInterfaceId: a.eniId,
    PrivateIpAddress: a.privateIp,
    Attachment: { InstanceId: a.instanceId },
  });
  expect(eni.TagSet).toContainEqual({ Key: 'cluster.k8s.amazonaws.com/name', Value: 'a' });
  const [{ Instances }] = call('ec2.DescribeInstances', {
    InstanceIds: [a.instanceId],
  }).Reservations;
  expect(Instances[0].Tags).toContainEqual({ Key: 'kubernetes.io/cluster/a', Value: 'owned' });
  network.assignIp(a.eniId, '2600:1f18:4000:10::9');
  expect(find('ipv6-addresses.ipv6-address', '2600:1f18:4000:0010::9')).toHaveLength(1);
  network.releaseIp(pod);
  expect(find('addresses.private-ip-address', pod)).toEqual([]);
});

test('a released address is not the next one handed out', () => {
  const { network, a } = twoNodes();
  const pod = network.assignIp(a.eniId);
  network.releaseIp(pod);
  expect(network.assignIp(a.eniId)).not.toBe(pod);
});

test('nodes of a cluster share a security group that carries its name; two clusters do not', () => {
  const { network, a, b, call } = twoNodes();
  const again = network.launchInstance({ clusterName: 'a', zone: 'us-east-1c', name: 'a-2' });
  expect(again.securityGroupId).toBe(a.securityGroupId);
  expect(b.securityGroupId).not.toBe(a.securityGroupId);
  const { SecurityGroups } = call('ec2.DescribeSecurityGroups', {
    Filters: [
      { Name: 'tag:kubernetes.io/cluster/a', Values: ['owned', 'shared'] },
      { Name: 'vpc-id', Values: [network.vpcId] },
    ],
  });
  expect(SecurityGroups.map((one: { GroupId: string }) => one.GroupId)).toEqual([
    a.securityGroupId,
  ]);
});

test('an unknown filter, an unknown id and a malformed one are told apart', () => {
  const { refusal } = twoNodes();
  expect(refusal('ec2.DescribeVpcs', { Filters: [{ Name: 'colour', Values: ['x'] }] })).toBe(
    "InvalidParameterValue (400): The filter 'colour' is invalid",
  );
  expect(refusal('ec2.DescribeSecurityGroups', { GroupIds: ['sg-0123456789abcdef0'] })).toBe(
    "InvalidGroup.NotFound (400): The security group 'sg-0123456789abcdef0' does not exist",
  );
  expect(refusal('ec2.DescribeSecurityGroups', { GroupIds: ['nginx'] })).toContain(
    'InvalidGroupId.Malformed',
  );
});

test('rules: given once, described with their source, taken once', () => {
  const { a, b, call, refusal } = twoNodes();
  const permission = (source = b.securityGroupId) => ({
    GroupId: a.securityGroupId,
    IpPermissions: [
      {
        IpProtocol: 'tcp',
        FromPort: 80,
        ToPort: 8080,
        UserIdGroupPairs: [
          { GroupId: source, Description: 'elbv2.k8s.aws/targetGroupBinding=shared' },
        ],
      },
    ],
  });
  const ports = () =>
    call('ec2.DescribeSecurityGroups', {
      GroupIds: [a.securityGroupId],
    }).SecurityGroups[0].IpPermissions.filter((one: { FromPort?: number }) => one.FromPort === 80);
  call('ec2.AuthorizeSecurityGroupIngress', permission());
  expect(ports()).toMatchObject([
    {
      ToPort: 8080,
      UserIdGroupPairs: [
        { GroupId: b.securityGroupId, Description: 'elbv2.k8s.aws/targetGroupBinding=shared' },
      ],
    },
  ]);
  expect(refusal('ec2.AuthorizeSecurityGroupIngress', permission())).toBe(
    `InvalidPermission.Duplicate (400): the specified rule "peer: ${b.securityGroupId}, TCP, from port: 80, to port: 8080, ALLOW" already exists`,
  );
  expect(
    refusal('ec2.AuthorizeSecurityGroupIngress', permission('sg-0123456789abcdef0')),
  ).toContain('InvalidGroup.NotFound');
  call('ec2.RevokeSecurityGroupIngress', permission());
  expect(ports()).toEqual([]);
  expect(refusal('ec2.RevokeSecurityGroupIngress', permission())).toContain(
    'InvalidPermission.NotFound',
  );
});

test('a security group that a rule of another one names cannot be deleted', () => {
  const { a, network, call, refusal } = twoNodes();
  const { GroupId } = call('ec2.CreateSecurityGroup', {
    GroupName: 'lb',
    Description: 'lb',
    VpcId: network.vpcId,
  });
  const rule = {
    GroupId: a.securityGroupId,
    IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId }] }],
  };
  call('ec2.AuthorizeSecurityGroupIngress', rule);
  expect(refusal('ec2.DeleteSecurityGroup', { GroupId })).toContain('DependencyViolation');
  call('ec2.RevokeSecurityGroupIngress', rule);
  call('ec2.DeleteSecurityGroup', { GroupId });
  expect(refusal('ec2.DeleteSecurityGroup', { GroupId })).toContain('InvalidGroup.NotFound');
});
