import type { LbcWorld } from '../lbc-world.ts';
import { balancers, withService } from '../service-world.ts';

/** What the controller changed in AWS since `from` entries: actions with their parameters. */
function changed(world: LbcWorld, from = 0): [string, any][] {
  return world.journal.entries
    .slice(from)
    .filter((entry) => entry.actor === 'lbc/pri' && entry.world === 'aws' && entry.mutating)
    .map((entry) => [entry.action!.split('.')[1]!, entry.params]);
}

test('tags follow the annotation on everything of the Service, others’ tags go', () => {
  const world = withService({ 'additional-resource-tags': 'team=blue,app=nginx' });
  const [balancer] = balancers(world);
  const ResourceArns = [balancer!['LoadBalancerArn']];
  // A tag of AWS itself stays.
  const Tags = [
    { Key: 'by-hand', Value: 'x' },
    { Key: 'aws:stack', Value: 'y' },
  ];
  world.aws.call('elbv2.AddTags', { ResourceArns, Tags }, 'test');
  const from = world.journal.entries.length;
  world.annotate('nginx', { 'additional-resource-tags': 'team=red' });
  world.settle();
  const put = [{ Key: 'team', Value: 'red' }];
  expect(changed(world, from)).toEqual([
    ['CreateTags', expect.objectContaining({ Tags: put })],
    ['DeleteTags', expect.objectContaining({ Tags: [{ Key: 'app', Value: 'nginx' }] })],
    ['AddTags', expect.objectContaining({ Tags: put })],
    ['RemoveTags', expect.objectContaining({ TagKeys: ['app'] })],
    ['AddTags', { ResourceArns, Tags: put }],
    ['RemoveTags', { ResourceArns, TagKeys: ['app', 'by-hand'] }],
    ['AddTags', expect.objectContaining({ Tags: put })],
    ['RemoveTags', expect.objectContaining({ TagKeys: ['app'] })],
  ]);
  const again = world.journal.entries.length;
  world.annotate('nginx', { 'target-node-labels': 'a=b' });
  world.settle();
  expect(changed(world, again)).toEqual([]);
});

test('attributes of a listener are set, and one that is not named any more stays', () => {
  const world = withService({
    'listener-attributes.TCP-80': 'tcp.idle_timeout.seconds=400',
    'listener-attributes.TCP-81': 'tcp.idle_timeout.seconds=500',
  });
  const set = changed(world).filter(([action]) => action === 'ModifyListenerAttributes');
  expect(set).toEqual([
    [
      'ModifyListenerAttributes',
      {
        ListenerArn: expect.any(String),
        Attributes: [{ Key: 'tcp.idle_timeout.seconds', Value: '400' }],
      },
    ],
  ]);
  const from = world.journal.entries.length;
  world.annotate('nginx', { 'listener-attributes.TCP-80': null });
  world.settle();
  expect(changed(world, from)).toEqual([]);
  world.annotate('nginx', { 'listener-attributes.TCP-80': 'a=b,c' });
  world.settle();
  expect(world.reasons('nginx')).toContain('FailedBuildModel');
});

test('a load balancer that becomes dual-stack lets clients in over IPv6', () => {
  const world = withService();
  const from = world.journal.entries.length;
  world.annotate('nginx', { 'ip-address-type': 'dualstack' });
  world.settle();
  expect(changed(world, from)).toMatchObject([
    [
      'AuthorizeSecurityGroupIngress',
      { IpPermissions: [{ FromPort: 80, Ipv6Ranges: [{ CidrIpv6: '::/0' }] }] },
    ],
    ['SetIpAddressType', { IpAddressType: 'dualstack' }],
  ]);
  expect(balancers(world)[0]).toMatchObject({ IpAddressType: 'dualstack' });
});

test('groups and rules are made in the order of their names, listeners of their ports', () => {
  const ports = [80, 443].map((port) => ({ name: `p${port}`, port, targetPort: port }));
  const world = withService({}, { ports });
  const made = changed(world);
  const of = (action: string) => made.filter(([name]) => name === action).map(([, one]) => one);
  expect(of('CreateTargetGroup').map((one) => one.Port)).toEqual([443, 80]);
  expect(of('CreateListener').map((one) => one.Port)).toEqual([80, 443]);
  expect(
    of('AuthorizeSecurityGroupIngress')[0].IpPermissions.map(
      (one: { FromPort: number }) => one.FromPort,
    ),
  ).toEqual([443, 80]);
});
