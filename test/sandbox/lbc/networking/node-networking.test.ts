import { BINDINGS, BY, LbcWorld } from '../lbc-world.ts';
import { backendOf, makeGroup, nodeGroup, opened, putOn } from '../node-groups.ts';
import { primary } from '../primary.ts';

const MINUTE = 60_000;
const revoked = (world: LbcWorld, from = 0): number =>
  world.story(from).filter((one) => one === 'RevokeSecurityGroupIngress').length;

/** A second Service on other pods' port: its binding widens the range. */
function widen(world: LbcWorld, port: number): void {
  world.setEndpoints('other', [{ name: 'o', ip: world.addPod('o') }], [{ port }]);
  const ports = [{ port, targetPort: port, protocol: 'TCP' }];
  world.addService('other', {}, { ports });
  world.settle();
}

describe('rules on the nodes', () => {
  test('let the backend group in, on the target port alone', () => {
    const { world } = primary(true);
    expect(opened(world)).toEqual([`tcp 80-80 from ${backendOf(world)}`]);
  });

  test('of several bindings are one range, and the narrower one goes', () => {
    const { world } = primary(true);
    const from = world.journal.entries.length;
    widen(world, 8080);
    expect(opened(world)).toEqual([`tcp 80-8080 from ${backendOf(world)}`]);
    expect(
      world
        .story(from)
        .filter((one) => one.endsWith('Ingress'))
        .slice(-2),
    ).toEqual(['AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress']);
  });

  test('go with the last binding that needs them', () => {
    const { world } = primary(true);
    widen(world, 8080);
    world.kube.delete('services', 'default', 'other', BY);
    world.settle(10_000);
    expect(opened(world)).toEqual([`tcp 80-80 from ${backendOf(world)}`]);
    world.kube.delete('services', 'default', 'nginx', BY);
    world.settle(10_000);
    expect(opened(world)).toEqual([]);
    expect(world.kube.get('services', 'default', 'nginx')).toBeUndefined();
  });

  test('are only added until every binding with networking was looked at since the start', () => {
    const { world } = primary(true);
    widen(world, 8080);
    // Somebody wrote a rule with the shared description that no binding asks for.
    world.lbc.stop();
    const stray = {
      IpProtocol: 'tcp',
      FromPort: 9,
      ToPort: 9,
      IpRanges: [{ CidrIp: '10.9.0.0/16', Description: 'elbv2.k8s.aws/targetGroupBinding=shared' }],
    };
    const GroupId = nodeGroup(world);
    const params = { GroupId, IpPermissions: [stray] };
    world.aws.call('ec2.AuthorizeSecurityGroupIngress', params, 'test');
    const from = world.journal.entries.length;
    world.lbc.start();
    world.settle();
    // Both checkpoints are equal: nothing is known yet of what the bindings want.
    const [first, second] = world.kube.list(BINDINGS);
    const poke = (name: string): void => {
      world.merge(BINDINGS, name, {
        metadata: { annotations: { 'elbv2.k8s.aws/checkpoint': '' } },
      });
      world.settle();
    };
    poke(first!.metadata.name);
    expect(opened(world)).toContain('tcp 9-9 from 10.9.0.0/16');
    expect(revoked(world, from)).toBe(0);
    poke(second!.metadata.name);
    expect(opened(world)).toEqual([`tcp 80-8080 from ${backendOf(world)}`]);
  });

  test('that others described otherwise are not touched', () => {
    const { world } = primary(true);
    const GroupId = nodeGroup(world);
    const mine = {
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      IpRanges: [{ CidrIp: '10.9.0.0/16' }],
    };
    world.aws.call('ec2.AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [mine] }, 'test');
    world.settle(11 * MINUTE);
    widen(world, 8080);
    const [{ IpPermissions }] = world.aws.call(
      'ec2.DescribeSecurityGroups',
      { GroupIds: [GroupId] },
      'test',
    ).SecurityGroups;
    expect(IpPermissions).toContainEqual(expect.objectContaining({ FromPort: 22, ToPort: 22 }));
  });

  test('of a group that carries no targets any more are collected', () => {
    const { world, pods } = primary(true);
    const old = nodeGroup(world);
    const other = makeGroup(world, 'other-nodes');
    putOn(world, [world.node.eniId], [other]);
    world.settle(11 * MINUTE);
    const ip = world.addPod('c');
    world.setEndpoints('nginx', [pods.a, { name: 'c', ip }]);
    world.settle();
    expect(opened(world, old)).toEqual([]);
    expect(opened(world, other)).toHaveLength(1);
  });

  test('are asked for again only when what is known is ten minutes old', () => {
    const { world, pods } = primary(true);
    const described = (name: string, wait: number): number => {
      const ip = world.addPod(name);
      const from = world.journal.entries.length;
      world.settle(wait);
      world.setEndpoints('nginx', [pods.a, { name, ip }]);
      world.settle();
      return world.story(from).filter((one) => one === 'DescribeSecurityGroups').length;
    };
    // A change of its own makes it forget the group.
    described('c', 0);
    expect(described('d', 0)).toBe(0);
    expect(described('e', 10 * MINUTE)).toBe(1);
  });

  test('need no look at interfaces of pods that were there within ten minutes', () => {
    const { world, pods } = primary(true);
    const looks = (endpoints: { name: string; ip: string }[]): number => {
      const from = world.journal.entries.length;
      world.setEndpoints('nginx', endpoints);
      world.settle();
      return world.story(from).filter((one) => one === 'DescribeInstances').length;
    };
    expect(looks([pods.a])).toBe(0);
    world.settle(10 * MINUTE);
    expect(looks([pods.a, pods.b])).toBe(1);
  });
});

describe('an interface with several groups', () => {
  test('takes rules on the one that is tagged as the cluster’s', () => {
    const world = new LbcWorld();
    const more = makeGroup(world, 'more');
    putOn(world, [world.node.eniId], [more, nodeGroup(world)]);
    world.setEndpoints('nginx', [{ name: 'a', ip: world.addPod('a') }]);
    world.addService('nginx');
    world.settle();
    expect(opened(world)).toHaveLength(1);
    expect(opened(world, more)).toEqual([]);
  });

  test('without such a tag: an event, the targets are registered, and it is tried again', () => {
    const world = new LbcWorld();
    const groups = [makeGroup(world, 'one'), makeGroup(world, 'two')];
    putOn(world, [world.node.eniId], groups);
    const ip = world.addPod('a');
    world.setEndpoints('nginx', [{ name: 'a', ip }]);
    world.addService('nginx');
    world.settle();
    const { metadata, ...binding } = world.binding();
    expect(world.events(metadata.name)).toMatchObject([
      {
        reason: 'FailedNetworkReconcile',
        type: 'Warning',
        message: `expected exactly one securityGroup tagged with kubernetes.io/cluster/pri for eni ${world.node.eniId}, got: [] (clusterName: pri)`,
      },
    ]);
    expect(world.registered(binding['spec'].targetGroupARN)).toEqual([`${ip}:80`]);
    expect(metadata.annotations?.['elbv2.k8s.aws/checkpoint'] ?? '').toBe('');
    const Tags = [{ Key: 'kubernetes.io/cluster/pri', Value: 'shared' }];
    world.aws.call('ec2.CreateTags', { Resources: [groups[1]], Tags }, 'test');
    world.settle(16_000);
    // What it read of the groups still holds.
    expect(world.reasons(metadata.name)).toEqual(['FailedNetworkReconcile']);
    world.settle(10 * MINUTE);
    expect(world.reasons(metadata.name)).toEqual([
      'FailedNetworkReconcile',
      'SuccessfullyReconciled',
    ]);
    expect(opened(world, groups[1])).toHaveLength(1);
  });

  test('for instance targets the pass ends there: nothing is registered', () => {
    const world = new LbcWorld();
    putOn(world, [world.node.eniId], [makeGroup(world, 'one'), makeGroup(world, 'two')]);
    world.setEndpoints('nginx', [{ name: 'a', ip: world.addPod('a') }]);
    world.addService('nginx', { 'nlb-target-type': 'instance' });
    world.settle();
    const { metadata, ...binding } = world.binding();
    expect(world.reasons(metadata.name)).toEqual(['FailedReconcile']);
    expect(world.registered(binding['spec'].targetGroupARN)).toEqual([]);
  });
});

describe('EC2 knows better', () => {
  test('a rule that is there already is found out with a fresh look', () => {
    const { world } = primary(true);
    const GroupId = nodeGroup(world);
    const pair = {
      GroupId: backendOf(world),
      Description: 'elbv2.k8s.aws/targetGroupBinding=shared',
    };
    const wide = { IpProtocol: 'tcp', FromPort: 80, ToPort: 8080, UserIdGroupPairs: [pair] };
    // What the controller read last, and believes for ten minutes.
    world.setEndpoints('nginx', [{ name: 'c', ip: world.addPod('c') }]);
    world.settle();
    world.aws.call('ec2.AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [wide] }, 'test');
    widen(world, 8080);
    expect(opened(world)).toEqual([`tcp 80-8080 from ${pair.GroupId}`]);
    expect(world.reasons(world.binding().metadata.name)).not.toContain('FailedNetworkReconcile');
  });

  test('a group that is full is relieved first', () => {
    const { world } = primary(true);
    world.aws.limits.rulesPerSecurityGroup = 2;
    widen(world, 8080);
    expect(opened(world)).toEqual([`tcp 80-8080 from ${backendOf(world)}`]);
  });

  test('a refusal is an event and is tried again', () => {
    const world = new LbcWorld();
    const lift = world.aws.access.deny({ action: /Ingress/, actor: /lbc/ });
    world.setEndpoints('nginx', [{ name: 'a', ip: world.addPod('a') }]);
    world.addService('nginx', {
      'security-groups': makeGroup(world, 'front'),
      'manage-backend-security-group-rules': 'true',
    });
    world.settle();
    const { name } = world.binding().metadata;
    expect(world.reasons(name)).toEqual(['FailedNetworkReconcile']);
    expect(world.events(name)[0]?.message).toContain('UnauthorizedOperation');
    lift();
    world.settle(16_000);
    expect(world.reasons(name)).toContain('SuccessfullyReconciled');
    expect(opened(world)).toHaveLength(1);
  });
});
