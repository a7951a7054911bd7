import { known } from '../../../src/core/model/problem.ts';
import { planJoin } from '../../../src/core/join/plan-join.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { endpointsAt } from '../cluster-builder.ts';
import { intent } from '../joining.ts';
import { useWith } from '../paths.ts';
import {
  codesOf,
  enabledPrimary,
  forbidden,
  observed,
  primaryTargets,
  registered,
  secondary,
  templates,
  unreadable,
  type WorldParts,
  tcpCheck,
} from '../world.ts';

const join = (parts: Partial<WorldParts>, sec = secondary(), pri = enabledPrimary()): Plan =>
  planJoin(
    observed({ clusters: [pri, sec], targets: { 80: primaryTargets }, ...parts }),
    intent,
    templates,
  );

const PER_BALANCER = 'targets-per-network-load-balancer';
const PER_ZONE = 'targets-per-availability-zone-per-network-load-balancer';
const crossing = {
  attributes: known({
    'deletion_protection.enabled': 'true',
    'load_balancing.cross_zone.enabled': 'true',
  }),
};
const many = (n: number) => Array.from({ length: n }, (_, i) => `10.1.${i >> 8}.${i & 255}:80`);
const pods = (n: number) =>
  secondary().endpoints(endpointsAt(many(n).map((one) => one.split(':')[0] ?? '')));

/** Another target group of the load balancer, with that many targets. */
const other = (n: number) => ({
  arn: 'arn:other',
  name: 'other',
  protocol: 'TCP',
  targetType: 'ip',
  ipFamily: 'ipv4' as const,
  loadBalancerArns: ['arn:lb'],
  healthCheck: tcpCheck,
  targets: known(many(n).map(registered)),
});

describe('the limits of AWS, after a join of two to three targets', () => {
  test.each<[string, Partial<WorldParts>, string]>([
    [
      'of the load balancer',
      { use: useWith({ [PER_BALANCER]: 4 }) },
      'load balancer k8s-default-nginx-abc has 3 targets, and this join adds 2; the limit of this account is 4',
    ],
    [
      'with the targets of another Service on it',
      { use: useWith({ [PER_BALANCER]: 5 }, { others: known([other(1)]) }) },
      'has 4 targets, and this join adds 2',
    ],
    ['of a zone', { use: useWith({ [PER_ZONE]: 1 }) }, 'zone us-east-1a of load balancer'],
  ])('over: %s', (_, parts, text) => {
    const { blockers } = join(parts);
    expect(codesOf(blockers)).toEqual(['target-limit']);
    expect(blockers[0]?.message).toContain(text);
  });

  test('near: says how many are left', () => {
    const plan = join({ use: useWith({ [PER_BALANCER]: 5 }) });
    expect(plan.blockers).toEqual([]);
    expect(plan.cautions).toMatchObject([{ code: 'target-limit-near' }]);
    expect(plan.cautions[0]?.message).toContain('0 would be left');
    expect(plan.cautions[0]?.grave).toBeUndefined();
  });

  test('far: nothing is said', () => {
    expect(join({ use: useWith({ [PER_BALANCER]: 50, [PER_ZONE]: 50 }) }).cautions).toEqual([]);
  });

  test('a default that the account may have raised is a grave caution', () => {
    const plan = join({ targets: { 80: [...primaryTargets, ...many(999)] }, use: useWith({}) });
    expect(plan.blockers).toEqual([]);
    const grave = plan.cautions.filter((one) => one.grave);
    expect(grave).toMatchObject([{ code: 'target-limit-near' }]);
    expect(grave[0]?.message).toContain(
      "1002 targets, and this join adds 2; AWS's default limit is 1000",
    );
  });

  test('500 in all with cross-zone; of a zone without', () => {
    const use = useWith({ [PER_ZONE]: 500 });
    const targets = { 80: [...primaryTargets, ...many(496)] };
    const { blockers } = join({ balancer: crossing, targets, use });
    expect(codesOf(blockers)).toEqual(['target-limit']);
    expect(blockers[0]?.message).toContain('with cross-zone load balancing');
    expect(join({ targets, use }).blockers).toEqual([]);
    // The target group's own attribute goes before.
    const group = { attributes: known({ 'load_balancing.cross_zone.enabled': 'false' }) };
    expect(join({ balancer: crossing, targets, use, group }).blockers).toEqual([]);
    // An account with a higher limit of a zone may have a higher one here.
    const raised = join({ balancer: crossing, targets, use: useWith({ [PER_ZONE]: 2000 }) });
    expect(raised.blockers).toEqual([]);
    expect(raised.cautions).toMatchObject([{ code: 'target-limit-near', grave: true }]);
  });

  test('what could not be read is shown, and the defaults count', () => {
    const use = {
      limits: unreadable<never>({ ...forbidden, code: 'aws-denied' }),
      others: known([]),
    };
    const plan = join({ use, targets: { 80: [...primaryTargets, ...many(999)] } });
    expect(codesOf(plan.skips)).toContain('aws-denied');
    expect(codesOf(plan.cautions)).toContain('target-limit-near');
  });

  test('an endpoint that is registered already adds nothing', () => {
    const targets = { 80: [...primaryTargets, '10.0.2.1:80', '10.0.2.2:80'] };
    expect(join({ targets, use: useWith({ [PER_BALANCER]: 5 }) }).cautions).toEqual([]);
  });
});

describe('--max-targets-per-target-group counts the targets of all clusters', () => {
  const max = (n: number) => ({ maxTargetsPerTargetGroup: n });
  test('of the cluster that joins', () => {
    expect(join({}, secondary().controller(max(5))).blockers).toEqual([]);
    const some = join({}, secondary().controller(max(4))).blockers;
    expect(codesOf(some)).toEqual(['target-limit']);
    expect(some[0]?.message).toContain('registers only 1 of them');
    const none = join({}, secondary().controller(max(2))).blockers;
    expect(none[0]?.message).toContain('fails in each reconcile');
  });

  test('of a cluster that has joined: its next new pod would fail', () => {
    const { blockers } = join({}, secondary(), enabledPrimary().controller(max(4)));
    expect(codesOf(blockers)).toEqual(['target-limit']);
    expect(blockers[0]?.about?.cluster).toBe('pri');
  });
});

test('a record that no ConfigMap holds', () => {
  const { blockers } = join(
    { use: useWith({ [PER_BALANCER]: 1e6, [PER_ZONE]: 1e6 }) },
    pods(90_000),
  );
  expect(blockers.map(({ message }) => message).join()).toContain('1048576 bytes');
});
