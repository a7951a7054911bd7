import { targetGroupName } from '../../../../src/sandbox/lbc/service/naming.ts';
import { BINDINGS, BY } from '../lbc-world.ts';
import { balancers, groups, service, withService } from '../service-world.ts';

describe('a new Service', () => {
  test('gets its load balancer in the order of the requests of upstream', () => {
    const world = withService();
    expect(world.story().slice(1)).toEqual([
      'DescribeLoadBalancers',
      'DescribeSubnets',
      'DescribeSecurityGroups',
      'CreateSecurityGroup',
      'PATCH services finalizers',
      'DescribeSecurityGroups',
      'CreateSecurityGroup',
      'AuthorizeSecurityGroupIngress',
      'DescribeTargetGroups',
      'CreateTargetGroup',
      'DescribeTargetGroupAttributes',
      'DescribeLoadBalancers',
      'CreateLoadBalancer',
      'DescribeLoadBalancerAttributes',
      'DescribeListeners',
      'CreateListener',
      'DescribeListenerAttributes',
      'DescribeTargetGroups',
      'POST targetgroupbindings',
      'PATCH services status',
      'POST events SuccessfullyReconciled',
      'PATCH targetgroupbindings finalizers',
      'DescribeTargetHealth',
      'DescribeInstances',
      'DescribeSecurityGroups',
      'AuthorizeSecurityGroupIngress',
      'DescribeSecurityGroups',
      'DescribeVpcs',
      'RegisterTargets',
      'PATCH targetgroupbindings checkpoint',
      'PATCH targetgroupbindings status',
      'POST events SuccessfullyReconciled',
    ]);
  });

  test('is taken over through the class that the webhook sets', () => {
    const world = withService();
    expect(service(world)?.['spec'].loadBalancerClass).toBe('service.k8s.aws/nlb');
    expect(service(world)?.metadata.finalizers).toContain('service.k8s.aws/resources');
  });

  test('shows the lower-cased DNS name with its ports', () => {
    const world = withService();
    const [balancer] = balancers(world);
    expect(service(world)?.['status'].loadBalancer.ingress).toEqual([
      { hostname: balancer!['DNSName'].toLowerCase(), ports: [{ port: 80, protocol: 'TCP' }] },
    ]);
  });

  test('names its parts as upstream hashes them', () => {
    const world = withService();
    const { uid } = service(world)!.metadata;
    const name = targetGroupName(
      'pri',
      { namespace: 'default', name: 'nginx', uid: uid! },
      {
        targetPort: 80,
        servicePort: 80,
        targetType: 'ip',
        protocol: 'TCP',
        healthCheckProtocol: 'TCP',
        healthCheckInterval: 10,
      },
    );
    expect(name).toMatch(/^k8s-default-nginx-[0-9a-f]{10}$/);
    expect(world.binding().metadata.name).toBe(name);
    expect(groups(world)[0]?.['TargetGroupName']).toBe(name);
    expect(balancers(world)[0]?.['LoadBalancerName']).toMatch(/^k8s-default-nginx-[0-9a-f]{10}$/);
  });

  test('gets a frontend group of its own and the shared backend group, which targets let in', () => {
    const world = withService();
    const ids: string[] = balancers(world)[0]!['SecurityGroups'];
    const { SecurityGroups: found } = world.aws.call(
      'ec2.DescribeSecurityGroups',
      { GroupIds: ids },
      'test',
    );
    const of = (description: string) =>
      found.find((group: { Description: string }) => group.Description === description);
    const backend = of('[k8s] Shared Backend SecurityGroup for LoadBalancer');
    const managed = of('[k8s] Managed SecurityGroup for LoadBalancer');
    expect(ids).toEqual([managed.GroupId, backend.GroupId]);
    expect(backend.GroupName).toMatch(/^k8s-traffic-pri-[0-9a-f]{10}$/);
    expect(backend.Tags).toContainEqual({ Key: 'elbv2.k8s.aws/resource', Value: 'backend-sg' });
    expect(world.binding()['spec'].networking.ingress).toEqual([
      {
        from: [{ securityGroup: { groupID: backend.GroupId } }],
        ports: [{ protocol: 'TCP', port: 80 }],
      },
    ]);
  });

  test('with two ports gets two groups, bindings and listeners', () => {
    const ports = [
      { name: 'http', port: 80, targetPort: 80 },
      { name: 'admin', port: 8443, targetPort: 8443 },
    ];
    const world = withService({}, { ports });
    expect(world.kube.list(BINDINGS).map((one) => one['spec'].serviceRef.port)).toEqual(
      expect.arrayContaining([80, 8443]),
    );
    expect(groups(world)).toHaveLength(2);
    const { Listeners: listeners } = world.aws.call(
      'elbv2.DescribeListeners',
      { LoadBalancerArn: balancers(world)[0]!['LoadBalancerArn'] },
      'test',
    );
    expect(listeners.map((one: { Port: number }) => one.Port)).toEqual([80, 8443]);
  });

  test('of another class or type is left alone', () => {
    const world = withService({}, { loadBalancerClass: 'other/class' });
    expect(world.kube.list(BINDINGS)).toEqual([]);
    world.addService('plain', { type: 'nlb' }, { type: 'ClusterIP' });
    world.settle();
    expect(world.kube.list(BINDINGS)).toEqual([]);
  });
});

describe('an existing Service', () => {
  test('sets the flag of its binding and waits until that was observed', () => {
    const world = withService();
    const from = world.journal.entries.length;
    world.annotate('nginx', { 'multi-cluster-target-group': 'true' });
    world.settle(5000);
    expect(world.binding()['spec'].multiClusterTargetGroup).toBe(true);
    const story = world.story(from);
    const observed = story.indexOf('PATCH targetgroupbindings status');
    expect(observed).toBeGreaterThan(story.indexOf('PATCH targetgroupbindings'));
    expect(story.indexOf('PATCH events')).toBeGreaterThan(observed - 1);
  });

  test('overwrites what others wrote on its binding, but for the checkpoint', () => {
    const world = withService();
    const { name } = world.binding().metadata;
    world.merge(BINDINGS, name, {
      metadata: { labels: { mine: 'x' }, annotations: { mine: 'x' } },
      spec: { multiClusterTargetGroup: true },
    });
    world.settle();
    world.annotate('nginx', { 'additional-resource-tags': 'a=b' });
    world.settle(5000);
    const { metadata, spec } = world.binding() as any;
    expect(metadata.labels.mine).toBeUndefined();
    expect(metadata.annotations.mine).toBeUndefined();
    expect(metadata.annotations['elbv2.k8s.aws/checkpoint']).toMatch(/^.{43}\/.{43}$/);
    expect(spec.multiClusterTargetGroup).toBeUndefined();
  });

  test('does not reset an attribute that is dropped from the annotation', () => {
    const world = withService({ attributes: 'deletion_protection.enabled=true' });
    world.annotate('nginx', { attributes: 'load_balancing.cross_zone.enabled=true' });
    world.settle();
    const { Attributes: attributes } = world.aws.call(
      'elbv2.DescribeLoadBalancerAttributes',
      { LoadBalancerArn: balancers(world)[0]!['LoadBalancerArn'] },
      'test',
    );
    expect(attributes).toContainEqual({ Key: 'deletion_protection.enabled', Value: 'true' });
    expect(attributes).toContainEqual({ Key: 'load_balancing.cross_zone.enabled', Value: 'true' });
  });

  test('gets another load balancer for another scheme, protected or not', () => {
    const world = withService({ attributes: 'deletion_protection.enabled=true' });
    const before = balancers(world)[0]!['LoadBalancerArn'];
    world.annotate('nginx', { scheme: 'internal' });
    world.settle(60_000);
    expect(balancers(world)).toHaveLength(1);
    expect(balancers(world)[0]).toMatchObject({ Scheme: 'internal' });
    expect(balancers(world)[0]?.['LoadBalancerArn']).not.toBe(before);
  });

  test('makes a new target group for another port number and deletes the old', () => {
    const world = withService();
    const before = groups(world)[0]!['TargetGroupArn'];
    world.merge('services', 'nginx', {
      spec: { ports: [{ name: 'http', port: 81, targetPort: 80, protocol: 'TCP' }] },
    });
    world.settle(60_000);
    expect(groups(world)).toHaveLength(1);
    expect(groups(world)[0]?.['TargetGroupArn']).not.toBe(before);
    expect(world.kube.list(BINDINGS)).toHaveLength(1);
  });

  test('adopts by tags what it finds after finalizer and Service were taken away and made again', () => {
    const world = withService();
    const arns = [balancers(world)[0]!['LoadBalancerArn'], groups(world)[0]!['TargetGroupArn']];
    const name = world.binding().metadata.name;
    world.lbc.stop();
    world.merge('services', 'nginx', { metadata: { finalizers: null } });
    world.kube.delete('services', 'default', 'nginx', BY);
    world.lbc.start();
    world.addService('nginx');
    world.settle(60_000);
    expect([balancers(world)[0]!['LoadBalancerArn'], groups(world)[0]!['TargetGroupArn']]).toEqual(
      arns,
    );
    expect(world.binding().metadata.name).toBe(name);
  });
});
