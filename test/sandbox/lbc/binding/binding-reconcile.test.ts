import { CHECKPOINT, joined } from '../joined.ts';
import { BINDINGS, BY } from '../lbc-world.ts';

const MINUTE = 60_000;

describe('the order of requests', () => {
  test('of a new ip binding', () => {
    const { world, from } = joined();
    expect(world.story(from)).toEqual([
      'DescribeTargetGroups',
      'DescribeTargetGroups',
      'PATCH targetgroupbindings finalizers',
      'DescribeTargetHealth',
      // Without networking: groups that once had rules are looked for, once per process.
      'DescribeSecurityGroups',
      'PUT configmaps 404',
      'POST configmaps',
      'DescribeVpcs',
      'RegisterTargets',
      'PATCH targetgroupbindings checkpoint',
      'PATCH targetgroupbindings status',
      'POST events SuccessfullyReconciled',
    ]);
  });

  test('of a changed one: checkpoint blanked before anything, record before registration', () => {
    const { world } = joined();
    const from = world.journal.entries.length;
    const ip = world.addPod('b');
    world.setEndpoints('nginx', [{ name: 'b', ip }]);
    world.settle();
    expect(world.story(from)).toEqual([
      'DescribeTargetHealth',
      'PATCH targetgroupbindings checkpoint ""',
      'DeregisterTargets',
      'PUT configmaps',
      'RegisterTargets',
      'PATCH targetgroupbindings checkpoint',
      'PATCH events',
    ]);
  });

  test('of one without target group: an error with backoff, and deletion still succeeds', () => {
    const { world, pri, find } = joined();
    pri.kube.delete('services', 'default', 'nginx', BY);
    pri.settle(3 * MINUTE);
    world.setEndpoints('nginx', []);
    world.settle(5 * MINUTE);
    const failed = world.events('nginx').find((event) => event.reason === 'FailedReconcile');
    expect(failed?.message).toContain('TargetGroupNotFound');
    expect(failed?.count).toBeGreaterThan(10);
    expect(failed?.count).toBeLessThan(20);
    world.kube.delete(BINDINGS, 'default', 'nginx', BY);
    world.settle(10 * MINUTE);
    expect(find()).toBeUndefined();
  });
});

describe('the checkpoint', () => {
  test('equal: nothing at all happens', () => {
    const { world, checkpoint } = joined();
    const from = world.journal.entries.length;
    expect(checkpoint()).toMatch(/^[\w-]{43}\/[\w-]{43}$/);
    world.merge(BINDINGS, 'nginx', { metadata: { labels: { mine: 'x' } } });
    world.settle();
    expect(world.story(from)).toEqual([]);
  });

  test('changes with a new pod on the old address', () => {
    const { world, ip, checkpoint } = joined();
    const before = checkpoint();
    world.addPod('a2', { ip });
    world.setEndpoints('nginx', [{ name: 'a2', ip }]);
    world.settle();
    expect(checkpoint()).not.toBe(before);
  });

  test('after a restart: skipped, and a full pass 30 to 45 minutes later repairs what AWS lost', () => {
    const { world, arn, ip, lose } = joined();
    lose();
    world.lbc.restart();
    world.settle(29 * MINUTE);
    expect(world.registered(arn)).toEqual([]);
    world.settle(17 * MINUTE);
    expect(world.registered(arn)).toEqual([`${ip}:80`]);
  });

  test('in a process that did a full pass, what AWS lost stays lost for hours', () => {
    const { world, arn, ip, lose } = joined();
    lose();
    world.settle(9 * 60 * MINUTE);
    expect(world.registered(arn)).toEqual([]);
    world.settle(12 * 60 * MINUTE);
    expect(world.registered(arn)).toEqual([`${ip}:80`]);
  });

  test('blanked within 5 minutes of the damage: the pass succeeds and repairs nothing', () => {
    const { world, arn, ip, lose } = joined();
    const blank = (): void => {
      world.merge(BINDINGS, 'nginx', { metadata: { annotations: { [CHECKPOINT]: '' } } });
      world.settle();
    };
    world.settle(5 * MINUTE);
    blank();
    lose();
    blank();
    expect(world.registered(arn)).toEqual([]);
    world.settle(5 * MINUTE);
    blank();
    expect(world.registered(arn)).toEqual([`${ip}:80`]);
  });

  test('is not known before v2.9.1', () => {
    expect(joined({ version: 'v2.8.2' }).checkpoint()).toBeUndefined();
  });
});

test('--max-targets-per-target-group counts foreign targets; beyond it the pass dies unsaid', () => {
  const { world, pri, arn, ip } = joined({ flags: { maxTargetsPerTargetGroup: 2 } });
  const pods = ['b', 'c'].map((name) => ({ name, ip: world.addPod(name) }));
  world.setEndpoints('nginx', [{ name: 'a', ip }, ...pods]);
  world.settle();
  expect(world.registered(arn)).toHaveLength(2);
  world.settle(5 * MINUTE);
  for (const name of ['x', 'y']) pri.register(arn, pri.addPod(name));
  const before = world.events('nginx').length;
  world.setEndpoints('nginx', [{ name: 'a', ip }, ...pods, { name: 'd', ip: world.addPod('d') }]);
  world.settle(MINUTE);
  expect(world.registered(arn)).toHaveLength(4);
  expect(world.events('nginx')).toHaveLength(before);
  expect(world.reasons('nginx')).toEqual(['SuccessfullyReconciled']);
});
