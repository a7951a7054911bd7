import type { Listener } from '../../../src/core/model/aws.ts';
import type { Service } from '../../../src/core/model/kubernetes.ts';
import { known } from '../../../src/core/model/problem.ts';
import type { Verdict } from '../../../src/core/plan/verdict.ts';
import { verdictOf } from '../../../src/core/verify/verify.ts';
import { shared } from '../peers.ts';
import { arnOf, endpointsAt, service } from '../cluster-builder.ts';
import {
  codesOf,
  enabledAnnotations,
  enabledPrimary,
  joinedSecondary,
  observed,
  unreadable,
} from '../world.ts';
import { intent, verify } from '../verifying.ts';

const pods = (a: string) => endpointsAt([a], { ports: { p80: 80, p443: 443 } });

const node = (name: string, instanceId: string) => ({
  name,
  instanceId,
  ready: 'True' as const,
  labels: {},
  taints: [],
});

const rules = (port: number) => [
  { from: [{ securityGroup: { groupID: 'sg-back' } }], ports: [{ protocol: 'TCP', port }] },
];

test('every port is judged, and one that is red is enough', () => {
  const ports = [80, 443].map((port) => ({
    name: `p${port}`,
    port,
    targetPort: port,
    protocol: 'TCP',
  }));
  const pri = enabledPrimary()
    .editService({ ports })
    .endpoints(pods('10.0.1.1'))
    .tracks('k8s-default-nginx-1', '10.0.1.1:80')
    .binding({
      name: 'k8s-2',
      stack: { kind: 'service', ...service },
      servicePort: 443,
      targetGroupArn: arnOf(443),
      multiCluster: true,
      networking: rules(443),
    })
    .tracks('k8s-2', '10.0.1.1:443');
  const sec = joinedSecondary()
    .service({ ports })
    .endpoints(pods('10.0.2.1'))
    .tracks('nginx', '10.0.2.1:80');
  const verdict = verdictOf(
    observed({
      clusters: [pri, sec],
      targets: { 80: ['10.0.1.1:80', '10.0.2.1:80'], 443: ['10.0.1.1:443'] },
    }),
    intent,
  );
  expect(verdict.ports.map(({ port }) => port)).toEqual([80, 443]);
  expect(codesOf(verdict.problems)).toEqual(['member-missing']);
  expect(verdict.ports[1]?.members[1]).toMatchObject({ cluster: 'sec', state: 'degraded' });
});

test('instance targets are judged by nodes', () => {
  const pri = enabledPrimary()
    .editBindings({ targetType: 'instance', networking: rules(30080) })
    .editService({ type: 'NodePort' })
    .nodes([node('n1', 'i-1')])
    .tracks('k8s-default-nginx-1', 'i-1:30080');
  const sec = joinedSecondary()
    .editBindings({ targetType: 'instance', networking: rules(30080) })
    .editService({ type: 'NodePort' })
    .nodes([node('n2', 'i-2')])
    .tracks('nginx', 'i-2:30080');
  const targets = { 80: ['i-1:30080', 'i-2:30080'] };
  expect(verdictOf(observed({ clusters: [pri, sec], targets }), intent).exit).toBe(0);
  const unread = verdictOf(
    observed({ clusters: [pri, sec.with({ nodes: unreadable() })], targets }),
    intent,
  );
  expect(unread.exit).toBe(8);
});

describe('a target group is in use, and clients', () => {
  const forwarding = (port: number, over: Partial<Listener> = {}): Listener => ({
    port,
    protocol: 'TCP',
    targetGroupArns: [arnOf(80)],
    ...over,
  });
  const elsewhere = forwarding(80, { targetGroupArns: [arnOf(443)] });
  const idle = { targetGroupArns: [arnOf(80), arnOf(443)], idleGroupArns: [arnOf(80)] };
  const listening = (...listeners: readonly Listener[]) =>
    verify({ balancer: { listeners: known(listeners) } });
  const noOwner = (listeners: readonly Listener[]) =>
    verdictOf(shared({ balancer: { listeners: known(listeners) } }), intent);

  test.each<readonly [string, readonly Listener[], RegExp]>([
    ['come to another port', [forwarding(81)], /No listener on port 80 .* port 81/],
    [
      'of its port get another application',
      [elsewhere, forwarding(8080)],
      /No listener on port 80 .* port 8080/,
    ],
    ['speak another protocol', [forwarding(80, { protocol: 'UDP' })], /No listener on port 80/],
    ['are all sent elsewhere by the weights', [forwarding(80, idle)], /port 80 .* weight 0/],
  ])('%s: red, and repair is the way', (_, listeners, says) => {
    const { exit, problems } = listening(...listeners);
    expect([exit, codesOf(problems)]).toEqual([3, ['listener-missing']]);
    expect(problems[0]?.message).toMatch(says);
    expect(problems[0]?.hints?.[0]).toMatchObject({ command: 'repair' });
  });

  test.each<readonly [string, Verdict]>([
    ['of its port reach it', listening(forwarding(80), forwarding(81))],
    [
      'get a part of what the weights share',
      listening(forwarding(80, { ...idle, idleGroupArns: [] })),
    ],
    ['come to any port, where no cluster owns it', noOwner([forwarding(8443)])],
  ])('%s: green', (_, { exit, problems }) => expect([exit, problems]).toEqual([0, []]));

  test('by weight 0 do not reach it, whoever owns it', () =>
    expect(codesOf(noOwner([forwarding(8443, idle)]).problems)).toEqual(['listener-missing']));

  test('are not known where the listeners could not be read: that is shown, and no other fact is needed', () => {
    const { exit, skips } = verify({ balancer: { listeners: unreadable() } });
    expect([exit, skips.length]).toEqual([0, 1]);
  });
});

test.each([
  ['scheme', 'internal', /requires the scheme internal, and load balancer .* is internet-facing/],
  ['internal', 'true', /requires the scheme internal, and load balancer .* is internet-facing/],
  ['nlb-target-type', 'instance', /requires targets of type instance, and .* has ip/],
])(
  'the Service requires another %s, and its controller has not acted on it yet: not green',
  (name, value, says) => {
    const key = `service.beta.kubernetes.io/aws-load-balancer-${name}`;
    const primary = enabledPrimary().editService({
      annotations: { ...enabledAnnotations, [key]: value },
    });
    const { exit, problems } = verify({ clusters: [primary, joinedSecondary()] });
    expect([exit, codesOf(problems)]).toEqual([3, ['attributes-not-applied']]);
    expect(problems[0]?.message).toMatch(says);
  },
);

describe('the Service has lost its class, and its controller has not acted on it yet', () => {
  const settings = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        `service.beta.kubernetes.io/aws-load-balancer-${name}`,
        value,
      ]),
    );
  const judged = (values: Readonly<Record<string, string>>, more: object = {}) => {
    const annotations = { ...enabledAnnotations, ...settings(values) };
    const service = {
      loadBalancerClass: undefined,
      annotations,
      ...more,
    } as unknown as Partial<Service>;
    return verify({ clusters: [enabledPrimary().editService(service), joinedSecondary()] });
  };

  test.each([
    ['type NodePort', {}, { type: 'NodePort' }],
    ['annotations that stand for no class', { type: 'external' }, {}],
    ['an annotation of another controller', { type: 'nlb', 'nlb-target-type': 'ip' }, {}],
  ])('%s: not green', (_, values, more) => {
    const { exit, problems } = judged(values, more);
    expect([exit, codesOf(problems)]).toEqual([3, ['service-not-lbc']]);
    expect(problems[0]?.message).toContain('the controller deletes the load balancer');
  });

  test.each([
    ['the annotations say the same', { type: 'external', 'nlb-target-type': 'ip' }, {}],
    ['an old annotation says the same', { type: 'nlb-ip' }, {}],
    ['a class of its own', {}, { loadBalancerClass: 'example.com/nlb' }],
    [
      'a handover has released it, and a pass has put the finalizer back',
      {},
      { annotations: { ...enabledAnnotations, 'nlbmc/handover': 'released' } },
    ],
    [
      'EKS Auto Mode, which is not documented',
      {},
      { finalizers: ['service.eks.amazonaws.com/resources'] },
    ],
  ])('%s: nothing is said of it', (_, values, more) =>
    expect(codesOf(judged(values, more).problems)).not.toContain('service-not-lbc'),
  );
});
