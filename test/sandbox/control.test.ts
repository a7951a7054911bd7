import { control } from '../../src/sandbox/control.ts';
import { createWorld, type World } from '../../src/sandbox/world.ts';

const BINDINGS = 'targetgroupbindings.elbv2.k8s.aws';
const person = { actor: 'test', manager: 'kubectl' };

const groupArn = (world: World): string =>
  world.aws.call('elbv2.DescribeTargetGroups', {}, 'test').TargetGroups[0].TargetGroupArn;

/** A binding by hand in a cluster of the scenario no-owner. */
function bind(world: World, cluster: string): void {
  const binding = {
    apiVersion: 'elbv2.k8s.aws/v1beta1',
    kind: 'TargetGroupBinding',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      serviceRef: { name: 'web', port: 80 },
      targetGroupARN: groupArn(world),
      multiClusterTargetGroup: true,
    },
  };
  world.cluster(cluster).kube.create(BINDINGS, binding, person);
}

/** The clusters whose pods are registered. */
function registered(world: World): string[] {
  const TargetGroupArn = groupArn(world);
  const ids = world.aws
    .call('elbv2.DescribeTargetHealth', { TargetGroupArn }, 'test')
    .TargetHealthDescriptions.map((one: { Target: { Id: string } }) => one.Target.Id);
  return [...world.clusters.values()]
    .filter(({ kube }) =>
      kube.list('pods', 'default').some((pod) => ids.includes(pod.status.podIP)),
    )
    .map(({ name }) => name);
}

const events = (world: World, cluster: string): string =>
  world
    .cluster(cluster)
    .kube.list('events', 'default')
    .map((event) => `${event['reason']}: ${event['message']}`)
    .join('\n');

let world: World;
beforeEach(() => {
  world = createWorld({ scenario: 'no-owner', clusters: ['a', 'b'] });
});

describe('a fault for the calls of a controller', () => {
  test('hits that controller alone, is told in its event, and ends when it is removed', () => {
    control(world, { verb: 'fault', rules: ['aws:RegisterTargets@lbc/a:status=403'] });
    bind(world, 'a');
    bind(world, 'b');
    world.clock.advance(60_000);
    expect(registered(world)).toEqual(['b']);
    expect(events(world, 'a')).toContain(
      'RegisterTargets, https response error StatusCode: 403, api error AccessDenied',
    );
    expect(control(world, { verb: 'list' }).faults[0]?.hits).toBeGreaterThan(1);

    control(world, { verb: 'remove', numbers: [1] });
    world.clock.advance(20 * 60_000);
    expect(registered(world)).toEqual(['a', 'b']);
  });

  test('cut: nothing is registered; cut-after: it is, and the controller tries again', () => {
    control(world, {
      verb: 'fault',
      rules: [
        'aws:RegisterTargets@lbc/a:cut:times=1',
        'aws:RegisterTargets@lbc/b:cut-after:times=1',
      ],
    });
    bind(world, 'a');
    bind(world, 'b');
    world.clock.advance(60_000);
    const calls = (actor: string): number[] =>
      world.journal.entries
        .filter((entry) => entry.action === 'elbv2.RegisterTargets' && entry.actor === actor)
        .map((entry) => entry.status);
    expect(calls('lbc/a')).toEqual([0, 200]);
    expect(calls('lbc/b')[0]).toBe(0);
    expect(events(world, 'a')).toContain('request send failed, Post "https://elasticloadbalancing');
    expect(registered(world)).toEqual(['a', 'b']);
  });

  test('hits its writes to the API server, too', () => {
    control(world, { verb: 'fault', rules: ['kube:POST .*/configmaps$@lbc/a:status=500:times=1'] });
    bind(world, 'a');
    world.clock.advance(60_000);
    const created = world.journal.entries
      .filter(({ verb, path, cluster }) => `${cluster} ${verb} ${path}`.endsWith('/configmaps'))
      .filter((entry) => entry.cluster === 'a' && entry.actor === 'lbc')
      .map((entry) => entry.status);
    expect(created.slice(0, 2)).toEqual([500, 201]);
    expect(registered(world)).toEqual(['a']);
  });

  test('hits what its webhooks ask AWS', () => {
    control(world, { verb: 'fault', rules: ['aws:DescribeTargetGroups@lbc/a:status=503'] });
    expect(() => bind(world, 'a')).toThrow('StatusCode: 503');
    expect(() => bind(world, 'b')).not.toThrow();
  });
});

test('a paused controller does nothing and is ready all the same, until it is resumed', () => {
  const state = (): string[] =>
    control(world, { verb: 'list' }).controllers.map((one) => `${one.cluster} ${one.state}`);
  control(world, { verb: 'pause', cluster: 'a' });
  bind(world, 'a');
  world.clock.advance(10 * 60_000);
  expect(registered(world)).toEqual([]);
  expect(state()).toEqual(['a paused', 'b running']);
  const deployment = world
    .cluster('a')
    .kube.get('deployments.apps', 'kube-system', 'aws-load-balancer-controller');
  expect(deployment?.['status'].readyReplicas).toBe(2);

  control(world, { verb: 'resume', cluster: 'a' });
  world.clock.advance(1_000);
  expect(registered(world)).toEqual(['a']);
  expect(state()).toEqual(['a running', 'b running']);
});

test('a restarted controller has forgotten what it had in memory, a pause included', () => {
  control(world, { verb: 'fault', rules: ['aws:RegisterTargets@lbc/a:status=403'] });
  bind(world, 'a');
  world.clock.advance(60_000);
  // Only its memory knows which event it has written already: a repeated one is counted up.
  const refusals = (): number[] =>
    world
      .cluster('a')
      .kube.list('events', 'default')
      .filter((event) => event['message'].includes('AccessDenied'))
      .map((event) => event['count']);
  expect(refusals()).toEqual([expect.any(Number)]);
  expect(refusals()[0]).toBeGreaterThan(1);

  control(world, { verb: 'pause', cluster: 'a' });
  control(world, { verb: 'restart', cluster: 'a' });
  expect(control(world, { verb: 'list' }).controllers[0]?.state).toBe('running');
  world.clock.advance(1_000);
  expect(refusals()).toHaveLength(2);
});

test('restart starts a controller that was stopped, unless its Deployment has no replicas', () => {
  world.cluster('a').lbc.stop();
  expect(() => control(world, { verb: 'pause', cluster: 'a' })).toThrow('does not run');
  expect(() => control(world, { verb: 'resume', cluster: 'a' })).toThrow('does not run');
  expect(control(world, { verb: 'restart', cluster: 'a' }).controllers[0]?.state).toBe('running');

  const body = { spec: { replicas: 0 } };
  const where = ['deployments.apps', 'kube-system', 'aws-load-balancer-controller'] as const;
  world.cluster('a').kube.patch(...where, { type: 'merge', body }, person);
  world.clock.advance(1_000);
  expect(() => control(world, { verb: 'restart', cluster: 'a' })).toThrow('has no replicas');
});

test('of several rules, one that cannot be read keeps all out', () => {
  const rules = ['aws:RegisterTargets:cut', 'aws:cut'];
  expect(() => control(world, { verb: 'fault', rules })).toThrow('does not name the requests');
  expect(control(world, { verb: 'list' }).faults).toEqual([]);
});

test('what is not there is named, with what is', () => {
  expect(() => control(world, { verb: 'pause', cluster: 'c' })).toThrow(
    expect.objectContaining({ message: 'There is no cluster c.', hint: 'The clusters are a, b.' }),
  );
  control(world, { verb: 'fault', rules: ['aws:x:cut', 'aws:y:cut:times=2'] });
  expect(() => control(world, { verb: 'remove', numbers: [1, 7] })).toThrow(
    expect.objectContaining({ message: 'There is no fault 7.', hint: 'The faults are 1, 2.' }),
  );
  expect(control(world, { verb: 'list' }).faults).toEqual([
    { number: 1, rule: 'aws:x:cut', hits: 0 },
    { number: 2, rule: 'aws:y:cut:times=2', hits: 0, times: 2 },
  ]);
  expect(control(world, { verb: 'remove', numbers: 'all' }).faults).toEqual([]);
});
