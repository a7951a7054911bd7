import { BINDINGS, BY, LbcWorld } from './lbc-world.ts';

const NAME = 'aws-load-balancer-controller';

const found = (world: LbcWorld) => world.kube.get('deployments.apps', 'kube-system', NAME)!;
const scale = (world: LbcWorld, replicas: number): void => {
  const body = { spec: { replicas } };
  world.kube.patch('deployments.apps', 'kube-system', NAME, { type: 'merge', body }, BY);
  world.settle();
};

/** Makes a Service, with a crash after so many writes and a new start, and tells the end. */
function run(crashAfter: number | undefined): { state: unknown; crashed: boolean } {
  const world = new LbcWorld();
  const ip = world.addPod('a');
  world.setEndpoints('nginx', [{ name: 'a', ip }]);
  if (crashAfter !== undefined) world.lbc.crashAfter(crashAfter);
  world.addService('nginx', { 'multi-cluster-target-group': 'true' });
  world.settle();
  const crashed = !world.lbc.running;
  if (crashed) world.lbc.start();
  // A death between checkpoint and status leaves the generation unobserved, as upstream: only
  // the deferred pass, up to 45 minutes later, catches up.
  world.settle(46 * 60_000);
  const count = (action: string, field: string): number =>
    world.aws.call(action, {}, 'test')[field].length;
  const binding = world.binding();
  return {
    crashed,
    state: {
      balancers: count('elbv2.DescribeLoadBalancers', 'LoadBalancers'),
      groups: count('elbv2.DescribeTargetGroups', 'TargetGroups'),
      securityGroups: count('ec2.DescribeSecurityGroups', 'SecurityGroups'),
      registered: world.registered(binding['spec'].targetGroupARN),
      tracked: world.tracked(),
      observed: binding['status'].observedGeneration,
      address: world.kube.get('services', 'default', 'nginx')?.['status'].loadBalancer.ingress
        .length,
      bindings: world.kube.list(BINDINGS).length,
    },
  };
}

test('a crash in the deferred pass ends the process, and nothing else', () => {
  const world = new LbcWorld();
  const ip = world.addPod('a');
  world.setEndpoints('nginx', [{ name: 'a', ip }]);
  world.addService('nginx', { 'multi-cluster-target-group': 'true' });
  world.settle();
  // A new process skips the binding, whose checkpoint is equal, and looks again 30 to 45 minutes later.
  world.lbc.stop();
  world.lbc.start();
  world.settle();
  world.lbc.crashAfter(1);
  world.settle(46 * 60_000);
  expect(world.lbc.running).toBe(false);
});

describe('the Deployment', () => {
  test('tells version, image and arguments as the chart does', () => {
    const world = new LbcWorld({ version: 'v2.13.4', flags: { watchNamespace: 'default' } });
    const { metadata, spec } = found(world) as any;
    const [container] = spec.template.spec.containers;
    expect(metadata.labels).toMatchObject({
      'app.kubernetes.io/name': NAME,
      'app.kubernetes.io/version': 'v2.13.4',
      'helm.sh/chart': `${NAME}-1.13.4`,
    });
    expect(container.image).toBe(`public.ecr.aws/eks/${NAME}:v2.13.4`);
    expect(container.args).toEqual(
      expect.arrayContaining([
        '--cluster-name=pri',
        `--aws-vpc-id=${world.aws.network.vpcId}`,
        '--watch-namespace=default',
      ]),
    );
  });

  test('says whether the process lives', () => {
    const world = new LbcWorld();
    expect(found(world)['status']).toMatchObject({ readyReplicas: 2, availableReplicas: 2 });
    world.lbc.stop();
    // Zeros are not written.
    expect(found(world)['status']).not.toHaveProperty('readyReplicas');
    expect(found(world)['status'].unavailableReplicas).toBe(2);
    world.lbc.start();
    expect(found(world)['status'].readyReplicas).toBe(2);
  });

  test('scaled to nothing ends the process, scaled up starts it again', () => {
    const world = new LbcWorld();
    scale(world, 0);
    expect(world.lbc.running).toBe(false);
    expect(found(world)['status']).not.toHaveProperty('replicas');
    scale(world, 1);
    expect(world.lbc.running).toBe(true);
    expect(found(world)['status'].readyReplicas).toBe(1);
  });
});

describe('the process', () => {
  test('does nothing while it is away and catches up when it is back', () => {
    const world = new LbcWorld();
    world.lbc.pause();
    world.addService('nginx');
    world.settle(60_000);
    expect(world.kube.list(BINDINGS)).toEqual([]);
    world.lbc.resume();
    world.settle();
    expect(world.kube.list(BINDINGS)).toHaveLength(1);
    world.lbc.stop();
    const ip = world.addPod('a');
    world.setEndpoints('nginx', [{ name: 'a', ip }]);
    world.settle(60_000);
    const arn = world.binding()['spec'].targetGroupARN;
    expect(world.registered(arn)).toEqual([]);
    world.lbc.start();
    world.settle();
    expect(world.registered(arn)).toEqual([`${ip}:80`]);
  });

  test('ends at the same place wherever it crashed on the way', () => {
    const wanted = run(undefined).state;
    let crashes = 0;
    for (let writes = 1; ; writes++) {
      const { state, crashed } = run(writes);
      expect({ writes, state }).toEqual({ writes, state: wanted });
      if (!crashed) break;
      crashes++;
    }
    expect(crashes).toBeGreaterThan(12);
  });

  test('with --watch-namespace is blind elsewhere', () => {
    const world = new LbcWorld({ flags: { watchNamespace: 'other' } });
    world.addService('nginx');
    world.settle(60_000);
    expect(world.kube.list(BINDINGS)).toEqual([]);
    expect(world.events('nginx')).toEqual([]);
  });

  test('with --backend-security-group makes, tags and deletes no shared group', () => {
    const world = new LbcWorld();
    const { GroupId: id } = world.aws.call(
      'ec2.CreateSecurityGroup',
      { GroupName: 'mine', Description: 'mine', VpcId: world.aws.network.vpcId },
      'test',
    );
    const other = new LbcWorld({ name: 'b', beside: world, flags: { backendSecurityGroup: id } });
    other.addService('nginx');
    other.settle();
    expect(other.binding()['spec'].networking.ingress[0].from).toEqual([
      { securityGroup: { groupID: id } },
    ]);
    other.kube.delete('services', 'default', 'nginx', BY);
    other.settle(180_000);
    const { SecurityGroups: left } = world.aws.call(
      'ec2.DescribeSecurityGroups',
      { GroupIds: [id] },
      'test',
    );
    expect(left[0].Tags).toEqual([]);
  });
});
