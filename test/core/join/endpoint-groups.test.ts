import { planJoin } from '../../../src/core/join/plan-join.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { intent } from '../joining.ts';
import { group, pathTo } from '../paths.ts';
import { typed } from '../typed.ts';
import { known } from '../../../src/core/model/problem.ts';
import {
  codesOf,
  enabledPrimary,
  forbidden,
  observed,
  primaryTargets,
  secondary,
  templates,
  unreadable,
  type WorldParts,
} from '../world.ts';

const join = (parts: Partial<WorldParts>, pri = enabledPrimary(), over = {}): Plan =>
  planJoin(
    observed({ clusters: [pri, secondary()], targets: { 80: primaryTargets }, ...parts }),
    { ...intent, ...over },
    templates,
  );

const behind = (...ingress: readonly string[]) => {
  const node = [group('sg-node', { ingress })];
  return pathTo({ '10.0.2.1': node, '10.0.2.2': node });
};

describe('where no controller opens a port', () => {
  test('the join says which rule is missing', () => {
    const { cautions } = join({ path: behind() }, enabledPrimary().unruled());
    expect(codesOf(cautions)).toEqual(['security-group-closed']);
    expect(cautions[0]?.message).toContain(
      'Security group sg-node does not let in TCP 80 from sg-front: health checks would not reach 2 targets of sec.',
    );
    expect(typed(cautions[0])).toContain('authorize-security-group-ingress --group-id sg-node');
  });

  test('also with --no-networking', () => {
    const { cautions } = join({ path: behind() }, enabledPrimary(), { networking: false });
    expect(codesOf(cautions)).toEqual(['security-group-closed']);
    expect(cautions[0]?.message).toContain('from sg-back');
  });

  test('nothing is said where the rule is there, or where the controller makes it', () => {
    expect(join({ path: behind('tcp 80 sg-front') }, enabledPrimary().unruled()).cautions).toEqual(
      [],
    );
    expect(join({ path: behind() }).cautions).toEqual([]);
  });

  test('what could not be read is a skip', () => {
    const path = pathTo({}, { interfaces: unreadable({ ...forbidden, code: 'aws-denied' }) });
    const plan = join({ path }, enabledPrimary().unruled());
    expect(plan.blockers).toEqual([]);
    expect(codesOf(plan.skips)).toContain('aws-denied');
  });
});

test('the outbound rules of the load balancer are of no controller', () => {
  const closed = known([group('sg-back', { egress: [] }), group('sg-front', { egress: [] })]);
  const path = { ...behind(), balancerGroups: closed };
  const { cautions } = join({ path });
  expect(codesOf(cautions)).toEqual(['security-group-closed']);
  expect(cautions[0]?.message).toContain('sg-back of the load balancer does not let out TCP 80');
});

describe('room for the rules of the controller', () => {
  const some = (n: number) => Array.from({ length: n }, (_, i) => `tcp ${i} sg-x`);
  const own = { description: 'elbv2.k8s.aws/targetGroupBinding=shared' };

  test.each<[string, readonly string[], string | undefined, boolean]>([
    ['much', some(52), undefined, false],
    ['little', some(58), 'has 58 inbound rules, and the controller adds 1', false],
    ['none', some(60), 'if it was not raised, the controller cannot open the ports', true],
    [
      'IPv6 rules count by themselves',
      [...some(30), ...Array.from({ length: 29 }, (_, i) => `tcp ${i} ::/0`)],
      'has 59 inbound',
      false,
    ],
  ])('%s', (_, ingress, text, grave) => {
    const { cautions } = join({ path: behind(...ingress) });
    expect(codesOf(cautions)).toEqual(text === undefined ? [] : ['security-group-full']);
    expect(cautions[0]?.message ?? '').toContain(text ?? '');
    expect(cautions.some((one) => one.grave)).toBe(grave);
  });

  test('a rule of the controller with that source is widened, not added', () => {
    const node = group('sg-node', { ingress: [...some(59), 'tcp 8080 sg-back'] });
    const ingress = node.ingress.map((rule, n) => (n === 59 ? { ...rule, ...own } : rule));
    const path = pathTo({ '10.0.2.1': [{ ...node, ingress }] });
    expect(join({ path }).cautions).toEqual([]);
  });
});
