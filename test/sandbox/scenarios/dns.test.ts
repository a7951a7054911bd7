import { createAll } from '../../../src/sandbox/scenarios/apply.ts';
import { createWorld, type World } from '../../../src/sandbox/world.ts';
import { person } from '../traffic/shared-world.ts';
import { listened, states } from './listened.ts';

const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';
const SLICES = 'endpointslices.discovery.k8s.io';

let world: World;
afterEach(() => world.stop());

test('UDP and TCP on 53 are one listener, one group and one binding, of healthy targets', () => {
  world = createWorld({ scenario: 'dns' });
  expect(listened(world)).toEqual(['53 TCP_UDP to TCP_UDP']);
  expect(states(world)).toEqual(['TCP_UDP 53 healthy']);
  const { kube } = world.primary;
  expect(kube.list(BINDINGS)).toHaveLength(1);
  for (const cluster of world.clusters.values()) {
    const [slice] = cluster.kube
      .list(SLICES, 'default')
      .filter(({ metadata }) => metadata.name.startsWith('dns-'));
    expect(slice?.['ports']).toEqual([
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: 'dns-tcp', port: 53, protocol: 'TCP' },
    ]);
  }
  // Both have the node port that kube-apiserver gave to the first.
  const { ports } = kube.get('services', 'default', 'dns')?.['spec'] ?? {};
  expect(ports[0].nodePort).toBe(ports[1].nodePort);
});

test('without TCP in the pods their health checks fail, since UDP cannot be checked', () => {
  world = createWorld({ scenario: 'dns' });
  const { kube } = world.primary;
  const deployment = kube.get('deployments.apps', 'default', 'dns');
  const [container] = deployment?.['spec'].template.spec.containers ?? [];
  const spec = {
    template: { spec: { containers: [{ ...container, ports: [container.ports[0]] }] } },
  };
  kube.patch('deployments.apps', 'default', 'dns', { type: 'merge', body: { spec } }, person);
  world.settle();
  expect(states(world)).toContain('TCP_UDP 53 unhealthy');
});

test('the same layout is made by hand through the AWS API, and bound in every cluster', () => {
  world = createWorld({ scenario: 'dns' });
  const { aws, clusters, primary } = world;
  primary.kube.delete('services', 'default', 'dns', person);
  world.settle();
  const call = (action: string, params: object) => aws.call(`elbv2.${action}`, params, 'terraform');
  const subnets = [...aws.network.subnets.values()].filter((one) => one.isPublic);
  const [{ LoadBalancerArn }] = call('CreateLoadBalancer', {
    Name: 'shared',
    Type: 'network',
    Subnets: subnets.map(({ id }) => id),
  }).LoadBalancers;
  const [{ TargetGroupArn }] = call('CreateTargetGroup', {
    Name: 'shared-dns',
    Protocol: 'TCP_UDP',
    Port: 53,
    VpcId: aws.network.vpcId,
    TargetType: 'ip',
  }).TargetGroups;
  call('CreateListener', {
    LoadBalancerArn,
    Protocol: 'TCP_UDP',
    Port: 53,
    DefaultActions: [{ Type: 'forward', TargetGroupArn }],
  });
  createAll(primary.kube, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'dns' },
    spec: {
      selector: { app: 'dns' },
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53, protocol: 'TCP' },
      ],
    },
  });
  for (const { kube } of clusters.values()) {
    kube.create(
      BINDINGS,
      {
        apiVersion: 'elbv2.k8s.aws/v1beta1',
        kind: 'TargetGroupBinding',
        metadata: { name: 'dns', namespace: 'default' },
        spec: {
          targetGroupARN: TargetGroupArn,
          serviceRef: { name: 'dns', port: 53 },
          multiClusterTargetGroup: true,
          networking: {
            ingress: [
              {
                from: [{ ipBlock: { cidr: '0.0.0.0/0' } }],
                ports: [
                  { protocol: 'UDP', port: 53 },
                  { protocol: 'TCP', port: 53 },
                ],
              },
            ],
          },
        },
      },
      person,
    );
  }
  world.settle();
  world.clock.advance(10 * 60_000);
  expect(states(world)).toEqual(['TCP_UDP 53 healthy']);
  expect(call('DescribeTargetHealth', { TargetGroupArn }).TargetHealthDescriptions).toHaveLength(5);
  const spec = primary.kube.get(BINDINGS, 'default', 'dns')?.['spec'];
  expect(spec.targetGroupProtocol).toBe('TCP_UDP');
});
