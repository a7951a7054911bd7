import {
  adopt,
  busy,
  frontend,
  keepGroups,
  label,
  notesOf,
  release,
  restart,
  RESTART_MS,
  retag,
} from './hands.ts';
import { BINDINGS, person, PREFIX, Shared } from './shared.ts';

const MINUTE = 60_000;
const PROTECTION = `${PREFIX}attributes`;

const ready = (targets: readonly string[]): number =>
  targets.filter((one) => one.endsWith(' healthy')).length;

/** Released and tagged NEW's; the controllers are restarted that are named. */
function handedTo(it_: Shared, ...restarted: ('old' | 'fresh')[]): Record<string, string> {
  const notes = notesOf(it_.service(it_.old));
  release(it_, it_.old);
  it_.world.clock.advance(5_000);
  const keep = keepGroups(it_, it_.old);
  retag(it_, it_.fresh);
  for (const one of restarted) restart(it_, it_[one]);
  it_.world.clock.advance(RESTART_MS);
  return { ...notes, ...keep };
}

describe('1. outdated tags', () => {
  test('NEW is not restarted: it makes a second load balancer, and all its pods are deregistered', () => {
    const it_ = new Shared();
    busy(it_);
    const first: string = it_.balancers[0]!['LoadBalancerArn'];
    const before = it_.of(it_.fresh);
    expect(ready(before)).toBe(2);
    const notes = handedTo(it_, 'old');
    label(it_, it_.fresh);
    adopt(it_, it_.fresh, notes);
    it_.world.clock.advance(2 * MINUTE);
    expect(it_.balancers).toHaveLength(3);
    expect(it_.balancers[0]!['LoadBalancerArn']).toBe(first);
    expect(it_.of(it_.fresh)).toEqual([]);
    expect(ready(it_.of(it_.old))).toBe(3);
    expect(it_.events(it_.fresh)).toContain('SuccessfullyReconciled Successfully reconciled');
    expect(it_.bindings(it_.fresh).map(({ metadata }) => metadata.name)).not.toContain('nginx-80');
  });

  test('OLD is not restarted, and its Service comes back without the annotation: when it is deleted, the load balancer is', () => {
    const it_ = new Shared();
    // A pass reads the tags: the one that made everything did not.
    it_.merge(it_.old, 'services', 'nginx', { metadata: { annotations: { word: 'x' } } });
    it_.world.clock.advance(5_000);
    const notes = notesOf(it_.service(it_.old));
    delete notes[PROTECTION];
    handedTo(it_, 'fresh');
    adopt(it_, it_.old, { ...notes, [PROTECTION]: null });
    it_.world.clock.advance(5_000);
    expect(it_.service(it_.old).metadata.finalizers).toHaveLength(1);
    const from = it_.now;
    it_.old.kube.delete('services', 'default', 'nginx', person);
    it_.world.clock.advance(MINUTE);
    expect(it_.balancers).toEqual([]);
    expect(it_.wrote(from, /^lbc\/old$/)).toEqual(
      expect.arrayContaining(['ModifyLoadBalancerAttributes', 'DeleteLoadBalancer']),
    );
  });

  test('OLD is restarted: its Service that comes back finds nothing, and what was handed over stays', () => {
    const it_ = new Shared();
    it_.merge(it_.old, 'services', 'nginx', { metadata: { annotations: { word: 'x' } } });
    it_.world.clock.advance(5_000);
    const notes = notesOf(it_.service(it_.old));
    const adopted = handedTo(it_, 'old', 'fresh');
    label(it_, it_.fresh);
    adopt(it_, it_.fresh, adopted);
    it_.world.clock.advance(MINUTE);
    const targets = it_.targets();
    adopt(it_, it_.old, notes);
    expect(it_.watch(2 * MINUTE, targets)).toEqual([]);
    it_.old.kube.delete('services', 'default', 'nginx', person);
    it_.world.clock.advance(2 * MINUTE);
    expect(it_.balancers).toHaveLength(1);
    expect(ready(it_.of(it_.fresh))).toBe(2);
  });

  test('a pass of OLD that is under way during all this writes the tags of a listener back', () => {
    const it_ = new Shared();
    it_.old.lbc.restart();
    // The new process has seen target groups and load balancer, and not yet the listeners.
    it_.world.clock.advance(190);
    release(it_, it_.old);
    retag(it_, it_.fresh);
    it_.world.clock.advance(MINUTE);
    const { LoadBalancerArn } = it_.balancers[0]!;
    const [{ ListenerArn }] = it_.aws('elbv2.DescribeListeners', { LoadBalancerArn }).Listeners;
    const clusterOf = (arn: string): string =>
      it_
        .aws('elbv2.DescribeTags', { ResourceArns: [arn] })
        .TagDescriptions[0].Tags.find((tag: { Key: string }) => tag.Key.endsWith('/cluster')).Value;
    expect(clusterOf(LoadBalancerArn)).toBe('new');
    expect(clusterOf(ListenerArn)).toBe('old');
  });
});

// 2, the finalizer that comes back: test/sandbox/lbc/service/released-service.test.ts.

describe('3. security groups', () => {
  test.each([
    ['its cluster’s tag taken off', false],
    ['tagged NEW’s', true],
  ])(
    'without the two annotations, the group of clients %s: OLD’s pods are cut off for good',
    (_, tagged) => {
      const it_ = new Shared();
      const notes = notesOf(it_.service(it_.old));
      const group = frontend(it_);
      handedTo(it_, 'old', 'fresh');
      const Tags = [{ Key: 'elbv2.k8s.aws/cluster', Value: 'new' }];
      if (tagged) it_.aws('ec2.CreateTags', { Resources: [group], Tags });
      label(it_, it_.fresh);
      adopt(it_, it_.fresh, notes);
      it_.world.clock.advance(10 * MINUTE);
      expect(ready(it_.of(it_.old))).toBe(0);
      expect(it_.of(it_.old)).toHaveLength(3);
      expect(ready(it_.of(it_.fresh))).toBe(2);
    },
  );
});

describe('4. wrong objects', () => {
  test('only the annotation of the target type is removed, the class stays: the shared group is deleted', () => {
    const it_ = new Shared();
    const [shared] = it_.groups;
    it_.merge(it_.old, 'services', 'nginx', {
      metadata: { finalizers: null, annotations: { [`${PREFIX}nlb-target-type`]: null } },
    });
    it_.world.clock.advance(2 * MINUTE);
    const arns = it_.groups.map((one) => one['TargetGroupArn']);
    expect(arns).not.toContain(shared!['TargetGroupArn']);
    expect(it_.groups.map((one) => one['TargetType'])).toEqual(['instance']);
    expect(it_.of(it_.fresh).filter((one) => one.includes('10.'))).toEqual([]);
  });

  test('NEW’s Service has no annotation for several clusters: OLD’s targets are deregistered', () => {
    const it_ = new Shared();
    const notes: Record<string, string | null> = handedTo(it_, 'old', 'fresh');
    notes[`${PREFIX}multi-cluster-target-group`] = null;
    label(it_, it_.fresh);
    adopt(it_, it_.fresh, notes);
    it_.world.clock.advance(2 * MINUTE);
    expect(it_.of(it_.old)).toEqual([]);
    expect(ready(it_.of(it_.fresh))).toBe(2);
  });

  test('NEW’s Service has a port less: listener and group are deleted for everybody', () => {
    const it_ = new Shared('two-ports');
    const notes = handedTo(it_, 'old', 'fresh');
    label(it_, it_.fresh);
    const [port] = it_.service(it_.fresh)['spec'].ports;
    it_.merge(it_.fresh, 'services', 'nginx', { spec: { ports: [port] } });
    adopt(it_, it_.fresh, notes);
    it_.world.clock.advance(5 * MINUTE);
    expect(it_.groups).toHaveLength(1);
    expect(ready(it_.of(it_.old))).toBe(2);
  });

  test('instance targets, released to ClusterIP: the node ports are gone, and with them OLD’s targets', () => {
    const it_ = new Shared('instance');
    expect(ready(it_.of(it_.old))).toBe(2);
    const nodePorts = (): number[] => {
      const { ports } = it_.service(it_.old)['spec'];
      return ports.map((one: { nodePort: number }) => one.nodePort);
    };
    const [port] = nodePorts();
    release(it_, it_.old, 'ClusterIP');
    it_.world.clock.advance(5 * MINUTE);
    expect(nodePorts()).not.toContain(port);
    // What is registered at the number of before is out, until the controller registers the new one.
    const stays = it_.of(it_.old).filter((one) => one.includes(`:${port} `));
    expect(ready(stays)).toBe(0);
  });

  test('NEW’s binding has no labels: a second one is made, and deleting one takes the pods of both', () => {
    const it_ = new Shared();
    const notes = handedTo(it_, 'old', 'fresh');
    adopt(it_, it_.fresh, notes);
    it_.world.clock.advance(2 * MINUTE);
    expect(it_.bindings(it_.fresh)).toHaveLength(2);
    expect(ready(it_.of(it_.fresh))).toBe(2);
    it_.fresh.kube.delete(BINDINGS, 'default', 'nginx-80', person);
    it_.world.clock.advance(MINUTE);
    expect(it_.of(it_.fresh)).toEqual([]);
    expect(it_.bindings(it_.fresh)).toHaveLength(1);
  });
});
