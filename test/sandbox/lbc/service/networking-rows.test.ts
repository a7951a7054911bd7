import { LbcWorld } from '../lbc-world.ts';
import { networkingOf } from './networking-text.ts';

/** What a target group speaks, as the ports and annotations that make it do. */
const SPEAKS = {
  TCP: { protocols: ['TCP'], notes: {} },
  TLS: { protocols: ['TCP'], notes: { 'ssl-cert': 'the certificate', 'backend-protocol': 'ssl' } },
  UDP: { protocols: ['UDP'], notes: {} },
  TCP_UDP: { protocols: ['UDP', 'TCP'], notes: { 'enable-tcp-udp-listener': 'true' } },
} as const;
type Speaks = keyof typeof SPEAKS;

const NO_GROUPS = { 'disable-nlb-sg': 'true' };
const ORIGIN = { loadBalancerSourceRanges: ['203.0.113.0/24'] };

interface Layout {
  readonly notes?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly options?: ConstructorParameters<typeof LbcWorld>[0];
  readonly targets: 'ip' | 'instance';
}

/** A Service on port 53, whose pods listen on 5353 and whose node port is 30053. */
function worldOf(speaks: Speaks, { notes, spec, options, targets }: Layout): LbcWorld {
  const world = new LbcWorld(options);
  const [certificate = ''] = world.aws.certificates;
  const { GroupId } = world.aws.call(
    'ec2.CreateSecurityGroup',
    { GroupName: 'own', Description: 'of a person', VpcId: world.aws.network.vpcId },
    'test',
  );
  const { protocols, notes: how } = SPEAKS[speaks];
  const all = { 'nlb-target-type': targets, ...how, ...notes };
  const filled = Object.entries(all).map(([key, value]) => [
    key,
    value.replace('the certificate', certificate).replace('the own group', GroupId),
  ]);
  world.addService('nginx', Object.fromEntries(filled), {
    ports: protocols.map((protocol) => ({
      name: `dns-${protocol.toLowerCase()}`,
      port: 53,
      targetPort: 5353,
      nodePort: 30_053,
      protocol,
    })),
    ...spec,
  });
  world.settle();
  return world;
}

/** The rules for TCP, TLS, UDP and TCP_UDP, in this order. */
type Rules = readonly (readonly string[] | undefined)[];

/** Target groups of every protocol must get the rules of a row. */
function mustGet(layout: Layout, rows: Rules): void {
  const got = Object.keys(SPEAKS).map((one) => networkingOf(worldOf(one as Speaks, layout)));
  expect(got).toEqual(rows);
}

/** `from` lets traffic of every protocol in, and health checks at the traffic port. */
const plain = (from: string, port: number): Rules => [
  [`${from}: TCP ${port}`],
  [`${from}: TCP ${port}`],
  [`${from}: UDP ${port}, TCP ${port}`],
  [`${from}: UDP ${port}, TCP ${port}`],
];

describe('ip targets', () => {
  const targets = 'ip';

  test.each<[string, Omit<Layout, 'targets'>, Rules]>([
    ['the shared backend group', {}, plain('backend', 5353)],
    [
      'no backend group',
      { options: { flags: { enableBackendSecurityGroup: false } } },
      plain('frontend', 5353),
    ],
    [
      'groups of the person, rules not managed',
      { notes: { 'security-groups': 'the own group' } },
      [undefined, undefined, undefined, undefined],
    ],
    [
      'groups of the person, rules managed by annotation',
      {
        notes: {
          'security-groups': 'the own group',
          'manage-backend-security-group-rules': 'true',
        },
      },
      plain('backend', 5353),
    ],
    [
      'groups of the person, rules managed by flag',
      {
        notes: { 'security-groups': 'the own group' },
        options: { flags: { enableManageBackendSecurityGroupRules: true } },
      },
      plain('backend', 5353),
    ],
    [
      'health checks at another port',
      { notes: { 'healthcheck-port': '8181' } },
      [
        ['backend: TCP 5353, TCP 8181'],
        ['backend: TCP 5353, TCP 8181'],
        ['backend: UDP 5353, TCP 8181'],
        ['backend: UDP 5353, TCP 5353, TCP 8181'],
      ],
    ],
    [
      'health checks at the number of the traffic port',
      { notes: { 'healthcheck-port': '5353' } },
      plain('backend', 5353),
    ],
    [
      '--disable-restricted-sg-rules',
      { options: { flags: { disableRestrictedSgRules: true } } },
      [
        ['backend: TCP *'],
        ['backend: TCP *'],
        ['backend: TCP *, UDP *'],
        ['backend: TCP *, UDP *'],
      ],
    ],
    [
      'no groups at all',
      { notes: NO_GROUPS },
      [
        ['subnets: TCP 5353'],
        ['subnets: TCP 5353'],
        ['0.0.0.0/0: UDP 5353', 'subnets: TCP 5353'],
        ['0.0.0.0/0: TCP 5353, UDP 5353'],
      ],
    ],
    [
      'no groups, internal',
      { notes: { ...NO_GROUPS, scheme: 'internal' } },
      [
        ['private subnets: TCP 5353'],
        ['private subnets: TCP 5353'],
        ['10.0.0.0/16: UDP 5353', 'private subnets: TCP 5353'],
        ['10.0.0.0/16: TCP 5353, UDP 5353'],
      ],
    ],
    [
      'no groups, source ranges: nobody lets the health checks of TCP_UDP in',
      { notes: NO_GROUPS, spec: ORIGIN },
      [
        ['subnets: TCP 5353'],
        ['subnets: TCP 5353'],
        ['203.0.113.0/24: UDP 5353', 'subnets: TCP 5353'],
        ['203.0.113.0/24: TCP 5353, UDP 5353'],
      ],
    ],
    [
      'no groups, source ranges, addresses of clients preserved',
      {
        notes: { ...NO_GROUPS, 'target-group-attributes': 'preserve_client_ip.enabled=true' },
        spec: ORIGIN,
      },
      [
        ['203.0.113.0/24: TCP 5353', 'subnets: TCP 5353'],
        ['203.0.113.0/24: TCP 5353', 'subnets: TCP 5353'],
        ['203.0.113.0/24: UDP 5353', 'subnets: TCP 5353'],
        ['203.0.113.0/24: TCP 5353, UDP 5353', 'subnets: TCP 5353'],
      ],
    ],
    [
      'no groups, rules not managed',
      { notes: { ...NO_GROUPS, 'manage-backend-security-group-rules': 'false' } },
      [undefined, undefined, undefined, undefined],
    ],
  ])('%s', (_, layout, rows) => mustGet({ ...layout, targets }, rows));
});

describe('instance targets', () => {
  const targets = 'instance';

  test.each<[string, Omit<Layout, 'targets'>, Rules]>([
    ['the shared backend group', {}, plain('backend', 30_053)],
    [
      'no backend group',
      { options: { flags: { enableBackendSecurityGroup: false } } },
      plain('frontend', 30_053),
    ],
    [
      'groups of the person, rules not managed',
      { notes: { 'security-groups': 'the own group' } },
      [undefined, undefined, undefined, undefined],
    ],
    [
      'groups of the person, rules managed',
      {
        notes: {
          'security-groups': 'the own group',
          'manage-backend-security-group-rules': 'true',
        },
      },
      plain('backend', 30_053),
    ],
    [
      'traffic policy Local: checks at the health check node port',
      { spec: { externalTrafficPolicy: 'Local', healthCheckNodePort: 32_053 } },
      [
        ['backend: TCP 30053, TCP 32053'],
        ['backend: TCP 30053, TCP 32053'],
        ['backend: UDP 30053, TCP 32053'],
        ['backend: UDP 30053, TCP 30053, TCP 32053'],
      ],
    ],
    [
      'no groups at all',
      { notes: NO_GROUPS },
      [
        ['0.0.0.0/0: TCP 30053'],
        ['0.0.0.0/0: TCP 30053'],
        ['0.0.0.0/0: UDP 30053', 'subnets: TCP 30053'],
        ['0.0.0.0/0: TCP 30053, UDP 30053'],
      ],
    ],
    [
      'no groups, source ranges',
      { notes: NO_GROUPS, spec: ORIGIN },
      [
        ['203.0.113.0/24: TCP 30053', 'subnets: TCP 30053'],
        ['203.0.113.0/24: TCP 30053', 'subnets: TCP 30053'],
        ['203.0.113.0/24: UDP 30053', 'subnets: TCP 30053'],
        ['203.0.113.0/24: TCP 30053, UDP 30053', 'subnets: TCP 30053'],
      ],
    ],
    [
      'no groups, traffic policy Local',
      {
        notes: NO_GROUPS,
        spec: { externalTrafficPolicy: 'Local', healthCheckNodePort: 32_053 },
      },
      [
        ['0.0.0.0/0: TCP 30053', 'subnets: TCP 32053'],
        ['0.0.0.0/0: TCP 30053', 'subnets: TCP 32053'],
        ['0.0.0.0/0: UDP 30053', 'subnets: TCP 32053'],
        ['0.0.0.0/0: TCP 30053, UDP 30053', 'subnets: TCP 32053'],
      ],
    ],
  ])('%s', (_, layout, rows) => mustGet({ ...layout, targets }, rows));
});

describe('older controllers', () => {
  test('v2.13.1 makes no ports for TLS groups, which the definition refuses', () => {
    const layout = { targets: 'ip', options: { version: 'v2.13.1' } } as const;
    const world = worldOf('TLS', layout);
    expect(world.events('nginx').map(({ message }) => message)).toContainEqual(
      expect.stringContaining('spec.networking.ingress[0].ports'),
    );
    expect(networkingOf(worldOf('TLS', { ...layout, options: { version: 'v2.13.2' } }))).toEqual([
      'backend: TCP 5353',
    ]);
  });

  test('v2.14.1 takes TCP_UDP for TCP where there are no groups', () => {
    const world = worldOf('TCP_UDP', {
      targets: 'ip',
      options: { version: 'v2.14.1' },
      notes: NO_GROUPS,
    });
    expect(networkingOf(world)).toEqual(['subnets: TCP 5353, UDP 5353']);
  });
});
