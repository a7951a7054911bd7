import {
  adopt,
  backend,
  finish,
  frontend,
  keepGroups,
  label,
  notesOf,
  release,
  restart,
  RESTART_MS,
  retag,
} from './hands.ts';
import { Shared, type Kind } from './shared.ts';

const HARMFUL = [
  'CreateLoadBalancer',
  'DeleteLoadBalancer',
  'DeleteTargetGroup',
  'DeregisterTargets',
];
const MINUTE = 60_000;

/** The load balancer of OLD's Service becomes that of NEW's, with a look at every target twice a second. */
function handOver(kind: Kind) {
  const it_ = new Shared(kind);
  const { old, fresh } = it_;
  const targets = it_.targets();
  const arn: string = it_.balancers[0]!['LoadBalancerArn'];
  const from = it_.now;
  const bad: string[] = [];
  const watch = (ms: number): void => void bad.push(...it_.watch(ms, targets));
  const notes = notesOf(it_.service(old));

  release(it_, old);
  watch(5_000);
  retag(it_, fresh);
  restart(it_, old);
  restart(it_, fresh);
  watch(RESTART_MS);
  label(it_, fresh);
  adopt(it_, fresh, { ...notes, ...keepGroups(it_, old) });
  watch(2 * MINUTE);
  return { it_, targets, arn, from, bad, watch, notes };
}

describe.each<Kind>(['ip', 'two-ports', 'instance'])('handed over by hand (%s)', (kind) => {
  const done = handOver(kind);
  const { it_, targets, arn, from } = done;

  test('all targets of both clusters are healthy before', () => {
    expect(it_.of(it_.old, targets).length).toBeGreaterThan(1);
    expect(it_.of(it_.fresh, targets).length).toBeGreaterThan(1);
    expect(targets.every((one) => one.endsWith(' healthy'))).toBe(true);
  });

  test('no target is missing or blocked for one moment, and no other load balancer comes', () => {
    expect(done.bad).toEqual([]);
    expect(it_.balancers.map((one) => one['LoadBalancerArn'])).toEqual([arn]);
    expect(it_.groups).toHaveLength(kind === 'two-ports' ? 2 : 1);
    expect(it_.wrote(from).filter((one) => HARMFUL.includes(one))).toEqual([]);
  });

  test('the controller of NEW adds its group, and writes nothing else to the load balancer', () => {
    expect(it_.wrote(from, /^lbc\/old$/)).toEqual([]);
    const wrote = it_.wrote(from, /^lbc\/new$/);
    expect(wrote.slice(0, 2)).toEqual(['CreateSecurityGroup', 'SetSecurityGroups']);
    expect(new Set(wrote.slice(2))).toEqual(
      new Set(['AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress']),
    );
  });

  test('the Service of NEW has the name, and its bindings are the ones it had', () => {
    const [ingress] = it_.service(it_.fresh)['status'].loadBalancer.ingress;
    expect(ingress.hostname).toBe(it_.balancers[0]!['DNSName'].toLowerCase());
    expect(it_.service(it_.fresh).metadata.finalizers).toEqual(['service.k8s.aws/resources']);
    expect(
      it_.bindings(it_.fresh).every(({ metadata }) => metadata.name.startsWith('nginx-')),
    ).toBe(true);
    expect(it_.events(it_.fresh)).toContain('SuccessfullyReconciled Successfully reconciled');
  });

  test('the Service of OLD looks as before, and its controller leaves it alone', () => {
    const service = it_.service(it_.old);
    expect(service['status'].loadBalancer.ingress).toHaveLength(1);
    expect(service.metadata.finalizers).toBeUndefined();
  });

  test('and back again', () => {
    const { old, fresh } = it_;
    const again = it_.now;
    const bad = done.bad.length;
    // NEW's group keeps its place until OLD's Service has the load balancer.
    const keep = keepGroups(it_, fresh);
    label(it_, fresh, false);
    release(it_, fresh);
    done.watch(5_000);
    retag(it_, old);
    restart(it_, fresh);
    restart(it_, old);
    done.watch(RESTART_MS);
    label(it_, old);
    adopt(it_, old, { ...done.notes, ...keep });
    done.watch(2 * MINUTE);
    expect(done.bad.slice(bad)).toEqual([]);
    expect(it_.wrote(again).filter((one) => HARMFUL.includes(one))).toEqual([]);
    expect(it_.service(old).metadata.finalizers).toEqual(['service.k8s.aws/resources']);
  });
});

test('after the finish the load balancer has the groups of NEW alone, and OLD’s targets stay healthy', () => {
  const { it_, bad, watch } = handOver('ip');
  const { old, fresh } = it_;
  finish(it_, old, fresh);
  watch(2 * MINUTE);
  expect(bad).toEqual([]);
  expect(it_.balancers[0]!['SecurityGroups'].toSorted()).toEqual(
    [frontend(it_), backend(it_, fresh)].toSorted(),
  );
  // OLD may go now: with its binding its own targets leave, and no other.
  const left = it_.of(fresh);
  for (const { metadata } of it_.bindings(old)) {
    old.kube.delete('targetgroupbindings.elbv2.k8s.aws', 'default', metadata.name, {
      actor: 'test',
      manager: 'kubectl',
    });
  }
  expect(it_.watch(MINUTE, left)).toEqual([]);
  expect(it_.targets()).toEqual(left);
});

test('a restart is not needed where NEW’s controller has seen no load balancer yet', () => {
  const it_ = new Shared();
  const { old, fresh } = it_;
  const notes = notesOf(it_.service(old));
  const targets = it_.targets();
  release(it_, old);
  retag(it_, fresh);
  label(it_, fresh);
  adopt(it_, fresh, { ...notes, ...keepGroups(it_, old) });
  expect(it_.watch(2 * MINUTE, targets)).toEqual([]);
  expect(it_.balancers).toHaveLength(1);
});
