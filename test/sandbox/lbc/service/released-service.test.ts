import type { LbcWorld } from '../lbc-world.ts';
import { BY, notes } from '../lbc-world.ts';
import { balancers, groups, service, withService } from '../service-world.ts';

const FINALIZER = 'service.k8s.aws/resources';
const PROTECTED = { attributes: 'deletion_protection.enabled=true' };

/** After the write of the Service, when the controller's pass has read it and has not added the finalizer yet. */
const READ_MS = 30;

const owned = (short: Record<string, string>, version = 'v3.5.0'): LbcWorld =>
  withService({ 'multi-cluster-target-group': 'true', ...short }, {}, { version });

/** Has the controller look at the Service: any annotation does. */
const nudge = (world: LbcWorld): void =>
  void world.merge('services', 'nginx', { metadata: { annotations: { word: 'x' } } });

/** The one patch that takes a Service away from its controller and leaves what was made for it. */
const release = (world: LbcWorld): void =>
  void world.merge('services', 'nginx', {
    metadata: { finalizers: null, annotations: notes({ 'nlb-target-type': null as never }) },
    spec: { type: 'NodePort', loadBalancerClass: null },
  });

const finalizers = (world: LbcWorld): string[] => service(world)!.metadata.finalizers ?? [];

function written(world: LbcWorld, act: () => void): string[] {
  const from = world.journal.entries.length;
  act();
  world.settle(60_000);
  // A restart shows in the status of the controller's Deployment.
  return world
    .story(from)
    .filter((one) => !one.startsWith('Describe') && one !== 'PATCH undefined status');
}

test('a Service that is released between two passes is left alone, with everything made for it', () => {
  const world = owned(PROTECTED);
  world.settle(60_000);
  expect(written(world, () => release(world))).toEqual([]);
  expect(finalizers(world)).toEqual([]);
  // Not even after a restart, when all Services are looked at.
  expect(written(world, () => world.lbc.restart())).toEqual([]);
  expect(balancers(world)).toHaveLength(1);
  expect(world.registered(world.binding()['spec'].targetGroupARN)).toHaveLength(1);
});

describe('a pass that is under way', () => {
  function releasedMidway(short: Record<string, string>, version?: string): LbcWorld {
    const world = owned(short, version);
    world.settle(60_000);
    nudge(world);
    world.settle(READ_MS);
    release(world);
    world.settle(60_000);
    return world;
  }

  test('adds the finalizer again, and with it the controller wants to clean up', () => {
    const world = releasedMidway(PROTECTED);
    expect(finalizers(world)).toEqual([FINALIZER]);
    expect(world.events('nginx').at(-1)?.message).toBe(
      'Failed build model due to deletion_protection is enabled, cannot delete the service: nginx',
    );
    expect(balancers(world)).toHaveLength(1);
    // The status came too late: the server takes none for this type.
    expect(world.reasons('nginx')).toContain('FailedUpdateStatus');
  });

  test('has no second chance once the finalizer is removed again', () => {
    const world = releasedMidway(PROTECTED);
    world.merge('services', 'nginx', { metadata: { finalizers: null } });
    world.settle(60 * 60_000);
    expect(finalizers(world)).toEqual([]);
    expect(balancers(world)).toHaveLength(1);
  });

  test.each(['v2.13.0', 'v3.3.0'])(
    'deletes the load balancer in %s when the finalizer is removed again: the next attempt waits in the queue',
    (version) => {
      const world = releasedMidway(PROTECTED, version);
      expect(balancers(world)).toHaveLength(1);
      world.merge('services', 'nginx', { metadata: { finalizers: null } });
      world.settle(60 * 60_000);
      expect(balancers(world)).toEqual([]);
    },
  );

  test('costs the load balancer where only AWS protects it', () => {
    const world = owned({});
    const LoadBalancerArn: string = balancers(world)[0]!['LoadBalancerArn'];
    const Attributes = [{ Key: 'deletion_protection.enabled', Value: 'true' }];
    const protect = { LoadBalancerArn, Attributes };
    world.aws.call('elbv2.ModifyLoadBalancerAttributes', protect, 'somebody');
    nudge(world);
    world.settle(READ_MS);
    release(world);
    world.settle(60_000);
    expect(balancers(world)).toEqual([]);
    expect(groups(world)).toEqual([]);
  });
});

describe('a pass that waits in the queue during the release', () => {
  function releasedInQueue(version: string): LbcWorld {
    const world = owned(PROTECTED, version);
    world.settle(60_000);
    nudge(world);
    world.settle(10);
    release(world);
    world.settle(60_000);
    return world;
  }

  test.each(['v2.10.0', 'v2.12.0', 'v3.4.0', 'v3.5.0'])('does nothing in %s', (version) => {
    const world = releasedInQueue(version);
    expect(finalizers(world)).toEqual([]);
    expect(balancers(world)).toHaveLength(1);
  });

  test.each(['v2.13.0', 'v3.3.0'])(
    'deletes the load balancer in %s, although the annotation protects it',
    (version) => {
      const world = releasedInQueue(version);
      expect(balancers(world)).toEqual([]);
      expect(groups(world)).toEqual([]);
    },
  );
});

test.each(['v2.12.0', 'v3.3.0', 'v3.5.0'])(
  'a Service that is deleted in %s goes with everything made for it, and tells of no failure',
  (version) => {
    const world = owned({}, version);
    world.kube.delete('services', 'default', 'nginx', BY);
    world.settle(60_000);
    expect(service(world)).toBeUndefined();
    expect(balancers(world)).toEqual([]);
    expect(world.reasons('nginx')).toEqual(['SuccessfullyReconciled']);
  },
);
