import { BINDINGS, BY, LbcWorld } from '../lbc-world.ts';
import { primary } from '../primary.ts';

const MINUTE = 60_000;
const FOREIGN = '10.0.65.200';
const foreign = `${FOREIGN}:80`;

describe('a binding that goes', () => {
  test('takes its own targets and its ConfigMap, and spares the others', () => {
    const { world, arn, name } = primary(true);
    world.settle(5 * MINUTE);
    world.register(arn, FOREIGN);
    const from = world.journal.entries.length;
    world.kube.delete(BINDINGS, 'default', name, BY);
    world.settle();
    expect(world.registered(arn)).toEqual([foreign]);
    expect(world.tracked(name)).toBeUndefined();
    expect(world.story(from)).toEqual([
      'DescribeTargetHealth',
      'DeregisterTargets',
      'DELETE configmaps',
      'RevokeSecurityGroupIngress',
      'PATCH targetgroupbindings finalizers',
    ]);
  });

  test('is not made again until its Service changes', () => {
    const { world, name } = primary(true);
    world.kube.delete(BINDINGS, 'default', name, BY);
    world.settle(60 * MINUTE);
    expect(world.kube.list(BINDINGS)).toEqual([]);
    world.annotate('nginx', { 'additional-resource-tags': 'a=b' });
    world.settle();
    expect(world.kube.list(BINDINGS)).toHaveLength(1);
  });

  test('ends well when its target group is gone', () => {
    const { world, arn } = primary(true);
    const sec = new LbcWorld({ name: 'sec', beside: world });
    sec.addService('nginx', {}, { type: 'ClusterIP' });
    sec.addBinding('nginx', arn, { multiClusterTargetGroup: true });
    sec.settle();
    world.kube.delete('services', 'default', 'nginx', BY);
    world.settle(3 * MINUTE);
    sec.kube.delete(BINDINGS, 'default', 'nginx', BY);
    sec.settle();
    expect(sec.kube.get(BINDINGS, 'default', 'nginx')).toBeUndefined();
  });

  test('hangs where AWS refuses, says so, and ends once allowed', () => {
    const { world, name } = primary(true);
    const lift = world.aws.access.deny({ action: /DeregisterTargets/ });
    world.kube.delete(BINDINGS, 'default', name, BY);
    world.settle(MINUTE);
    expect(world.reasons(name)).toContain('FailedCleanup');
    expect(world.binding()['status'].conditions).toMatchObject([
      { type: 'Ready', status: 'False', reason: 'FailedCleanup' },
    ]);
    lift();
    world.settle(5 * MINUTE);
    expect(world.kube.list(BINDINGS)).toEqual([]);
  });

  test('whose Service is gone is emptied and stays', () => {
    const { world, arn } = primary(true);
    const sec = new LbcWorld({ name: 'sec', beside: world });
    const ip = sec.addPod('s');
    sec.setEndpoints('nginx', [{ name: 's', ip }]);
    sec.addService('nginx', {}, { type: 'ClusterIP' });
    sec.addBinding('nginx', arn, { multiClusterTargetGroup: true });
    sec.settle();
    sec.kube.delete('services', 'default', 'nginx', BY);
    sec.kube.delete('endpointslices.discovery.k8s.io', 'default', 'nginx-abc', BY);
    sec.settle();
    expect(world.registered(arn)).not.toContain(`${ip}:80`);
    expect(sec.tracked('nginx')).toBeUndefined();
    expect(sec.kube.get(BINDINGS, 'default', 'nginx')).toBeDefined();
    expect(sec.reasons('nginx')).toContain('BackendNotFound');
    sec.addService('nginx', {}, { type: 'ClusterIP' });
    sec.setEndpoints('nginx', [{ name: 's', ip }]);
    sec.settle();
    expect(world.registered(arn)).toContain(`${ip}:80`);
  });
});
