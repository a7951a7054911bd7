import { conditionOf } from '../../../../src/sandbox/kube/conditions.ts';
import { joined } from '../joined.ts';
import { BINDINGS, BY, LbcWorld } from '../lbc-world.ts';

const MINUTE = 60_000;

describe('eligible endpoints', () => {
  test('are the ready ones, and those that wait for their own gate only', () => {
    const { world, arn } = joined();
    const pods = ['ready', 'waiting', 'crashing', 'leaving'].map((name) => ({
      name,
      ip: world.addPod(name, { ready: name !== 'crashing' }),
      ready: name === 'ready',
      terminating: name === 'leaving',
    }));
    world.setEndpoints('nginx', pods);
    world.settle();
    expect(world.registered(arn)).toEqual([`${pods[0]!.ip}:80`, `${pods[1]!.ip}:80`].toSorted());
  });

  test('are those on unknown nodes where there is no other', () => {
    const { world, arn } = joined();
    world.setStatus('nodes', '', 'node-a', { conditions: [{ type: 'Ready', status: 'Unknown' }] });
    const ip = world.addPod('b');
    world.setEndpoints('nginx', [{ name: 'b', ip, ready: false }]);
    world.settle();
    expect(world.registered(arn)).toEqual([`${ip}:80`]);
  });

  test('outside the VPC are registered for all zones', () => {
    const { world, arn } = joined();
    const ip = world.addPod('far', { ip: '192.168.7.9' });
    world.setEndpoints('nginx', [{ name: 'far', ip }]);
    world.settle();
    const { TargetHealthDescriptions: all } = world.aws.call(
      'elbv2.DescribeTargetHealth',
      { TargetGroupArn: arn, Targets: [{ Id: ip, Port: 80 }] },
      'test',
    );
    expect(all[0].Target.AvailabilityZone).toBe('all');
  });
});

describe('readiness gates', () => {
  const gate = 'target-health.elbv2.k8s.aws/nginx';

  test('open when the target is healthy; until then nothing is saved as done', () => {
    const { world, find, checkpoint } = joined();
    const pod = () => world.kube.get('pods', 'default', 'b')!;
    const ip = world.addPod('b', { gates: [gate] });
    world.setEndpoints('nginx', [{ name: 'b', ip, ready: false }]);
    world.merge(BINDINGS, 'nginx', { spec: { serviceRef: { port: 'http' } } });
    world.settle();
    expect(conditionOf(pod().status?.conditions, gate)).toMatchObject({
      status: 'False',
      reason: 'Elb.RegistrationInProgress',
    });
    expect(checkpoint()).toBe('');
    expect(find()['status'].observedGeneration).toBeLessThan(find().metadata.generation!);
    world.settle(10 * MINUTE);
    expect(conditionOf(pod().status?.conditions, gate)?.status).toBe('True');
    expect(conditionOf(pod().status?.conditions, 'ContainersReady')?.status).toBe('True');
    expect(checkpoint()).not.toBe('');
    expect(find()['status'].observedGeneration).toBe(find().metadata.generation);
  });

  test('are given to new pods where the namespace asks for it', () => {
    const { world } = joined();
    const labels = { 'elbv2.k8s.aws/pod-readiness-gate-inject': 'enabled' };
    const body = { metadata: { labels } };
    world.kube.patch('namespaces', '', 'default', { type: 'merge', body }, BY);
    world.addPod('b');
    expect(world.kube.get('pods', 'default', 'b')?.['spec'].readinessGates).toEqual([
      { conditionType: gate },
    ]);
  });

  test('of pods open when their binding goes', () => {
    const { world } = joined();
    world.addPod('b', { gates: [gate] });
    world.kube.delete(BINDINGS, 'default', 'nginx', BY);
    world.settle();
    expect(
      conditionOf(world.kube.get('pods', 'default', 'b')?.status?.conditions, gate),
    ).toMatchObject({
      status: 'True',
      message: 'Target Group Binding is deleted',
    });
  });
});

describe('instance targets', () => {
  test('are the ready and suitable nodes with the node port', () => {
    const world = new LbcWorld();
    world.addNode('node-b', 'us-east-1b', { pool: 'web' });
    world.addNode('node-c', 'us-east-1c', {
      'node.kubernetes.io/exclude-from-external-load-balancers': '',
    });
    world.addNode('node-d', 'us-east-1c', {}, 'False');
    world.addService('nginx', {
      'nlb-target-type': 'instance',
      'multi-cluster-target-group': 'true',
    });
    world.settle();
    const binding = world.binding();
    const arn: string = binding['spec'].targetGroupARN;
    const port = world.kube.get('services', 'default', 'nginx')!['spec'].ports[0].nodePort;
    expect(world.registered(arn)).toHaveLength(2);
    expect(world.registered(arn)).toContain(`${world.node.instanceId}:${port}`);
    expect(world.tracked()).toEqual(world.registered(arn));
    expect(binding['spec'].networking.ingress[0].ports).toEqual([{ protocol: 'TCP', port }]);
    world.annotate('nginx', { 'target-node-labels': 'pool=web' });
    world.settle(MINUTE);
    expect(world.registered(arn)).toHaveLength(1);
    world.setStatus('nodes', '', 'node-b', { conditions: [{ type: 'Ready', status: 'False' }] });
    world.settle();
    expect(world.registered(arn)).toEqual([]);
  });

  test('with externalTrafficPolicy Local are checked at the health check node port', () => {
    const world = new LbcWorld();
    world.addService(
      'nginx',
      { 'nlb-target-type': 'instance' },
      { externalTrafficPolicy: 'Local' },
    );
    world.settle();
    const { TargetGroups: groups } = world.aws.call('elbv2.DescribeTargetGroups', {}, 'test');
    const port = world.kube.get('services', 'default', 'nginx')!['spec'].healthCheckNodePort;
    expect(groups[0]).toMatchObject({
      HealthCheckProtocol: 'HTTP',
      HealthCheckPath: '/healthz',
      HealthCheckPort: String(port),
    });
  });
});
