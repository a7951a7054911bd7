import * as ec2 from '@aws-sdk/client-ec2';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import { errorOf, practiceEndpoint } from './practice-endpoint.ts';

type Practice = Awaited<ReturnType<typeof practiceEndpoint>>;
let it_: Practice;
let elbv2: elb.ElasticLoadBalancingV2Client;
let ec2s: ec2.EC2Client;

beforeEach(async () => {
  it_ = await practiceEndpoint();
  elbv2 = new elb.ElasticLoadBalancingV2Client(it_.client);
  ec2s = new ec2.EC2Client(it_.client);
});
afterEach(async () => {
  elbv2.destroy();
  ec2s.destroy();
  await it_.endpoint.close();
});

describe('what the SDKs read', () => {
  test('a load balancer made by the SDK has what was sent and what AWS adds', async () => {
    const made = await elbv2.send(
      new elb.CreateLoadBalancerCommand({
        Name: 'sdk',
        Type: 'network',
        Scheme: 'internal',
        Subnets: it_.subnets(false),
        Tags: [{ Key: 'a&b', Value: '<1>' }],
      }),
    );
    const LoadBalancerArn = made.LoadBalancers?.[0]?.LoadBalancerArn ?? '';
    const { LoadBalancers } = await elbv2.send(
      new elb.DescribeLoadBalancersCommand({ Names: ['sdk'] }),
    );
    expect(LoadBalancers).toMatchObject([
      { LoadBalancerArn, Type: 'network', Scheme: 'internal', State: { Code: 'provisioning' } },
    ]);
    expect(LoadBalancers?.[0]?.CreatedTime?.getTime()).toBe(it_.clock.date().getTime());
    expect(LoadBalancers?.[0]?.AvailabilityZones?.map((zone) => zone.ZoneName)).toEqual([
      'us-east-1a',
      'us-east-1b',
      'us-east-1c',
    ]);
    const tags = await elbv2.send(new elb.DescribeTagsCommand({ ResourceArns: [LoadBalancerArn] }));
    expect(tags.TagDescriptions?.[0]?.Tags).toEqual([{ Key: 'a&b', Value: '<1>' }]);
  });

  test('numbers and booleans come back as such; targets keep ports apart', async () => {
    const { TargetGroups } = await elbv2.send(
      new elb.CreateTargetGroupCommand({
        Name: 'sdk',
        Protocol: 'TCP',
        Port: 8080,
        VpcId: it_.account.network.vpcId,
        TargetType: 'ip',
        HealthCheckProtocol: 'HTTP',
        HealthCheckPath: '/ok',
        HealthCheckIntervalSeconds: 15,
        HealthCheckEnabled: true,
      }),
    );
    expect(TargetGroups).toMatchObject([
      {
        Port: 8080,
        HealthCheckEnabled: true,
        HealthCheckIntervalSeconds: 15,
        HealthCheckPath: '/ok',
        HealthCheckPort: 'traffic-port',
        Matcher: { HttpCode: '200-399' },
        LoadBalancerArns: [],
      },
    ]);
    const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
    const LoadBalancerArn = it_.balancer();
    await elbv2.send(
      new elb.CreateListenerCommand({
        LoadBalancerArn,
        Port: 80,
        Protocol: 'TCP',
        DefaultActions: [
          { Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn, Weight: 7 }] } },
        ],
      }),
    );
    const { Listeners } = await elbv2.send(new elb.DescribeListenersCommand({ LoadBalancerArn }));
    expect(Listeners?.[0]?.DefaultActions?.[0]).toMatchObject({
      TargetGroupArn,
      ForwardConfig: {
        TargetGroups: [{ TargetGroupArn, Weight: 7 }],
        TargetGroupStickinessConfig: { Enabled: false },
      },
    });
    await elbv2.send(
      new elb.RegisterTargetsCommand({
        TargetGroupArn,
        Targets: [
          { Id: '10.0.64.9', Port: 80 },
          { Id: '10.0.64.9', Port: 81 },
        ],
      }),
    );
    it_.clock.advance(600_000);
    const { TargetHealthDescriptions } = await elbv2.send(
      new elb.DescribeTargetHealthCommand({ TargetGroupArn }),
    );
    expect(TargetHealthDescriptions).toEqual(
      [80, 81].map((Port) => ({
        Target: { Id: '10.0.64.9', Port, AvailabilityZone: 'us-east-1a' },
        HealthCheckPort: String(Port),
        TargetHealth: { State: 'healthy' },
      })),
    );
  });

  test('EC2: networks, instances, interfaces and groups have every field under its name', async () => {
    const { network } = it_.account;
    const node = network.launchInstance({ clusterName: 'a', zone: 'us-east-1a', name: 'n' });
    const pod = network.assignIp(node.eniId);
    const { Vpcs } = await ec2s.send(new ec2.DescribeVpcsCommand({ VpcIds: [network.vpcId] }));
    expect(Vpcs).toMatchObject([
      {
        VpcId: network.vpcId,
        CidrBlock: '10.0.0.0/16',
        IsDefault: false,
        CidrBlockAssociationSet: [
          { CidrBlock: '10.0.0.0/16', CidrBlockState: { State: 'associated' } },
        ],
        Tags: [{ Key: 'Name', Value: 'sandbox' }],
      },
    ]);
    const { Subnets } = await ec2s.send(
      new ec2.DescribeSubnetsCommand({ SubnetIds: [node.subnetId] }),
    );
    expect(Subnets).toMatchObject([
      {
        AvailabilityZone: 'us-east-1a',
        AvailabilityZoneId: 'use1-az1',
        MapPublicIpOnLaunch: false,
        AvailableIpAddressCount: 8185,
      },
    ]);
    const { AvailabilityZones } = await ec2s.send(new ec2.DescribeAvailabilityZonesCommand({}));
    expect(AvailabilityZones).toMatchObject([
      { State: 'available', ZoneName: 'us-east-1a' },
      {},
      {},
    ]);
    const { RouteTables } = await ec2s.send(
      new ec2.DescribeRouteTablesCommand({
        Filters: [{ Name: 'association.subnet-id', Values: [node.subnetId] }],
      }),
    );
    expect(RouteTables?.[0]?.Routes?.map((route) => route.DestinationCidrBlock)).toEqual([
      '10.0.0.0/16',
      '0.0.0.0/0',
    ]);
    const { Reservations } = await ec2s.send(
      new ec2.DescribeInstancesCommand({ InstanceIds: [node.instanceId] }),
    );
    expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({
      InstanceId: node.instanceId,
      State: { Name: 'running' },
      SecurityGroups: [{ GroupId: node.securityGroupId }],
      NetworkInterfaces: [
        {
          Groups: [{ GroupId: node.securityGroupId }],
          PrivateIpAddresses: [{ Primary: true }, { PrivateIpAddress: pod }],
        },
      ],
    });
    const { NetworkInterfaces } = await ec2s.send(
      new ec2.DescribeNetworkInterfacesCommand({
        Filters: [{ Name: 'addresses.private-ip-address', Values: [pod] }],
      }),
    );
    expect(NetworkInterfaces).toMatchObject([
      {
        NetworkInterfaceId: node.eniId,
        Groups: [{ GroupId: node.securityGroupId }],
        TagSet: [{ Value: 'a' }, { Value: node.instanceId }],
      },
    ]);
    const { VpcPeeringConnections } = await ec2s.send(
      new ec2.DescribeVpcPeeringConnectionsCommand({}),
    );
    expect(VpcPeeringConnections).toEqual([]);
  });

  test('EC2: a group made, tagged, opened, closed and deleted', async () => {
    const { GroupId = '' } = await ec2s.send(
      new ec2.CreateSecurityGroupCommand({
        GroupName: 'lb',
        Description: 'for "lb"',
        VpcId: it_.account.network.vpcId,
        TagSpecifications: [{ ResourceType: 'security-group', Tags: [{ Key: 'k', Value: 'v' }] }],
      }),
    );
    await ec2s.send(
      new ec2.CreateTagsCommand({ Resources: [GroupId], Tags: [{ Key: 'l', Value: 'w' }] }),
    );
    await ec2s.send(new ec2.DeleteTagsCommand({ Resources: [GroupId], Tags: [{ Key: 'k' }] }));
    const IpPermissions = [
      {
        IpProtocol: 'tcp',
        FromPort: 80,
        ToPort: 80,
        UserIdGroupPairs: [{ GroupId }],
        IpRanges: [{ CidrIp: '10.0.0.0/16', Description: 'd' }],
      },
    ];
    const made = await ec2s.send(
      new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }),
    );
    expect(made).toMatchObject({
      Return: true,
      SecurityGroupRules: [{ ReferencedGroupInfo: { GroupId } }, { CidrIpv4: '10.0.0.0/16' }],
    });
    const { SecurityGroups } = await ec2s.send(
      new ec2.DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }),
    );
    expect(SecurityGroups).toMatchObject([
      { GroupName: 'lb', Description: 'for "lb"', IpPermissions, Tags: [{ Key: 'l', Value: 'w' }] },
    ]);
    const dry = await errorOf(
      ec2s.send(new ec2.DeleteSecurityGroupCommand({ GroupId, DryRun: true })),
    );
    expect(dry).toMatchObject({ name: 'DryRunOperation', $metadata: { httpStatusCode: 412 } });
    expect(it_.journal.entries.at(-1)).toMatchObject({ dryRun: true, mutating: false });
    await ec2s.send(new ec2.RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    await ec2s.send(new ec2.DeleteSecurityGroupCommand({ GroupId }));
    const gone = await errorOf(
      ec2s.send(new ec2.DescribeSecurityGroupsCommand({ GroupIds: [GroupId] })),
    );
    expect(gone.name).toBe('InvalidGroup.NotFound');
  });

  test('paginators see every item with pages of one', async () => {
    for (const name of ['a', 'b', 'c']) it_.group(name);
    it_.account.pageSize = 1;
    const found: (string | undefined)[] = [];
    for await (const page of elb.paginateDescribeTargetGroups({ client: elbv2 }, {})) {
      expect(page.TargetGroups).toHaveLength(1);
      found.push(...(page.TargetGroups ?? []).map((one) => one.TargetGroupName));
    }
    expect(found).toEqual(['a', 'b', 'c']);
    let subnets = 0;
    for await (const page of ec2.paginateDescribeSubnets({ client: ec2s }, {}))
      subnets += page.Subnets?.length ?? 0;
    expect(subnets).toBe(6);
  });
});
