import { group, nodeAt, onNodes, pathAway, pathTo, useWith } from '../core/paths.ts';
import { judgeEnable } from '../../src/core/enable/judge-enable.ts';
import { planEnable } from '../../src/core/enable/plan-enable.ts';
import { judgeJoin } from '../../src/core/join/judge-join.ts';
import { planJoin } from '../../src/core/join/plan-join.ts';
import { known } from '../../src/core/model/problem.ts';
import {
  arnOf,
  attributesKey,
  endpointsAt,
  flagKey,
  service,
  type ClusterBuilder,
} from '../core/cluster-builder.ts';
import { planByRecord, recordedOf, withRecord } from '../core/recording.ts';
import { intent, plan, spec, world } from '../core/joining.ts';
import {
  enabledPrimary,
  joinedSecondary,
  observed,
  primary,
  primaryTags,
  primaryTargets,
  secondary,
  templates,
  unreadable,
  type WorldParts,
} from '../core/world.ts';
import { a, apart, b, listeners, shared, toBalancer, unbound } from '../core/peers.ts';
import { saidBy, type Situations } from './situations.ts';

const toEnable = { service, context: 'pri', settled: true };

const seen = (pri: ClusterBuilder, more: readonly string[] = [], parts: Partial<WorldParts> = {}) =>
  observed({ clusters: [pri], targets: { 80: [...primaryTargets, ...more] }, ...parts });

/** Port 80 over both protocols. */
const twins = (udpTarget: number) => [
  { name: 'http', port: 80, targetPort: 80, nodePort: 30_080, protocol: 'TCP' },
  { name: 'http-udp', port: 80, targetPort: udpTarget, nodePort: 30_081, protocol: 'UDP' },
];

const enabling =
  (...parts: Parameters<typeof seen>) =>
  () =>
    saidBy(planEnable(seen(...parts), toEnable));

const joining =
  (...parts: Parameters<typeof plan>) =>
  () =>
    saidBy(plan(...parts));

/** A join of a secondary in a world with these parts. */
const joiningIn =
  (parts: Partial<WorldParts>, sec = secondary(), pri = enabledPrimary()) =>
  () =>
    saidBy(
      planJoin(
        observed({ clusters: [pri, sec], targets: { 80: primaryTargets }, ...parts }),
        intent,
        templates,
      ),
    );

/** The answer of a trial. */
const echoed = (spec: Readonly<Record<string, unknown>>) =>
  known({ apiVersion: '', kind: '', metadata: service, spec });

const rolling = primary().endpoints([
  ...endpointsAt(['10.0.1.1', '10.0.1.2', '10.0.1.3']),
  ...endpointsAt(['10.0.1.9'], { ready: false, terminating: true }),
]);

export const whileEnabling: Situations = {
  'a target group of a type that nobody knows': enabling(enabledPrimary(), [], {
    group: { targetType: 'lambda' },
  }),
  'no Service': enabling(primary().service(undefined)),
  'a Service that is being deleted': enabling(primary().editService({ terminating: true })),
  'a secondary of a cluster that was not listed': () =>
    saidBy(
      planEnable(shared({ clusters: [b()], group: { tags: primaryTags } }), {
        ...toEnable,
        context: 'b',
      }),
    ),
  'a Gateway': () => {
    const stack = { kind: 'gateway', namespace: 'default', name: 'edge' } as const;
    const made = shared({ clusters: [a().editBindings({ stack, multiCluster: false })] });
    return saidBy(planEnable(made, { ...toEnable, context: 'a' }));
  },
  'a Service of no controller': enabling(
    primary()
      .editService({ finalizers: [] })
      .with({ bindings: known([]) }),
  ),
  'no bindings': enabling(primary().with({ bindings: known([]) })),
  QUIC: enabling(primary(), [], { group: { protocol: 'QUIC' } }),
  'two ports of one number, and one listener': enabling(
    primary().editService({ ports: twins(80) }),
  ),
  'two ports of one number that lead to two': enabling(
    primary()
      .editService({ ports: twins(81) })
      .endpoints(endpointsAt(['10.0.1.1'], { ports: { http: 80, 'http-udp': 81 } })),
    [],
    { group: { protocol: 'TCP_UDP' } },
  ),
  'a port of QUIC beside another': enabling(
    primary().binding({
      name: 'quic',
      protocol: 'QUIC',
      servicePort: 443,
      targetGroupArn: arnOf(443),
      stack: { kind: 'service', ...service },
    }),
  ),
  'attributes with a trailing comma': enabling(
    primary().editService({ annotations: { [attributesKey]: 'a=b,' } }),
  ),
  'a flag that is neither': enabling(primary().editService({ annotations: { [flagKey]: 'yes' } })),
  'a Service that Helm writes': enabling(
    primary().editService({ labels: { 'app.kubernetes.io/managed-by': 'Helm' } }),
  ),
  'a controller that is down': enabling(primary().controller({ readyReplicas: 0 })),
  'an old controller': enabling(primary().controller({ version: '2.9.2' })),
  'an old CRD': enabling(primary().with({ crdMultiCluster: known(false) })),
  'EKS Auto Mode': enabling(primary().editBindings({ flavour: 'auto-mode' })),
  'a rollout, at first': () =>
    saidBy(planEnable(seen(rolling, ['10.0.1.9:80']), { ...toEnable, settled: false })),
  'a rollout that does not end': enabling(rolling, ['10.0.1.9:80']),
  'foreign targets': enabling(primary(), ['10.0.9.9:80']),
  'a record from an earlier binding': enabling(
    primary().tracks('k8s-default-nginx-1', '10.0.9.9:80'),
    ['10.0.9.9:80'],
  ),
  'support that cannot be proven': () => {
    const o = seen(primary().with({ controller: unreadable(), crdMultiCluster: unreadable() }));
    const before = planEnable(o, toEnable);
    const echoes = before.rehearsals.map((rehearsal) => ({
      rehearsal,
      result: unreadable<never>(),
    }));
    return saidBy(
      judgeEnable(
        before,
        o,
        echoes.filter(({ rehearsal }) => rehearsal.kind === 'set-flag'),
      ),
    );
  },
  'a trial without the flag': () => {
    const o = seen(primary());
    const before = planEnable(o, toEnable);
    const echoes = before.rehearsals.map((rehearsal) => ({ rehearsal, result: echoed({}) }));
    return saidBy(judgeEnable(before, o, echoes));
  },
};

const nodePort = observed({
  clusters: [
    enabledPrimary()
      .editService({ externalTrafficPolicy: 'Local' })
      .editBindings({ targetType: 'instance', nodeSelector: { matchLabels: { edge: 'yes' } } })
      .nodes([]),
    secondary()
      .service({ type: 'NodePort' })
      .nodes([{ name: 'n', instanceId: 'i-1', ready: 'True', labels: {}, taints: [] }]),
  ],
  targets: { 80: [] },
  group: {
    targetType: 'instance',
    healthCheck: {
      enabled: true,
      protocol: 'HTTP',
      port: '31234',
      intervalSeconds: 10,
      timeoutSeconds: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
    },
  },
});

const open = [
  { from: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ protocol: 'TCP', port: 80 }] },
];

const judged = (result: Parameters<typeof judgeJoin>[2][number]['result']) => () => {
  const before = planJoin(world(secondary()), intent, templates);
  const echoes = before.rehearsals.map((rehearsal) => ({ rehearsal, result }));
  return saidBy(judgeJoin(before, world(secondary()), echoes, () => intent));
};

/** A join to a load balancer that no cluster owns. */
const toShared =
  (parts: Parameters<typeof shared>[0] = {}, over: Parameters<typeof toBalancer>[1] = {}) =>
  () => {
    const seen = shared({ clusters: [unbound('a', ['10.0.1.1'])], targets: { 80: [] }, ...parts });
    const named = Object.keys(seen.targetGroups);
    return saidBy(planJoin({ ...seen, named }, toBalancer('a', over), templates));
  };

/** A join of c to a, whose bindings nobody's controller made. */
const besidePeer =
  (parts: Parameters<typeof shared>[0] = {}, named?: readonly string[]) =>
  () => {
    const { loadBalancer: _, ...intent } = toBalancer('c', { primary: 'a', localNamed: false });
    const read = shared({ clusters: [a(), unbound('c', ['10.0.3.1'])], ...parts });
    const seen = Object.keys(read.targetGroups).length > 1 ? apart(read) : read;
    return saidBy(
      planJoin({ ...seen, primary: 'a', ...(named ? { named } : {}) }, intent, templates),
    );
  };

export const whileJoining: Situations = {
  'a document that is too old': () => saidBy(planByRecord(withRecord(recordedOf(), {}, 1_000))),
  'a document that AWS contradicts': () =>
    saidBy(planByRecord(withRecord(recordedOf(), { targets: { 80: [] } }))),
  'a document in the place of the other clusters': () => saidBy(planByRecord(withRecord())),
  'a load balancer without a listener for the port': toShared({
    targets: { 443: [] },
    balancer: { listeners: known(listeners(443)) },
  }),
  'a listener with two target groups': toShared({
    targets: { 80: [], 81: [] },
    balancer: {
      listeners: known([{ port: 80, protocol: 'TCP', targetGroupArns: [arnOf(80), arnOf(81)] }]),
    },
  }),
  'clients that nobody has named': toShared({
    balancer: { securityGroupIds: [], subnetRanges: known(['10.0.0.0/20']) },
    group: { attributes: known({ 'preserve_client_ip.enabled': 'true' }) },
  }),
  'interfaces without a tagged group': () => {
    const seen = shared({ clusters: [unbound('a', ['10.0.1.1'])], targets: { 80: [] } });
    const path = pathTo({ '10.0.1.1': ['sg-1', 'sg-2'].map((id) => group(id)) });
    const named = Object.keys(seen.targetGroups);
    return saidBy(planJoin({ ...seen, named, path }, toBalancer('a'), templates));
  },
  'more targets than AWS allows': joiningIn({
    use: useWith({ 'targets-per-network-load-balancer': 4 }),
  }),
  'nearly as many targets as AWS allows': joiningIn({
    use: useWith({ 'targets-per-network-load-balancer': 5 }),
  }),
  'endpoints in another VPC that is not peered': joiningIn({ path: pathAway() }),
  'endpoints in another VPC with the same addresses': joiningIn({
    path: pathAway({ ranges: ['10.0.0.0/16'] }),
  }),
  'instances in another VPC': joiningIn(
    { path: pathAway(), group: { targetType: 'instance' } },
    secondary()
      .editService({ type: 'NodePort', ports: [onNodes] })
      .with({ nodes: known([nodeAt('i-0a1')]) }),
    enabledPrimary()
      .editBindings({ targetType: 'instance' })
      .with({ nodes: known([]) }),
  ),
  'a cluster of another account': joiningIn(
    {},
    secondary().binding({
      name: 'k8s-own',
      serviceName: 'other',
      stack: { kind: 'service', namespace: 'default', name: 'other' },
      targetGroupArn: arnOf(90).replace('123456789012', '999999999999'),
    }),
  ),
  'security groups that no controller opens': joiningIn(
    { path: pathTo({ '10.0.2.1': [group('sg-node')] }) },
    secondary(),
    enabledPrimary().unruled(),
  ),
  'a security group without room': joiningIn({
    path: pathTo({
      '10.0.2.1': [
        group('sg-node', { ingress: Array.from({ length: 60 }, (_, n) => `tcp ${n} sg-x`) }),
      ],
    }),
  }),
  'a named target group of another type': toShared({ group: { targetType: 'alb' } }),
  'a named target group of another protocol': toShared({ group: { protocol: 'QUIC' } }),
  'an owner that was not listed': besidePeer({ group: { tags: primaryTags } }),
  'a load balancer that it is not on': besidePeer({}, [arnOf(81)]),
  'a Service behind two load balancers': besidePeer({
    clusters: [
      a()
        .binding({ name: 'more', multiCluster: true, targetGroupArn: arnOf(81) })
        .tracks('more', ''),
      b(),
      unbound('c', ['10.0.3.1']),
    ],
    targets: { 80: [], 81: [] },
  }),
  'one cluster under two names': joining(secondary().with({ identity: known('uid-pri') })),
  'one cluster name for two': joining(secondary().controller({ clusterName: 'pri' })),
  'another region': joining(secondary(), { region: 'eu-west-1' }),
  'another account': () =>
    saidBy(
      planJoin(
        {
          ...world(secondary()),
          targetGroups: { [arnOf(80)]: unreadable({ code: 'aws-not-found', message: 'No.' }) },
          account: known('999999999999'),
        },
        intent,
        templates,
      ),
    ),
  'no Service': joining(secondary().service(undefined)),
  'another port': joining(
    secondary().service({ ports: [{ port: 8080, targetPort: 80, protocol: 'TCP' }] }),
  ),
  'another protocol': joining(
    secondary().service({ ports: [{ name: 'http', port: 80, targetPort: 80, protocol: 'UDP' }] }),
  ),
  'health checks over HTTP, and proxy protocol': () => {
    const seen = observed({
      clusters: [enabledPrimary(), secondary()],
      targets: { 80: primaryTargets },
      group: {
        attributes: known({ 'proxy_protocol_v2.enabled': 'true' }),
        healthCheck: {
          enabled: true,
          protocol: 'HTTP',
          port: 'traffic-port',
          intervalSeconds: 10,
          timeoutSeconds: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
        },
      },
    });
    return saidBy(planJoin(seen, intent, templates));
  },
  'two target ports of a TCP_UDP group': () => {
    const ports = ['TCP', 'UDP'].map((protocol, n) => ({
      name: protocol.toLowerCase(),
      port: 80,
      targetPort: 80 + n,
      protocol,
    }));
    const seen = observed({
      clusters: [enabledPrimary(), secondary().service({ ports }).endpoints([])],
      targets: { 80: primaryTargets },
      group: { protocol: 'TCP_UDP' },
    });
    return saidBy(planJoin(seen, intent, templates));
  },
  'another family': joining(secondary().service({ ipFamilies: ['IPv6'] })),
  'a Service without pods of its own': joining(secondary().service({ type: 'ExternalName' })),
  'a primary that is not enabled': joining(secondary(), {}, primary()),
  'a primary that tracks nothing': joining(
    secondary(),
    {},
    enabledPrimary().tracks('k8s-default-nginx-1', undefined),
  ),
  'an exclusive binding here': joining(joinedSecondary().editBindings({ multiCluster: false })),
  'an exclusive binding there': joining(
    secondary(),
    {},
    enabledPrimary().binding({ namespace: 'b', name: 'other' }),
  ),
  'two bindings for a port': joining(
    joinedSecondary().binding({ name: 'two', multiCluster: true }),
  ),
  'a binding that is being deleted': joining(joinedSecondary().editBindings({ terminating: true })),
  'a binding that differs': joining(
    joinedSecondary().editBindings({
      networking: open,
      spec: { ...spec, networking: { ingress: open } },
    }),
  ),
  'both names taken': joining(
    secondary()
      .binding({ name: 'nginx', targetGroupArn: arnOf(81) })
      .binding({ name: `nginx-${arnOf(80).slice(-6)}`, targetGroupArn: arnOf(81) }),
  ),
  'a record from an earlier binding': joining(secondary().tracks('nginx', '10.0.1.1:80')),
  'overlapping pod networks': joining(secondary().endpoints(endpointsAt(['10.0.1.1']))),
  'no pods': joining(secondary().endpoints([])),
  'a zone without the load balancer': joining(
    secondary().endpoints(endpointsAt(['10.0.2.1'], { zone: 'us-east-1f' })),
  ),
  'a security group that is not on the load balancer': joining(
    secondary(),
    {},
    enabledPrimary().editBindings({
      networking: [
        { from: [{ securityGroup: { groupID: 'sg-x' } }], ports: [{ protocol: 'TCP', port: 80 }] },
      ],
    }),
  ),
  'node ports that differ, and no node': () => saidBy(planJoin(nodePort, intent, templates)),
  'a Service that is being deleted': joining(secondary().service({ terminating: true })),
  'two bindings that an old controller confuses': joining(
    secondary(),
    {},
    enabledPrimary().controller({ version: '3.4.3' }).binding({
      namespace: 'default-k8s',
      name: 'default-nginx-1',
      multiCluster: true,
      targetGroupArn: 'x',
    }),
  ),
  'a trial without the flag': judged(echoed({})),
  'fields of another manager': judged(
    unreadable({ code: 'field-conflict', message: 'Another manager owns them.' }),
  ),
};
