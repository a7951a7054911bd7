import type { LbcWorld } from '../lbc-world.ts';
import { balancers, groups, withService } from '../service-world.ts';

const CLUSTER = 'elbv2.k8s.aws/cluster';
const MINUTE = 60_000;

const arnOf = (world: LbcWorld): string => balancers(world)[0]!['LoadBalancerArn'];

function tagsOf(world: LbcWorld, arn: string): Record<string, string> {
  const [{ Tags }] = world.aws.call('elbv2.DescribeTags', { ResourceArns: [arn] }, 'test')
    .TagDescriptions as [{ Tags: { Key: string; Value: string }[] }];
  return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
}

const tag = (world: LbcWorld, arn: string, Key: string, Value: string): void =>
  void world.aws.call('elbv2.AddTags', { ResourceArns: [arn], Tags: [{ Key, Value }] }, 'somebody');

/** Has the controller look at its Service: any annotation does. */
function nudge(world: LbcWorld, word: string): string[] {
  const from = world.journal.entries.length;
  world.merge('services', 'nginx', { metadata: { annotations: { word } } });
  world.settle();
  return world.story(from);
}

/** A Service whose load balancer the controller has seen with its tags: the pass that made it did not read them. */
function seen(): LbcWorld {
  const world = withService();
  expect(nudge(world, 'first').filter((one) => one === 'DescribeTags')).toHaveLength(3);
  return world;
}

describe('what a controller knows of the tags of load balancers, groups and listeners', () => {
  test('is not read again for 20 minutes', () => {
    const world = seen();
    world.settle(19 * MINUTE);
    expect(nudge(world, 'second')).not.toContain('DescribeTags');
    world.settle(2 * MINUTE);
    expect(nudge(world, 'third')).toContain('DescribeTags');
  });

  test('hides from it that somebody gave its load balancer away', () => {
    const world = seen();
    tag(world, arnOf(world), CLUSTER, 'new');
    expect(nudge(world, 'second')).not.toContain('CreateLoadBalancer');
    expect(tagsOf(world, arnOf(world))[CLUSTER]).toBe('new');
    world.settle(20 * MINUTE);
    // Its name is taken, by the one that it no longer calls its own.
    nudge(world, 'third');
    const create = world.journal.entries.filter(
      ({ action, actor }) => action === 'elbv2.CreateLoadBalancer' && actor === 'lbc/pri',
    );
    expect(create).toHaveLength(2);
    expect(balancers(world)).toHaveLength(1);
  });

  test('dies with the process', () => {
    const world = seen();
    tag(world, arnOf(world), CLUSTER, 'new');
    world.lbc.restart();
    world.settle();
    const created = world.journal.entries.filter(
      ({ action }) => action === 'elbv2.CreateLoadBalancer',
    );
    expect(created).toHaveLength(2);
  });

  test('is forgotten where the controller itself wrote tags', () => {
    const world = seen();
    const group: string = groups(world)[0]!['TargetGroupArn'];
    tag(world, group, 'cost', 'of somebody');
    // Not known yet, so that it stays.
    world.annotate('nginx', { 'additional-resource-tags': 'team=web' });
    world.settle();
    expect(tagsOf(world, group)).toMatchObject({ team: 'web', cost: 'of somebody' });
    nudge(world, 'again');
    expect(Object.keys(tagsOf(world, group))).not.toContain('cost');
  });
});

test('tags of security groups are read in each pass', () => {
  const world = seen();
  const groupsOf = () =>
    world.aws.call(
      'ec2.DescribeSecurityGroups',
      { Filters: [{ Name: 'tag:service.k8s.aws/stack', Values: ['default/nginx'] }] },
      'test',
    ).SecurityGroups;
  const [{ GroupId }] = groupsOf();
  const Tags = [{ Key: 'cost', Value: 'x' }];
  world.aws.call('ec2.CreateTags', { Resources: [GroupId], Tags }, 'somebody');
  expect(nudge(world, 'second')).toContain('DeleteTags');
});

test('something of the Service that does not say what it is stops every pass', () => {
  const world = withService();
  world.aws.call(
    'elbv2.RemoveTags',
    { ResourceArns: [arnOf(world)], TagKeys: ['service.k8s.aws/resource'] },
    'somebody',
  );
  world.annotate('nginx', { 'additional-resource-tags': 'a=b' });
  world.settle();
  expect(world.events('nginx').map(({ message }) => message)).toContainEqual(
    expect.stringMatching(
      /^Failed deploy model due to unexpected loadBalancer with no resourceID: /,
    ),
  );
  expect(balancers(world)).toHaveLength(1);
});
