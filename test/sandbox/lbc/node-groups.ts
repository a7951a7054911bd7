import { LbcWorld } from './lbc-world.ts';

/** The security group of a cluster's nodes. */
export const nodeGroup = (world: LbcWorld, name = world.kube.name): string =>
  world.aws.network.nodeGroupOf(name, world.aws.network.vpcId);

/** What bindings opened on a group: `tcp 80-80 from sg-…`, sorted. */
export function opened(world: LbcWorld, group = nodeGroup(world)): string[] {
  const [{ IpPermissions }] = world.aws.call(
    'ec2.DescribeSecurityGroups',
    { GroupIds: [group] },
    'test',
  ).SecurityGroups as [{ IpPermissions: Record<string, any>[] }];
  return IpPermissions.flatMap(({ IpProtocol, FromPort, ToPort, UserIdGroupPairs, IpRanges }) =>
    [...UserIdGroupPairs, ...IpRanges]
      .filter((one) => one.Description === 'elbv2.k8s.aws/targetGroupBinding=shared')
      .map((one) => `${IpProtocol} ${FromPort}-${ToPort} from ${one.GroupId ?? one.CidrIp}`),
  ).toSorted();
}

/** The shared backend group of a cluster. */
export function backendOf(world: LbcWorld): string {
  const Filters = [
    { Name: 'tag:elbv2.k8s.aws/cluster', Values: [world.kube.name] },
    { Name: 'tag:elbv2.k8s.aws/resource', Values: ['backend-sg'] },
  ];
  return world.aws.call('ec2.DescribeSecurityGroups', { Filters }, 'test').SecurityGroups[0]
    .GroupId;
}

/** Gives all nodes of a cluster these security groups instead of their own. */
export function putOn(world: LbcWorld, eniIds: readonly string[], groupIds: string[]): void {
  const { interfaces } = world.aws.network;
  for (const id of eniIds) interfaces.set(id, { ...interfaces.get(id)!, groupIds });
}

/** Another security group of the account. */
export const makeGroup = (world: LbcWorld, name: string): string =>
  world.aws.call(
    'ec2.CreateSecurityGroup',
    { GroupName: name, Description: name, VpcId: world.aws.network.vpcId },
    'test',
  ).GroupId;
