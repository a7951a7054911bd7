import { manifest } from '../../src/sandbox/scenarios/manifests.ts';
import { createWorld, type World } from '../../src/sandbox/world.ts';
import { ask } from './traffic/connect.ts';
import { SharedWorld } from './traffic/shared-world.ts';

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';
const person = { actor: 'test', manager: 'kubectl' };

/** States of all targets of the only target group, sorted. */
function states({ aws }: World): string[] {
  const [{ TargetGroupArn }] = aws.call('elbv2.DescribeTargetGroups', {}, 'test').TargetGroups;
  return aws
    .call('elbv2.DescribeTargetHealth', { TargetGroupArn }, 'test')
    .TargetHealthDescriptions.map(
      ({ TargetHealth }: { TargetHealth: { State: string; Reason?: string } }) =>
        [TargetHealth.State, TargetHealth.Reason ?? ''].join(' ').trim(),
    )
    .sort();
}

const nodeGroup = ({ aws, primary }: World): string =>
  aws.network.nodeGroupOf(primary.name, primary.vpcId);

/** The rules of a group that name the marker of bindings. */
function shared({ aws }: World, GroupId: string): object[] {
  const [group] = aws.call(
    'ec2.DescribeSecurityGroups',
    { GroupIds: [GroupId] },
    'test',
  ).SecurityGroups;
  return group.IpPermissions.filter((one: { UserIdGroupPairs: { Description?: string }[] }) =>
    one.UserIdGroupPairs.some(({ Description }) => Description?.includes('targetGroupBinding')),
  );
}

test('the controller’s rule on the nodes is what makes the targets healthy', () => {
  const world = createWorld();
  const GroupId = nodeGroup(world);
  expect(states(world)).toEqual(['healthy', 'healthy', 'healthy']);
  const IpPermissions = shared(world, GroupId);
  expect(IpPermissions).toHaveLength(1);
  world.aws.call('ec2.RevokeSecurityGroupIngress', { GroupId, IpPermissions }, 'somebody');
  world.settle();
  expect(new Set(states(world))).toEqual(new Set(['unhealthy Target.FailedHealthChecks']));
  world.aws.call('ec2.AuthorizeSecurityGroupIngress', { GroupId, IpPermissions }, 'somebody');
  world.settle();
  expect(states(world)).toEqual(['healthy', 'healthy', 'healthy']);
});

test('with groups of the user’s own, targets are unhealthy until the user opens their port', () => {
  const world = createWorld({ scenario: 'new-workload' });
  const { aws, primary } = world;
  const own = { GroupName: 'own', Description: 'own', VpcId: primary.vpcId };
  const front: string = aws.call('ec2.CreateSecurityGroup', own, 'user').GroupId;
  const service = manifest('app/service-primary.yaml');
  service.metadata.namespace = 'default';
  service.metadata.annotations![`${PREFIX}security-groups`] = front;
  primary.kube.create('services', service, person);
  world.settle();
  expect(new Set(states(world))).toEqual(new Set(['unhealthy Target.FailedHealthChecks']));
  const IpPermissions = [
    { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: front }] },
  ];
  const opened = { GroupId: nodeGroup(world), IpPermissions };
  aws.call('ec2.AuthorizeSecurityGroupIngress', opened, 'user');
  world.settle();
  expect(states(world)).toEqual(['healthy', 'healthy', 'healthy']);
});

test('traffic to a cluster whose rule is gone is lost, and nobody says so', async () => {
  const it_ = new SharedWorld();
  try {
    it_.setGroup({ 'load_balancing.cross_zone.enabled': 'true' });
    const address = await it_.address();
    expect((await ask(address)).error).toBe('');
    for (const { name, vpcId } of it_.world.clusters.values()) {
      const GroupId = it_.world.aws.network.nodeGroupOf(name, vpcId);
      const IpPermissions = shared(it_.world, GroupId);
      it_.world.aws.call('ec2.RevokeSecurityGroupIngress', { GroupId, IpPermissions }, 'somebody');
    }
    expect((await ask(address, '/', 300)).error).toBe('silent');
  } finally {
    await it_.close();
  }
});

test('clients come from outside: the rules of the load balancer’s groups let them in or not', async () => {
  const it_ = new SharedWorld();
  try {
    const { aws } = it_.world;
    const address = await it_.address();
    const groups: { GroupId: string; Description: string }[] = aws.call(
      'ec2.DescribeSecurityGroups',
      {},
      'test',
    ).SecurityGroups;
    const front = groups.find(({ Description }) => Description.includes('Managed'))?.GroupId ?? '';
    const rule = (CidrIp: string) => ({
      GroupId: front,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp }] }],
    });
    aws.call('ec2.RevokeSecurityGroupIngress', rule('0.0.0.0/0'), 'somebody');
    expect((await ask(address, '/', 300)).error).toBe('silent');
    aws.call('ec2.AuthorizeSecurityGroupIngress', rule('10.0.0.0/8'), 'somebody');
    expect((await ask(address, '/', 300)).error).toBe('silent');
    aws.call('ec2.AuthorizeSecurityGroupIngress', rule('203.0.113.0/24'), 'somebody');
    expect((await ask(address)).error).toBe('');
  } finally {
    await it_.close();
  }
});
