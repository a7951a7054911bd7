import type { TargetGroup } from '../../../src/core/model/aws.ts';
import type { JoinIntent } from '../../../src/core/model/intent.ts';
import type { Service, ServicePort } from '../../../src/core/model/kubernetes.ts';
import { known } from '../../../src/core/model/problem.ts';
import type { Observed } from '../../../src/core/observed/observed.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { planJoin } from '../../../src/core/join/plan-join.ts';
import { applied } from '../apply.ts';
import { arnOf, type ClusterBuilder, endpointsAt } from '../cluster-builder.ts';
import { shared, toBalancer, unbound } from '../peers.ts';
import { intent as toPrimary } from '../joining.ts';
import { typed } from '../typed.ts';
import { codesOf, enabledPrimary, observed, secondary, templates } from '../world.ts';

const tcp = { name: 'dns-tcp', port: 53, targetPort: 5300, nodePort: 30053, protocol: 'TCP' };
const udp = { name: 'dns', port: 53, targetPort: 5300, nodePort: 30053, protocol: 'UDP' };
const http = { name: 'http', port: 80, targetPort: 80, nodePort: 30080, protocol: 'TCP' };

const names = [
  'nginx',
  'nginx-53',
  'nginx-53-udp',
  'nginx-80',
  'nginx-81',
  'nginx-443',
  'nginx-8080',
];
const withNames = (builder: ClusterBuilder): ClusterBuilder =>
  arns().reduce(
    (one, hex) => names.reduce((two, name) => two.tracks(`${name}${hex}`, undefined), one),
    builder,
  );
const arns = (): readonly string[] => [
  '',
  ...[53, 80, 443, 5353].map((port) => `-ab${String(port).padStart(4, '0')}`),
];

/** A cluster that serves these ports, each at what its pods call them. */
const serving = (ports: readonly ServicePort[], over: Partial<Service> = {}): ClusterBuilder =>
  withNames(unbound('a', []))
    .service({ type: 'ClusterIP', ports, ...over })
    .endpoints(
      endpointsAt(['10.0.1.1'], {
        ports: Object.fromEntries(
          ports.map(({ name = '', targetPort }) => [name, Number(targetPort)]),
        ),
      }),
    );

/** Listeners and groups `LISTENER/PROTOCOL [> GROUP PROTOCOL]`; the group has the number of its listener. */
function balancer(
  texts: readonly string[],
  cluster: ClusterBuilder,
  over: Partial<TargetGroup> = {},
): Observed {
  const parts = texts.map((text) => {
    const [, port = '', listener = '', group = listener] =
      /^(\d+)\/(\w+)(?: > (\w+))?$/.exec(text) ?? [];
    return { port: Number(port), listener, group };
  });
  const seen = shared({
    clusters: [cluster],
    targets: Object.fromEntries(parts.map(({ port }) => [port, []])),
    balancer: {
      listeners: known(
        parts.map(({ port, listener }) => ({
          port,
          protocol: listener,
          targetGroupArns: [arnOf(port)],
        })),
      ),
    },
  });
  const targetGroups = Object.fromEntries(
    parts.map(({ port, group }) => {
      const read = seen.targetGroups[arnOf(port)];
      if (!read?.ok) throw new Error('no group');
      return [arnOf(port), known({ ...read.value, protocol: group, ...over })];
    }),
  );
  return { ...seen, targetGroups, named: Object.keys(targetGroups) };
}

const join = (seen: Observed, over: Partial<JoinIntent> = {}): Plan =>
  planJoin(seen, toBalancer('a', over), templates);

/** What is applied: name, reference, target group and what is open: `nginx: 53 -> 53, UDP 5300`. */
const written = ({ steps }: Plan): readonly string[] =>
  steps.flatMap((step) => {
    if (step.kind !== 'apply-binding') return [];
    const spec = step.document['spec'] as {
      serviceRef: { port: number | string };
      targetGroupARN: string;
      networking: { ingress: { ports: { protocol: string; port: number | string }[] }[] };
    };
    const { name } = step.document.metadata;
    const group = Number(spec.targetGroupARN.slice(-4));
    const ports = spec.networking.ingress[0]?.ports ?? [];
    const open = ports.map(({ protocol, port }) => `${protocol} ${port}`).join(', ');
    return `${name}: ${spec.serviceRef.port} -> ${group}, ${open}`;
  });

describe('every protocol joins', () => {
  test.each<[string, readonly ServicePort[], readonly string[]]>([
    ['80/TCP', [http], ['nginx: 80 -> 80, TCP 80']],
    ['80/TLS > TCP', [http], ['nginx: 80 -> 80, TCP 80']],
    ['80/TLS', [http], ['nginx: 80 -> 80, TCP 80']],
    ['53/UDP', [udp], ['nginx: 53 -> 53, UDP 5300, TCP 5300']],
    ['53/TCP_UDP', [tcp, udp], ['nginx: 53 -> 53, TCP 5300, UDP 5300']],
    ['53/UDP > TCP_UDP', [tcp, udp], ['nginx: 53 -> 53, TCP 5300, UDP 5300']],
  ])('%s', (listener, ports, bindings) => {
    // A listener of one protocol has no use for the port of the other.
    const over = listener.startsWith('53/UDP >') ? { ports: ['53/UDP'] } : {};
    const seen = balancer([listener], serving(ports));
    const plan = join(seen, over);
    expect(codesOf(plan.blockers)).toEqual([]);
    expect(written(plan)).toEqual(bindings);
    const after = join(applied(seen, plan), over);
    expect([codesOf(after.blockers), after.steps]).toEqual([[], []]);
  });

  test('a port that the local Service has for the other protocol is no port for it', () =>
    expect(codesOf(join(balancer(['53/UDP'], serving([tcp]))).blockers)).toEqual([
      'port-unserved',
    ]));
});

describe('two ports with one number', () => {
  const apart = ['53/TCP', '5353/UDP'];
  const mapped = { mapPorts: [{ listener: 5353, port: '53/UDP' }] };

  test('are two bindings with names of their own, each naming its port by name', () => {
    const seen = balancer(apart, serving([tcp, udp]));
    const plan = join(seen, mapped);
    expect(plan.blockers).toEqual([]);
    expect(written(plan)).toEqual([
      'nginx-53: dns-tcp -> 53, TCP 5300',
      'nginx-53-udp: dns -> 5353, UDP 5300, TCP 5300',
    ]);
    expect(join(applied(seen, plan), mapped).steps).toEqual([]);
  });

  test('a binding that names the first of them by number is as it should be', () => {
    const seen = balancer(['53/TCP'], serving([tcp, udp]));
    const plan = join(seen, { ports: ['53/TCP'] });
    expect(written(plan)).toEqual(['nginx: dns-tcp -> 53, TCP 5300']);
    const [step] = plan.steps;
    if (step?.kind !== 'apply-binding') throw new Error('no binding');
    const spec = step.document['spec'] as object;
    const byNumber = { ...spec, serviceRef: { name: 'nginx', port: 53 } };
    const there = applied(seen, {
      ...plan,
      steps: [{ ...step, document: { ...step.document, spec: byNumber } }],
    });
    const again = join(there, { ports: ['53/TCP'] });
    expect([codesOf(again.blockers), codesOf(again.notes ?? [])]).toEqual([[], []]);
    // By number the second one is not what the controller would take.
    const second = join(
      balancer(
        ['53/UDP'],
        serving([tcp, udp]).binding({
          name: 'nginx',
          multiCluster: true,
          targetGroupArn: arnOf(53),
          servicePort: 53,
        }),
      ),
      { ports: ['53/UDP'] },
    );
    expect(codesOf([...(second.notes ?? []), ...second.cautions])).toContain('binding-differs');
  });

  test('one without a listener refuses, and the hint names the other with its protocol', () => {
    const { blockers } = join(balancer(['53/TCP'], serving([tcp, udp])));
    expect(codesOf(blockers)).toEqual(['port-unserved']);
    expect(blockers[0]?.message).toContain('no listener for port 53 (UDP)');
    expect(typed(blockers[0])).toContain('--load-balancer shared --ports 53/TCP');
  });

  test('a target group that is named goes to the port that it fits', () => {
    const named = {
      targetGroups: [
        { port: '53', arn: arnOf(53) },
        { port: '53', arn: arnOf(5353) },
      ],
    };
    expect(written(join(balancer(apart, serving([tcp, udp])), named))).toEqual([
      'nginx-53: dns-tcp -> 53, TCP 5300',
      'nginx-53-udp: dns -> 5353, UDP 5300, TCP 5300',
    ]);
  });
});

test('two target groups that take one port of the Service get two bindings', () => {
  const enrolled = planJoin(
    observed({
      clusters: [
        enabledPrimary()
          .editService({ ports: [http, { ...http, name: 'https', port: 443 }] })
          .binding({
            name: 'two',
            multiCluster: true,
            targetGroupArn: arnOf(443),
            servicePort: 443,
            stack: { kind: 'service', namespace: 'default', name: 'nginx' },
          })
          .tracks('two', ''),
        withNames(secondary()),
      ],
      targets: { 80: ['10.0.1.1:80'], 443: [] },
    }),
    { ...toPrimary, mapPorts: [{ listener: 443, port: '80' }] },
    templates,
  );
  expect(written(enrolled).map((line) => line.split(',')[0])).toEqual([
    'nginx-80: 80 -> 80',
    'nginx-80-ab0443: 80 -> 443',
  ]);
});

describe('a TCP_UDP target group', () => {
  test.each<[string, readonly ServicePort[]]>([
    ['53/UDP', [tcp]],
    ['53/TCP', [udp]],
  ])('needs %s, too', (missing, ports) => {
    const { blockers } = join(balancer(['53/TCP_UDP'], serving(ports)));
    expect(codesOf(blockers)).toEqual(['port-missing']);
    expect(blockers[0]?.message).toContain(`lacks port ${missing}, which its target group needs`);
  });

  test('the others can join without it', () => {
    const seen = balancer(['53/TCP_UDP', '80/TCP'], serving([tcp, http]));
    const { blockers } = join(seen);
    expect(typed(blockers[0])).toContain('--load-balancer shared --ports 80');
    expect(written(join(seen, { ports: ['80'] }))).toEqual(['nginx: 80 -> 80, TCP 80']);
  });

  test.each<[string, readonly ServicePort[], Partial<TargetGroup>, readonly string[]]>([
    ['two target ports', [tcp, { ...udp, targetPort: 5301 }], {}, ['target-ports-differ']],
    [
      'two node ports',
      [tcp, { ...udp, nodePort: 30054 }],
      { targetType: 'instance' },
      ['target-ports-differ'],
    ],
    ['two node ports do not matter to addresses', [tcp, { ...udp, nodePort: 30054 }], {}, []],
  ])('%s', (_, ports, over, codes) => {
    const cluster = serving(ports, { type: 'NodePort' }).nodes([]);
    expect(codesOf(join(balancer(['53/TCP_UDP'], cluster, over)).blockers)).toEqual(codes);
  });

  test('two names that are one number in the pods are one port', () => {
    const ports = [
      { ...tcp, targetPort: 'dns-tcp' },
      { ...udp, targetPort: 'dns' },
    ];
    const at = (numbers: Record<string, number>) =>
      serving(ports).endpoints(endpointsAt(['10.0.1.1'], { ports: numbers }));
    const same = balancer(['53/TCP_UDP'], at({ 'dns-tcp': 5300, dns: 5300 }));
    expect(codesOf(join(same).blockers)).toEqual([]);
    const other = balancer(['53/TCP_UDP'], at({ 'dns-tcp': 5300, dns: 5301 }));
    expect(join(other).blockers[0]?.message).toContain('have the target ports 5300 and 5301');
  });
});

describe('what cannot be shared does not hold up the rest', () => {
  const quic = { name: 'h3', port: 443, targetPort: 443, protocol: 'UDP' };

  test.each(['QUIC', 'TCP_QUIC'])('%s', (protocol) => {
    const [code, listener] = ['protocol-unsupported', `443/${protocol}`];
    const seen = balancer(['80/TCP', listener], serving([http, quic]));
    const plan = join(seen);
    expect(plan.blockers).toEqual([]);
    expect(codesOf(plan.cautions)).toEqual([code]);
    expect(plan.cautions[0]?.message).toContain(`port 443 uses ${protocol}: that port is left out`);
    expect(written(plan)).toEqual(['nginx-80: 80 -> 80, TCP 80']);
    // Once joined it is a note, and no question.
    const again = join(applied(seen, plan));
    expect([again.steps, codesOf(again.notes ?? [])]).toEqual([[], [code]]);
    // Named, or alone, it is what the join is about.
    expect(codesOf(join(seen, { ports: ['443', '80'] }).blockers)).toEqual([code]);
    expect(codesOf(join(balancer([listener], serving([quic]))).blockers)).toEqual([code]);
  });

  test('a target group of another load balancer', () => {
    const alb = (seen: Observed): Observed => {
      const group = seen.targetGroups[arnOf(443)];
      if (!group?.ok) throw new Error('no group');
      const targetGroups = {
        ...seen.targetGroups,
        [arnOf(443)]: known({ ...group.value, targetType: 'alb' }),
      };
      return { ...seen, targetGroups };
    };
    const https = { ...quic, protocol: 'TCP' };
    const plan = join(alb(balancer(['80/TCP', '443/TCP'], serving([http, https]))));
    expect([codesOf(plan.blockers), codesOf(plan.cautions)]).toEqual([[], ['type-unsupported']]);
    expect(written(plan)).toHaveLength(1);
    const alone = join(alb(balancer(['443/TCP'], serving([https]))));
    expect(codesOf(alone.blockers)).toEqual(['type-unsupported']);
  });

  test('a listener with several target groups', () => {
    const seen = balancer(['80/TCP', '443/TCP'], serving([http, { ...quic, protocol: 'TCP' }]));
    const balanced = seen.loadBalancer;
    if (!balanced.ok) throw new Error('no load balancer');
    const weighted = {
      ...seen,
      loadBalancer: known({
        ...balanced.value,
        listeners: known([
          { port: 80, protocol: 'TCP', targetGroupArns: [arnOf(80)] },
          { port: 443, protocol: 'TCP', targetGroupArns: [arnOf(443), arnOf(80)] },
        ]),
      }),
    };
    const plan = join(weighted);
    expect([codesOf(plan.blockers), codesOf(plan.cautions)]).toEqual([[], ['listener-weighted']]);
    expect(typed(plan.cautions[0])).toContain(`--target-group 443=${arnOf(443)}`);
    expect(codesOf(join(weighted, { ports: ['443'] }).blockers)).toEqual(['listener-weighted']);
  });
});

describe('behind the Service of another cluster', () => {
  const stack = { kind: 'service' as const, namespace: 'default', name: 'nginx' };
  const world = (local: readonly ServicePort[], protocol = 'TCP_UDP'): Observed => {
    const pri = enabledPrimary()
      .editService({ ports: [tcp, udp] })
      .endpoints([])
      .tracks('k8s-default-nginx-1', '')
      .editBindings({
        targetGroupArn: arnOf(53),
        servicePort: 53,
        stack,
        networking: [
          {
            from: [{ securityGroup: { groupID: 'sg-back' } }],
            ports: [
              { protocol: 'UDP', port: 5300 },
              { protocol: 'TCP', port: 5300 },
            ],
          },
        ],
      });
    return observed({
      clusters: [pri, withNames(secondary()).editService({ ports: local }).endpoints([])],
      targets: { 53: [] },
      group: { protocol },
    });
  };
  const joined = (seen: Observed, over: Partial<JoinIntent> = {}) =>
    planJoin(seen, { ...toPrimary, ...over }, templates);

  test('both ports of the group are one binding, at the local target port', () => {
    const local = [tcp, udp].map((port) => ({ ...port, targetPort: 1053 }));
    const plan = joined(world(local));
    expect(codesOf(plan.blockers)).toEqual([]);
    expect(written(plan)).toEqual(['nginx: 53 -> 53, UDP 1053, TCP 1053']);
  });

  test('a Service that has them under another number is mapped', () => {
    const local = [tcp, udp].map((port) => ({ ...port, port: 5353 }));
    expect(codesOf(joined(world(local)).blockers)).toEqual(['port-missing']);
    const mapPorts = [{ listener: 53, port: '5353' }];
    expect(written(joined(world(local), { mapPorts }))).toEqual([
      'nginx: 5353 -> 53, UDP 5300, TCP 5300',
    ]);
  });

  test.each<[string, readonly ServicePort[], readonly string[]]>([
    ['the UDP one of two', [tcp, udp], ['nginx-53-udp: dns -> 53, UDP 5300, TCP 5300']],
    ['the only one', [udp], ['nginx: 53 -> 53, UDP 5300, TCP 5300']],
  ])('a UDP group takes %s', (_, local, bindings) =>
    expect(written(joined(world(local, 'UDP')))).toEqual(bindings),
  );

  test('--ports leaves out what the local Service lacks', () => {
    const both = observed({
      clusters: [
        enabledPrimary()
          .editService({ ports: [http, { ...http, name: 'admin', port: 81 }] })
          .binding({
            name: 'two',
            multiCluster: true,
            targetGroupArn: arnOf(81),
            servicePort: 81,
            stack,
          })
          .tracks('two', ''),
        withNames(secondary()),
      ],
      targets: { 80: ['10.0.1.1:80', '10.0.1.2:80', '10.0.1.3:80'], 81: [] },
    });
    const { blockers } = joined(both);
    expect(codesOf(blockers)).toEqual(['port-missing']);
    expect(typed(blockers[0])).toContain('--primary pri --ports 80');
    const plan = joined(both, { ports: ['80'] });
    expect([codesOf(plan.blockers), written(plan)]).toEqual([[], ['nginx-80: 80 -> 80, TCP 80']]);
  });
});
