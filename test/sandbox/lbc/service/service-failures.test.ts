import { BINDINGS, BY, LbcWorld } from '../lbc-world.ts';
import { balancers, groups, service, withService } from '../service-world.ts';

describe('a Service that cannot be built', () => {
  test.each([
    ['multi-cluster-target-group', 'yes', 'failed to parse bool annotation'],
    ['attributes', 'deletion_protection.enabled', 'failed to parse stringMap annotation'],
    ['scheme', 'public', 'unknown scheme: public'],
    ['ssl-ports', '443,https', 'Unused port in ssl-ports annotation [443 https]'],
    ['proxy-protocol', 'all', 'only value currently supported is *'],
    ['proxy-protocol-per-target-group', '80,http', 'invalid port number'],
    ['quic-enabled-ports', '443', 'QUIC (aws-load-balancer-quic-enabled-ports) is unsupported'],
  ])('%s=%s says why and goes on trying', (key, value, words) => {
    const world = withService({ [key]: value });
    const [event] = world.events('nginx');
    expect(event?.reason).toBe('FailedBuildModel');
    expect(event?.message).toMatch(/^Failed build model due to /);
    expect(event?.message).toContain(words);
    world.settle(60_000);
    expect(world.events('nginx')[0]!.count).toBeGreaterThan(5);
    expect(balancers(world)).toEqual([]);
  });

  test('weighted actions are refused in words, not done by half', () => {
    const world = new LbcWorld();
    world.addService('nginx');
    const key = 'service.beta.kubernetes.io/actions.TCP-80';
    world.merge('services', 'nginx', { metadata: { annotations: { [key]: '{}' } } });
    world.settle();
    expect(world.events('nginx').map(({ message }) => message)).toContainEqual(
      expect.stringContaining('weighted actions (actions.TCP-80) are unsupported in the sandbox'),
    );
  });

  test('a trailing comma reaches AWS, which refuses it', () => {
    const world = withService({ attributes: 'deletion_protection.enabled=true,' });
    const [event] = world.events('nginx');
    expect(event?.reason).toBe('FailedDeployModel');
    expect(event?.message).toContain('api error ValidationError');
  });

  test('AccessDenied is said and outlived', () => {
    const world = new LbcWorld();
    const lift = world.aws.access.deny({ action: /CreateLoadBalancer/ });
    world.addService('nginx');
    world.settle();
    expect(world.reasons('nginx')).toEqual(['FailedDeployModel']);
    expect(world.events('nginx')[0]?.message).toContain('api error AccessDenied');
    lift();
    world.settle(60_000);
    expect(world.reasons('nginx')).toContain('SuccessfullyReconciled');
  });
});

describe('a Service that is deleted', () => {
  test('takes everything with it, the load balancer first, the shared group last', () => {
    const world = withService();
    const from = world.journal.entries.length;
    world.kube.delete('services', 'default', 'nginx', BY);
    world.settle(180_000);
    expect(service(world)).toBeUndefined();
    expect(world.kube.list(BINDINGS)).toEqual([]);
    expect(balancers(world)).toEqual([]);
    expect(groups(world)).toEqual([]);
    const writes = world.story(from).filter((word) => /^(Delete|DELETE|Deregister)/.test(word));
    expect(writes).toEqual([
      'DeleteLoadBalancer',
      'DELETE targetgroupbindings',
      'DeregisterTargets',
      'DeleteTargetGroup',
      'DeleteSecurityGroup',
      'DeleteSecurityGroup',
    ]);
  });

  test('stays, untouched, while the annotation protects it', () => {
    const world = withService({ attributes: 'deletion_protection.enabled=true' });
    world.kube.delete('services', 'default', 'nginx', BY);
    world.settle(60_000);
    expect(service(world)?.metadata.deletionTimestamp).toBeDefined();
    expect(balancers(world)).toHaveLength(1);
    expect(world.kube.list(BINDINGS)).toHaveLength(1);
    expect(world.events('nginx').map((event) => event.message)).toContain(
      'Failed build model due to deletion_protection is enabled, cannot delete the service: nginx',
    );
    world.annotate('nginx', { attributes: 'deletion_protection.enabled=false' });
    world.settle(180_000);
    expect(service(world)).toBeUndefined();
    expect(balancers(world)).toEqual([]);
  });

  test('is not stopped by protection that only AWS knows of', () => {
    const world = withService();
    world.aws.call(
      'elbv2.ModifyLoadBalancerAttributes',
      {
        LoadBalancerArn: balancers(world)[0]!['LoadBalancerArn'],
        Attributes: [{ Key: 'deletion_protection.enabled', Value: 'true' }],
      },
      'test',
    );
    world.kube.delete('services', 'default', 'nginx', BY);
    world.settle(180_000);
    expect(balancers(world)).toEqual([]);
  });

  test('keeps the shared group while another Service needs it', () => {
    const world = withService();
    world.addService('other');
    world.settle();
    world.kube.delete('services', 'default', 'nginx', BY);
    world.settle(180_000);
    const { SecurityGroups: left } = world.aws.call('ec2.DescribeSecurityGroups', {}, 'test');
    expect(left.map((group: { GroupName: string }) => group.GroupName)).toContainEqual(
      expect.stringMatching(/^k8s-traffic-pri-/),
    );
  });
});
