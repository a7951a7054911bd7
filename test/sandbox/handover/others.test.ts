import {
  adopt,
  disown,
  frontend,
  groupName,
  keepGroups,
  label,
  notesOf,
  release,
  restart,
  RESTART_MS,
  retag,
} from './hands.ts';
import { person, PREFIX, Shared } from './shared.ts';

const MINUTE = 60_000;

/** NEW's controller has read the tags of everything: it looked at another Service of its own. */
function seen(it_: Shared): void {
  const { kube } = it_.fresh;
  const annotations = { [`${PREFIX}nlb-target-type`]: 'ip', [`${PREFIX}type`]: 'external' };
  const metadata = { name: 'other', namespace: 'default', annotations };
  const spec = { type: 'LoadBalancer', selector: { app: 'other' }, ports: [{ port: 80 }] };
  kube.create('services', { apiVersion: 'v1', kind: 'Service', metadata, spec }, person);
  it_.world.settle();
}

function churn({ kube }: { kube: Shared['old']['kube'] }): void {
  const [pod] = kube.list('pods', 'default');
  kube.delete('pods', 'default', pod!.metadata.name, person);
}

describe('OLD is lost', () => {
  function succeeded() {
    const it_ = new Shared();
    const { old, fresh } = it_;
    const notes = notesOf(it_.service(old));
    old.lbc.stop();
    it_.world.clock.advance(MINUTE);
    const targets = it_.targets();
    const keep = keepGroups(it_, old);
    retag(it_, fresh);
    restart(it_, fresh);
    const bad = it_.watch(RESTART_MS, targets);
    label(it_, fresh);
    adopt(it_, fresh, { ...notes, ...keep });
    bad.push(...it_.watch(2 * MINUTE, targets));
    return { it_, targets, bad };
  }

  test('NEW succeeds it', () => {
    const { it_, bad } = succeeded();
    expect(bad).toEqual([]);
    expect(it_.service(it_.fresh)['status'].loadBalancer.ingress).toHaveLength(1);
    expect(it_.balancers).toHaveLength(1);
  });

  test('it comes back, and stops at the group of clients whose name is taken', () => {
    const { it_, targets } = succeeded();
    const from = it_.now;
    it_.old.lbc.start();
    expect(it_.watch(5 * MINUTE, targets)).toEqual([]);
    expect(it_.events(it_.old)).toContainEqual(expect.stringMatching(/InvalidGroup.Duplicate/));
    expect(it_.wrote(from, /^lbc\/old$/)).not.toContain('CreateLoadBalancer');
    expect(it_.balancers).toHaveLength(1);
  });
});

describe('nobody owns', () => {
  test('released alone: restarts and new pods change nothing but the pods’ own targets', () => {
    const it_ = new Shared();
    const { old, fresh } = it_;
    release(it_, old);
    const kept = it_.of(fresh);
    const from = it_.now;
    for (let i = 0; i < 3; i++) {
      churn(old);
      restart(it_, old);
      expect(it_.watch(MINUTE, kept)).toEqual([]);
    }
    expect(it_.of(old).filter((one) => one.endsWith(' healthy'))).toHaveLength(3);
    const targets = ['RegisterTargets', 'DeregisterTargets'];
    expect(it_.wrote(from).filter((one) => !targets.includes(one))).toEqual([]);
  });

  test('with labels and tags stripped it stays so', () => {
    const it_ = new Shared();
    const { old, fresh } = it_;
    release(it_, old);
    it_.world.clock.advance(5_000);
    disown(it_, old);
    const kept = it_.of(fresh);
    const from = it_.now;
    for (const one of [old, fresh]) restart(it_, one);
    churn(old);
    expect(it_.watch(2 * MINUTE, kept)).toEqual([]);
    expect(it_.of(old).filter((one) => one.endsWith(' healthy'))).toHaveLength(3);
    const targets = ['RegisterTargets', 'DeregisterTargets'];
    expect(it_.wrote(from).filter((one) => !targets.includes(one))).toEqual([]);
  });

  test('the last other Service of OLD cannot go while the load balancer holds the backend group', () => {
    const it_ = new Shared();
    const { old } = it_;
    const annotations = { [`${PREFIX}nlb-target-type`]: 'ip', [`${PREFIX}type`]: 'external' };
    const metadata = { name: 'other', namespace: 'default', annotations };
    const spec = { type: 'LoadBalancer', selector: { app: 'other' }, ports: [{ port: 80 }] };
    old.kube.create('services', { apiVersion: 'v1', kind: 'Service', metadata, spec }, person);
    it_.world.settle();
    release(it_, old);
    restart(it_, old);
    it_.world.clock.advance(RESTART_MS);
    old.kube.delete('services', 'default', 'other', person);
    it_.world.clock.advance(10 * MINUTE);
    expect(old.kube.get('services', 'default', 'other')?.metadata.finalizers).toHaveLength(1);
    const refused = it_.world.journal.entries.filter(
      ({ action, status }) => action === 'ec2.DeleteSecurityGroup' && status === 400,
    );
    expect(refused.length).toBeGreaterThan(20);
  });
});

/** NEW's controller is stale; `prepare` is done before its Service gets the load balancer. */
function adoptedStale(prepare: (it_: Shared) => void) {
  const it_ = new Shared();
  seen(it_);
  const { old, fresh } = it_;
  const targets = it_.targets();
  const notes = { ...notesOf(it_.service(old)), ...keepGroups(it_, old) };
  release(it_, old);
  it_.world.clock.advance(5_000);
  retag(it_, fresh);
  prepare(it_);
  label(it_, fresh);
  const from = it_.now;
  adopt(it_, fresh, notes);
  return { it_, targets, notes, from };
}

describe('the decoy: a group under the name that a stale controller would take', () => {
  const place = (it_: Shared): void => {
    const decoy = { Protocol: 'UDP', Port: 80, TargetType: 'ip', VpcId: it_.fresh.vpcId };
    it_.aws('elbv2.CreateTargetGroup', { Name: groupName(it_, it_.fresh), ...decoy });
  };

  test('stops it before it does harm, and a restart adopts', () => {
    const { it_, targets, from } = adoptedStale(place);
    expect(it_.watch(3 * MINUTE, targets)).toEqual([]);
    expect(it_.events(it_.fresh)).toContainEqual(
      expect.stringMatching(/^FailedDeployModel .*DuplicateTargetGroupName/),
    );
    expect(it_.wrote(from)).not.toContain('CreateLoadBalancer');
    restart(it_, it_.fresh);
    expect(it_.watch(3 * MINUTE, targets)).toEqual([]);
    expect(it_.wrote(from).filter((one) => one.startsWith('Set'))).toEqual(['SetSecurityGroups']);
    expect(it_.service(it_.fresh)['status'].loadBalancer.ingress).toHaveLength(1);
  });
});

describe('a stray group with NEW’s tags', () => {
  /** AWS refuses the second load balancer, so that the harm is not done yet. */
  const refuse = (it_: Shared): void => {
    it_.world.faults.add({
      world: 'aws',
      caller: 'lbc/new',
      match: /^elbv2.CreateLoadBalancer$/,
      kind: 'status',
      status: 400,
      reason: 'TooManyLoadBalancers',
    });
  };

  test('after a restart the listener moves to it: the targets of both clusters are out', () => {
    const { it_, targets } = adoptedStale(refuse);
    it_.world.clock.advance(30_000);
    expect(it_.groups.length).toBeGreaterThan(1);
    restart(it_, it_.fresh);
    it_.world.clock.advance(5 * MINUTE);
    expect(targets.filter((one) => !it_.targets().includes(one)).length).toBeGreaterThan(2);
  });

  test('the way back: unlabel, release, delete it, restart, adopt again', () => {
    const { it_, targets, notes } = adoptedStale(refuse);
    const { fresh } = it_;
    const bad = it_.watch(30_000, targets);
    label(it_, fresh, false);
    release(it_, fresh);
    bad.push(...it_.watch(5_000, targets));
    const { TargetGroups } = it_.aws('elbv2.DescribeTargetGroups', {
      Names: [groupName(it_, fresh)],
    });
    const [{ TargetGroupArn }] = TargetGroups;
    it_.aws('elbv2.DeleteTargetGroup', { TargetGroupArn });
    it_.world.faults.clear();
    restart(it_, fresh);
    bad.push(...it_.watch(RESTART_MS, targets));
    label(it_, fresh);
    adopt(it_, fresh, notes);
    bad.push(...it_.watch(3 * MINUTE, targets));
    expect(bad).toEqual([]);
    expect(it_.service(fresh)['status'].loadBalancer.ingress).toHaveLength(1);
    expect(it_.balancers.some((one) => one['SecurityGroups'].includes(frontend(it_)))).toBe(true);
  });
});
