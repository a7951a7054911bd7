import { readAccountLimits } from '../../src/aws/account-limits.ts';
import { connectAws, type AwsClient } from '../../src/aws/connect.ts';
import { readPeerings } from '../../src/aws/peerings.ts';
import { readSecurityGroups } from '../../src/aws/security-groups.ts';
import { readOtherGroups } from '../../src/aws/target-groups.ts';
import { readTargetInterfaces } from '../../src/aws/target-interfaces.ts';
import type { Reading } from '../../src/core/model/problem.ts';
import { practiceEndpoint } from '../sandbox/aws/practice-endpoint.ts';
import { awsOptions } from './aws-options.ts';

const REGION = 'us-east-1';
let practice: Awaited<ReturnType<typeof practiceEndpoint>>;
let aws: AwsClient;

beforeEach(async () => {
  practice = await practiceEndpoint({ pageSize: 1 });
  const { accessKeyId, secretAccessKey } = practice.account;
  aws = connectAws(
    awsOptions({
      env: {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_ENDPOINT_URL: practice.endpoint.url,
      },
    }),
  );
});
afterEach(async () => {
  aws.close();
  await practice.endpoint.close();
});

function got<T>(reading: Reading<T> | undefined): T {
  if (!reading?.ok) throw new Error(JSON.stringify(reading));
  return reading.value;
}

test('rules have one peer each, and a group that is gone hides no other', async () => {
  const { account } = practice;
  const VpcId = account.network.vpcId;
  const { GroupId } = account.perform(
    'ec2.CreateSecurityGroup',
    { GroupName: 'nodes', Description: 'x', VpcId },
    'test',
  ) as { GroupId: string };
  account.perform(
    'ec2.AuthorizeSecurityGroupIngress',
    {
      GroupId,
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: 80,
          ToPort: 90,
          UserIdGroupPairs: [{ GroupId, Description: 'own' }],
          IpRanges: [{ CidrIp: '10.0.0.0/8' }, { CidrIp: '172.16.0.0/12' }],
          Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }],
        },
      ],
    },
    'test',
  );
  const groups = got(await readSecurityGroups(aws, REGION, [GroupId, 'sg-0123456789abcdef0']));
  expect(groups.map(({ id }) => id)).toEqual([GroupId]);
  const range = { protocol: 'tcp', from: 80, to: 90 };
  expect(groups[0]?.ingress).toEqual([
    { ...range, peer: { kind: 'group', id: GroupId }, description: 'own' },
    { ...range, peer: { kind: 'range', cidr: '10.0.0.0/8' } },
    { ...range, peer: { kind: 'range', cidr: '172.16.0.0/12' } },
    { ...range, peer: { kind: 'range', cidr: '2001:db8::/32' } },
  ]);
  // All protocols have no ports.
  expect(groups[0]?.egress[0]).toEqual({
    protocol: '-1',
    peer: { kind: 'range', cidr: '0.0.0.0/0' },
  });
});

test('interfaces of instances, addresses and addresses in a delegated prefix, with their groups', async () => {
  const { network } = practice.account;
  const at = { clusterName: 'a', zone: 'us-east-1a', name: 'node' };
  const node = network.launchInstance(at);
  const six = network.launchInstance({ ...at, name: 'six', withIpv6: true });
  const [prefix = ''] = network.interfaces.get(six.eniId)?.ipv6Prefixes ?? [];
  const pod = prefix.replace(/\/80$/, '5');
  const ids = [node.instanceId, node.privateIp, pod, '10.0.99.99'];
  const read = got(
    await readTargetInterfaces(aws, REGION, ids, [network.vpcId], ['kubernetes.io/cluster/a']),
  );
  expect(read.map(({ target, id }) => [target, id])).toEqual([
    [node.instanceId, node.eniId],
    [node.privateIp, node.eniId],
    [pod, six.eniId],
  ]);
  expect(new Set(read.map(({ vpcId }) => vpcId))).toEqual(new Set([network.vpcId]));
  for (const { groups } of read) expect(groups.map(({ id }) => id)).toEqual([node.securityGroupId]);
});

test('peerings of either side, and the limits of the account on all pages', async () => {
  const { account } = practice;
  const { network } = account;
  const other = network.createVpc({ cidr: '10.9.0.0/16', name: 'other' });
  account.perform(
    'ec2.CreateVpcPeeringConnection',
    { VpcId: other, PeerVpcId: network.vpcId },
    'test',
  );
  expect(got(await readPeerings(aws, REGION, [network.vpcId, other]))).toMatchObject([
    { vpcIds: [other, network.vpcId], status: 'pending-acceptance' },
  ]);
  const limits = got(await readAccountLimits(aws, REGION));
  expect(limits).toMatchObject({
    'targets-per-network-load-balancer': 3000,
    'targets-per-availability-zone-per-network-load-balancer': 500,
  });
});

test('the other target groups of a load balancer, with their targets', async () => {
  const [one, two] = [practice.group(), practice.group('two')];
  const balancer = practice.balancer();
  practice.listener(balancer, one);
  practice.listener(balancer, two, 81);
  practice.register(two, { Id: '10.0.64.9', Port: 80 });
  const read = got(await readOtherGroups(aws, balancer, [one]));
  expect(read.map(({ arn }) => arn)).toEqual([two]);
  expect(got(read[0]?.targets)).toMatchObject([{ target: { id: '10.0.64.9', port: 80 } }]);
});
