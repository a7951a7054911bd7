import type { KubeObject } from '../../../../src/sandbox/kube/object.ts';
import { BINDINGS, BY, LbcWorld } from '../lbc-world.ts';

/** A cluster with a target group made by another cluster's Service. */
function outside(o: ConstructorParameters<typeof LbcWorld>[0] = {}) {
  const pri = new LbcWorld();
  pri.addService('nginx', { 'multi-cluster-target-group': 'true' });
  pri.settle();
  const arn: string = pri.binding()['spec'].targetGroupARN;
  const world = new LbcWorld({ name: 'sec', beside: pri, ...o });
  return { world, pri, arn };
}

const refusal = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};
const shared = { multiClusterTargetGroup: true };

describe('a new binding', () => {
  test('is completed from its target group', () => {
    const { world, pri, arn } = outside();
    expect(world.addBinding('b', arn, shared)['spec']).toMatchObject({
      targetType: 'ip',
      ipAddressType: 'ipv4',
      vpcID: pri.aws.network.vpcId,
      targetGroupProtocol: 'TCP',
      multiClusterTargetGroup: true,
    });
  });

  test('may name its target group instead', () => {
    const { world, pri, arn } = outside();
    const targetGroupName = pri.binding().metadata.name;
    const made = world.kube.create(BINDINGS, named({ targetGroupName }), BY);
    expect(made['spec'].targetGroupARN).toBe(arn);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no group', { targetGroupARN: '' }, 'must provide either TargetGroupARN or TargetGroupName'],
    ['unknown name', { targetGroupARN: '', targetGroupName: 'nope' }, 'TargetGroupNotFound'],
    [
      'nodeSelector',
      { nodeSelector: {} },
      'TargetGroupBinding cannot set NodeSelector when TargetType is ip',
    ],
    ['family', { ipAddressType: 'ipv6' }, 'invalid IP address type ipv4 for TargetGroup arn:'],
    ['VPC syntax', { vpcID: 'vpc-x' }, 'VPC Id must begin with'],
    ['other VPC', { vpcID: 'vpc-00000000' }, 'invalid VpcID vpc-00000000 doesnt match VpcID from'],
    ['protocol', { targetGroupProtocol: 'UDP' }, 'protocol differs (got UDP, expected TCP)'],
    [
      'role with instances',
      { targetType: 'instance', iamRoleArnToAssume: 'arn:aws:iam::1:role/x' },
      'Unable to use instance target type while using assume role',
    ],
  ])('is refused: %s', (_, spec, words) => {
    const { world, arn } = outside();
    const message = refusal(() => world.addBinding('b', arn, { ...shared, ...spec }));
    expect(message).toMatch(/^admission webhook "[mv]targetgroupbinding.elbv2.k8s.aws" denied/);
    expect(message).toContain(words);
  });

  test('needs every binding of its target group in the cluster to share', () => {
    const { world, arn } = outside();
    world.addBinding('b', arn, shared);
    expect(refusal(() => world.addBinding('c', arn, shared))).toBe('');
    expect(refusal(() => world.addBinding('d', arn))).toContain(
      `TargetGroup ${arn} is already bound to following TargetGroupBindings [default/b default/c]. Please enable MultiCluster mode`,
    );
  });

  test('up to v2.11 is the only one of its target group', () => {
    const { world, arn } = outside({ version: 'v2.11.0' });
    world.addBinding('b', arn, shared);
    expect(refusal(() => world.addBinding('c', arn, shared))).toContain(
      `TargetGroup ${arn} is already bound to TargetGroupBinding default/b`,
    );
  });

  test('can be tried without being made', () => {
    const { world, arn } = outside();
    const dry = { ...BY, dryRun: true };
    const tried = world.kube.create(BINDINGS, named({ targetGroupARN: arn, ...shared }), dry);
    expect(tried['spec'].targetType).toBe('ip');
    expect(world.kube.list(BINDINGS)).toEqual([]);
  });
});

describe('a changed binding', () => {
  test('keeps what must not change', () => {
    const { world, arn } = outside();
    world.addBinding('b', arn, shared);
    const change = (spec: object): string => refusal(() => world.merge(BINDINGS, 'b', { spec }));
    expect(change({ targetGroupARN: 'arn:other', targetType: 'instance', vpcID: null })).toContain(
      'TargetGroupBinding update may not change these immutable fields: spec.targetGroupARN,spec.targetType,spec.vpcID',
    );
    expect(change({ multiClusterTargetGroup: false })).toBe('');
    expect(change({ serviceRef: { name: 'other' } })).toBe('');
  });

  test('cannot stop sharing while another one shares with it', () => {
    const { world, arn } = outside();
    world.addBinding('b', arn, shared);
    world.addBinding('c', arn, shared);
    const spec = { multiClusterTargetGroup: false };
    expect(refusal(() => world.merge(BINDINGS, 'c', { spec }))).toContain('already bound');
  });
});

describe('the flag', () => {
  test('is stripped by a controller that does not know it, under a definition that does', () => {
    const { world, arn } = outside({ version: 'v2.9.2', crdVersion: 'v3.5.0' });
    expect(world.addBinding('b', arn, shared)['spec'].multiClusterTargetGroup).toBeUndefined();
    const spec = shared;
    expect(world.merge(BINDINGS, 'b', { spec })['spec'].multiClusterTargetGroup).toBeUndefined();
  });

  test('is pruned by a definition that does not know it, and the old primary stays exclusive', () => {
    const world = new LbcWorld({ crdVersion: 'v2.9.2' });
    world.addService('nginx', { 'multi-cluster-target-group': 'true' });
    world.settle();
    expect(world.binding()['spec'].multiClusterTargetGroup).toBeUndefined();
    expect(world.tracked()).toBeUndefined();
    const apply = (): unknown =>
      world.kube.patch(
        BINDINGS,
        'default',
        world.binding().metadata.name,
        {
          type: 'apply',
          body: { apiVersion: 'elbv2.k8s.aws/v1beta1', kind: 'TargetGroupBinding', spec: shared },
        },
        BY,
      );
    expect(refusal(apply)).toContain('field not declared in schema');
  });

  test('is ignored by a controller before v2.10: it takes foreign targets out', () => {
    const { world, arn } = outside({ version: 'v2.9.2', crdVersion: 'v3.5.0' });
    world.addService('nginx', {}, { type: 'ClusterIP' });
    const ip = world.addPod('a');
    world.setEndpoints('nginx', [{ name: 'a', ip }]);
    world.register(arn, '10.0.65.200');
    world.addBinding('b', arn, shared);
    world.settle();
    expect(world.registered(arn)).toEqual([`${ip}:80`]);
  });
});

describe('webhooks while no process answers', () => {
  test('fail every write of bindings and new Services, but not annotations or deletions', () => {
    const { world, arn } = outside();
    world.addService('nginx', {}, { type: 'ClusterIP' });
    world.addBinding('b', arn, shared);
    world.lbc.stop();
    expect(refusal(() => world.addBinding('c', arn, shared))).toMatch(
      /failed calling webhook "mtargetgroupbinding.elbv2.k8s.aws": failed to call webhook: Post .* connection refused/,
    );
    expect(
      refusal(() => world.merge(BINDINGS, 'b', { metadata: { labels: { a: 'b' } } })),
    ).toContain('failed calling webhook');
    expect(refusal(() => world.addService('other'))).toContain('mservice.elbv2.k8s.aws');
    expect(refusal(() => world.annotate('nginx', { attributes: 'a=b' }))).toBe('');
    expect(refusal(() => world.addPod('x'))).toBe('');
  });
});

const classOf = (object: KubeObject): unknown => object['spec'].loadBalancerClass;

test('the class is set on Services of type LoadBalancer that name none', () => {
  const world = new LbcWorld();
  expect(classOf(world.addService('a'))).toBe('service.k8s.aws/nlb');
  expect(classOf(world.addService('b', {}, { type: 'ClusterIP' }))).toBeUndefined();
  expect(classOf(world.addService('c', {}, { loadBalancerClass: 'x/y' }))).toBe('x/y');
});

function named(spec: Record<string, unknown>): KubeObject {
  return {
    apiVersion: 'elbv2.k8s.aws/v1beta1',
    kind: 'TargetGroupBinding',
    metadata: { name: 'b', namespace: 'default' },
    spec: { serviceRef: { name: 'nginx', port: 80 }, ...spec },
  };
}

describe('the configurations', () => {
  const key = (kind: string): string => `${kind}webhookconfigurations.admissionregistration.k8s.io`;
  const NAME = 'aws-load-balancer-webhook';
  const withoutFinalizers = (world: LbcWorld): string =>
    refusal(() =>
      world.kube.patch(
        BINDINGS,
        'default',
        'b',
        { type: 'merge', body: { metadata: { finalizers: [] } } },
        BY,
      ),
    );

  test('name what is asked, and outlive a controller that is scaled to nothing', () => {
    const { world, arn } = outside();
    world.addBinding('b', arn, shared);
    const found = world.kube.get(key('validating'), '', NAME);
    expect(found?.['webhooks']).toMatchObject([
      { name: 'vtargetgroupbinding.elbv2.k8s.aws', failurePolicy: 'Fail' },
    ]);
    world.lbc.stop();
    expect(withoutFinalizers(world)).toContain('failed calling webhook "mtargetgroupbinding');
  });

  test('without them nobody is asked; with failurePolicy Ignore nobody has to answer', () => {
    const { world, arn } = outside();
    world.addBinding('b', arn, shared);
    world.settle();
    world.lbc.stop();
    world.kube.delete(key('mutating'), '', NAME, BY);
    expect(withoutFinalizers(world)).toContain('failed calling webhook "vtargetgroupbinding');
    const webhooks = (world.kube.get(key('validating'), '', NAME)!['webhooks'] as object[]).map(
      (one) => ({ ...one, failurePolicy: 'Ignore' }),
    );
    world.kube.patch(key('validating'), '', NAME, { type: 'merge', body: { webhooks } }, BY);
    expect(withoutFinalizers(world)).toBe('');
  });

  test('go with helm uninstall, which leaves the bindings and their definition', () => {
    const { world, arn } = outside();
    world.addBinding('b', arn, shared);
    world.settle();
    world.lbc.uninstall();
    for (const kind of ['mutating', 'validating']) expect(world.kube.list(key(kind))).toEqual([]);
    expect(world.kube.list('deployments.apps', 'kube-system')).toEqual([]);
    expect(world.kube.list(BINDINGS)).toHaveLength(1);
    expect(withoutFinalizers(world)).toBe('');
  });
});
