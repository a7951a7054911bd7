import type { HealthCheck, TargetGroup } from '../../../src/core/model/aws.ts';
import type { Service } from '../../../src/core/model/kubernetes.ts';
import { known } from '../../../src/core/model/problem.ts';
import { planJoin } from '../../../src/core/join/plan-join.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { intent } from '../joining.ts';
import { typed } from '../typed.ts';
import {
  codesOf,
  enabledPrimary,
  joinedSecondary,
  observed,
  primaryTargets,
  secondary,
  secondaryTargets,
  templates,
  unreadable,
  tcpCheck,
} from '../world.ts';

const checked = (over: Partial<HealthCheck> = {}): HealthCheck => ({
  ...tcpCheck,
  ...over,
});

const of = (code: string, { cautions, notes = [], blockers }: Plan) => ({
  blockers: blockers.filter((one) => one.code === code),
  cautions: [...cautions, ...notes].filter((one) => one.code === code),
});

/** A join with addresses as targets, to a group like that. */
const toGroup = (group: Partial<TargetGroup>, sec = secondary(), targets = primaryTargets): Plan =>
  planJoin(
    observed({ clusters: [enabledPrimary(), sec], targets: { 80: targets }, group }),
    intent,
    templates,
  );

describe('what the pods must answer', () => {
  test.each<[string, Partial<HealthCheck>, string | undefined]>([
    ['a connection', {}, undefined],
    ['nothing, since checks are off', { protocol: 'HTTP', enabled: false }, undefined],
    [
      'HTTP on the port of the traffic',
      { protocol: 'HTTP', path: '/ready', matcher: '200' },
      'over HTTP. Targets of sec must answer GET /ready on the port of the traffic with the status 200.',
    ],
    [
      'HTTPS on a port of its own',
      { protocol: 'HTTPS', port: '8443' },
      'over HTTPS. Targets of sec must answer GET / on port 8443 with the status 200-399.',
    ],
  ])('%s', (_, over, text) => {
    const plan = toGroup({ healthCheck: checked(over) });
    expect(plan.blockers).toEqual([]);
    expect(of('health-check-http', plan).cautions.map(({ message }) => message)).toEqual(
      text === undefined ? [] : [expect.stringContaining(text)],
    );
  });

  test('is not said again of a cluster that has joined', () => {
    const group = { healthCheck: checked({ protocol: 'HTTP' }) };
    const plan = toGroup(group, joinedSecondary(), [...primaryTargets, ...secondaryTargets]);
    expect(of('health-check-http', plan).cautions).toEqual([]);
  });
});

describe('proxy protocol', () => {
  const sends = (value: string) => ({ attributes: known({ 'proxy_protocol_v2.enabled': value }) });

  test('is said before a join, with what proves that the pods understand it', () => {
    const { cautions } = of('proxy-protocol', toGroup(sends('true')));
    expect(cautions[0]?.message).toContain('TCP health checks pass');
    expect(typed(cautions[0])).toBe(
      'nlbmc verify nginx -n default --context pri,sec --traffic   # proves it after the join',
    );
  });

  test('is not said where it is off', () =>
    expect(of('proxy-protocol', toGroup(sends('false'))).cautions).toEqual([]));

  test('is skipped, not passed, where the attributes could not be read', () => {
    const plan = toGroup({ attributes: unreadable<never>() });
    expect(plan.skips.flatMap(({ details = [] }) => details).join()).toContain(
      'The target groups send no proxy protocol header',
    );
    expect(codesOf(plan.blockers)).toEqual([]);
  });
});

describe('instance targets that are checked on a node port of their own', () => {
  const local = { externalTrafficPolicy: 'Local', healthCheckNodePort: 31234 } as const;
  const toNodes = (
    first: Partial<Service>,
    second: Partial<Service>,
    port = '31234',
    joined = false,
  ): Plan => {
    const node = { name: 'n', instanceId: 'i-1', ready: 'True', labels: {}, taints: [] } as const;
    const pri = enabledPrimary()
      .editService(first)
      .editBindings({ targetType: 'instance' })
      .tracks('k8s-default-nginx-1', '')
      .nodes([]);
    const sec = (joined ? joinedSecondary() : secondary())
      .editService({ type: 'NodePort', ...second })
      .nodes([node]);
    return planJoin(
      observed({
        clusters: [pri, joined ? sec.editBindings({ targetType: 'instance' }) : sec],
        targets: { 80: [] },
        group: { targetType: 'instance', healthCheck: checked({ protocol: 'HTTP', port }) },
      }),
      intent,
      templates,
    );
  };

  test.each<[string, Partial<Service>, Partial<Service>, 'refused' | 'asked' | 'fits']>([
    ['kube-proxy answers in the primary alone', local, {}, 'refused'],
    [
      'kube-proxy answers on another number',
      local,
      { externalTrafficPolicy: 'Local', healthCheckNodePort: 30111 },
      'refused',
    ],
    ['the number is pinned', local, local, 'fits'],
    ['it is the port of something else', {}, {}, 'asked'],
    [
      'it is a node port of the Service',
      local,
      { ports: [{ name: 'http', port: 80, targetPort: 80, nodePort: 31234, protocol: 'TCP' }] },
      'fits',
    ],
  ])('%s', (_, first, second, result) => {
    const { blockers, cautions } = of('health-check-node-port', toNodes(first, second));
    expect([blockers.length, cautions.length]).toEqual(
      { refused: [1, 0], asked: [0, 1], fits: [0, 0] }[result],
    );
  });

  test('the number to pin is in the hint', () => {
    const refused = of('health-check-node-port', toNodes(local, {})).blockers;
    expect(refused[0]?.message).toContain(
      'checks health on node port 31234, the health check node port of Service default/nginx',
    );
    expect(typed(refused[0])).toContain('edit service nginx   # set healthCheckNodePort: 31234');
    const set = { externalTrafficPolicy: 'Local', healthCheckNodePort: 30111 };
    expect(typed(of('health-check-node-port', toNodes(local, set)).blockers[0])).toContain(
      'again with healthCheckNodePort: 31234',
    );
  });

  test('of a cluster that has joined it is a note: verify tells whether its targets are healthy', () => {
    const { blockers, cautions } = of('health-check-node-port', toNodes(local, {}, '31234', true));
    expect([blockers.length, cautions.length]).toEqual([0, 1]);
  });

  test('what kube-proxy answers is not asked of the pods', () =>
    expect(of('health-check-http', toNodes(local, local)).cautions).toEqual([]));

  test('a check on the port of the traffic needs no number', () =>
    expect(codesOf(toNodes(local, {}, 'traffic-port').blockers)).toEqual([]));
});
