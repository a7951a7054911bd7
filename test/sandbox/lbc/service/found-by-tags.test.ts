import { BINDINGS, BY } from '../lbc-world.ts';
import type { LbcWorld } from '../lbc-world.ts';
import { balancers, groups, withService } from '../service-world.ts';

const STACK = {
  'service.k8s.aws/stack-namespace': 'default',
  'service.k8s.aws/stack-name': 'nginx',
};

const tagsFor = (resource: string) => [
  { Key: 'elbv2.k8s.aws/cluster', Value: 'pri' },
  { Key: 'service.k8s.aws/stack', Value: 'default/nginx' },
  { Key: 'service.k8s.aws/resource', Value: resource },
];

/** A second target group with the tags of the Service's port. */
function stray(world: LbcWorld, VpcId = world.aws.network.vpcId): string {
  const { TargetGroups } = world.aws.call(
    'elbv2.CreateTargetGroup',
    {
      Name: 'stray',
      Protocol: 'TCP',
      Port: 80,
      VpcId,
      TargetType: 'ip',
      Tags: tagsFor('default/nginx:80'),
    },
    'somebody',
  );
  return TargetGroups[0].TargetGroupArn;
}

const forwards = (world: LbcWorld): string =>
  world.aws.call(
    'elbv2.DescribeListeners',
    { LoadBalancerArn: balancers(world)[0]!['LoadBalancerArn'] },
    'test',
  ).Listeners[0].DefaultActions[0].ForwardConfig.TargetGroups[0].TargetGroupArn;

test('of two target groups with the tags of one port the last wins, and none is deleted', () => {
  const world = withService();
  const own = forwards(world);
  const arn = stray(world);
  world.annotate('nginx', { 'additional-resource-tags': 'a=b' });
  world.settle();
  expect(forwards(world)).toBe(arn);
  expect(groups(world).map((one) => one['TargetGroupArn'])).toEqual([own, arn]);
  // A binding of that name is there already, on the first group.
  expect(world.events('nginx').at(-1)?.message).toMatch(
    /^Failed deploy model due to .*already exists/,
  );
  expect(world.kube.list(BINDINGS).map((one) => one['spec'].targetGroupARN)).toEqual([own]);
});

test('the subnets are those of the load balancer that is there, unless the Service names others', () => {
  const world = withService();
  const zones = () => balancers(world)[0]!['AvailabilityZones'].length;
  const all: number = zones();
  const { SubnetId } = balancers(world)[0]!['AvailabilityZones'][0];
  const LoadBalancerArn: string = balancers(world)[0]!['LoadBalancerArn'];
  world.aws.call('elbv2.SetSubnets', { LoadBalancerArn, Subnets: [SubnetId] }, 'somebody');
  world.annotate('nginx', { 'additional-resource-tags': 'a=b' });
  world.settle();
  expect(zones()).toBe(1);
  const wanted = [...world.aws.network.subnets.values()].filter((one) => one.isPublic);
  world.annotate('nginx', { subnets: wanted.map((one) => one.id).join(',') });
  world.settle();
  expect(zones()).toBe(all);
});

test('without an annotation the scheme is that of the load balancer that is there', () => {
  const world = withService();
  world.annotate('nginx', { scheme: null });
  world.settle();
  expect(balancers(world).map((one) => one['Scheme'])).toEqual(['internet-facing']);
});

test('of two labelled bindings on one group only the last is seen, and the other stays', () => {
  const world = withService({ 'multi-cluster-target-group': 'true' });
  const made = world.binding().metadata.name;
  const arn: string = world.binding()['spec'].targetGroupARN;
  world.kube.create(
    BINDINGS,
    {
      apiVersion: 'elbv2.k8s.aws/v1beta1',
      kind: 'TargetGroupBinding',
      metadata: { name: 'z-by-hand', namespace: 'default', labels: STACK },
      spec: {
        targetGroupARN: arn,
        serviceRef: { name: 'nginx', port: 80 },
        multiClusterTargetGroup: true,
      },
    },
    BY,
  );
  world.settle();
  world.annotate('nginx', { 'additional-resource-tags': 'a=b' });
  world.settle();
  expect(world.kube.list(BINDINGS).map((one) => one.metadata.name)).toEqual([made, 'z-by-hand']);
});

test('a binding is found by its labels and the ARN of its group, whatever its name', () => {
  const world = withService({ 'multi-cluster-target-group': 'true' });
  const { name } = world.binding().metadata;
  const arn: string = world.binding()['spec'].targetGroupARN;
  world.merge(BINDINGS, name, {
    metadata: { labels: Object.fromEntries(Object.keys(STACK).map((key) => [key, null])) },
  });
  world.addBinding('by-hand', arn, { multiClusterTargetGroup: true });
  world.settle();
  world.merge(BINDINGS, 'by-hand', { metadata: { labels: STACK } });
  world.settle();
  world.annotate('nginx', { 'additional-resource-tags': 'a=b' });
  world.settle();
  expect(world.kube.get(BINDINGS, 'default', 'by-hand')!['spec'].networking).toBeDefined();
});

test('what is in another VPC is not the controller’s, whatever its tags', () => {
  const world = withService();
  const arn = stray(world, world.aws.network.createVpc({ cidr: '10.1.0.0/16', name: 'far' }));
  world.kube.delete('services', 'default', 'nginx', BY);
  world.settle(60_000);
  expect(groups(world).map((one) => one['TargetGroupArn'])).toEqual([arn]);
});
