import type { LbcWorld } from '../lbc-world.ts';
import { BINDINGS, LbcWorld as World, notes } from '../lbc-world.ts';
import { balancers, groups, service, withService } from '../service-world.ts';
import { targetGroupName } from '../../../../src/sandbox/lbc/service/naming.ts';

const DNS = [
  { name: 'dns', port: 53, targetPort: 5353, protocol: 'UDP' },
  { name: 'dns-tcp', port: 53, targetPort: 5354, protocol: 'TCP' },
];
const WEB = [
  { name: 'http', port: 80, targetPort: 80 },
  { name: 'https', port: 443, targetPort: 80 },
];
const MERGED = { 'enable-tcp-udp-listener': 'true' };

interface Seen {
  readonly Port: number;
  readonly Protocol: string;
  readonly ListenerArn: string;
  readonly SslPolicy?: string;
  readonly AlpnPolicy?: readonly string[];
  readonly Certificates?: readonly { readonly CertificateArn: string }[];
}

const listeners = (world: LbcWorld): readonly Seen[] =>
  world.aws.call(
    'elbv2.DescribeListeners',
    { LoadBalancerArn: balancers(world)[0]!['LoadBalancerArn'] },
    'test',
  ).Listeners;
/** Listeners as `53 UDP`, target groups as `UDP 5353`. */
const served = (world: LbcWorld): string[] =>
  listeners(world).map(({ Port, Protocol }) => `${Port} ${Protocol}`);
const behind = (world: LbcWorld): string[] =>
  groups(world)
    .map(({ Protocol, Port }) => `${Protocol} ${Port}`)
    .sort();
const certificateOf = (world: LbcWorld): string => [...world.aws.certificates][0]!;
/** A world whose Service names the practice certificate. */
function withCertificate(short: Record<string, string>, spec: object): LbcWorld {
  const world = new World();
  world.addService('nginx', { 'ssl-cert': certificateOf(world), ...short }, { ...spec });
  world.settle();
  return world;
}

describe('UDP', () => {
  test('gets a UDP listener and group with TCP health checks, and the frontend group lets UDP in', () => {
    const world = withService({}, { ports: [DNS[0]] });
    expect(served(world)).toEqual(['53 UDP']);
    expect(groups(world)).toEqual([
      expect.objectContaining({
        Protocol: 'UDP',
        Port: 5353,
        HealthCheckProtocol: 'TCP',
        HealthCheckPort: 'traffic-port',
      }),
    ]);
    expect(frontend(world).IpPermissions).toEqual([
      expect.objectContaining({ IpProtocol: 'udp', FromPort: 53, ToPort: 53 }),
    ]);
    expect(world.binding()['spec'].targetGroupProtocol).toBe('UDP');
  });
});

const frontend = (world: LbcWorld) =>
  world.aws
    .call('ec2.DescribeSecurityGroups', {}, 'test')
    .SecurityGroups.find(
      (one: { Description: string }) =>
        one.Description === '[k8s] Managed SecurityGroup for LoadBalancer',
    );

describe('two ports of one number', () => {
  test('are one listener, group and binding where they are merged', () => {
    const world = withService(MERGED, { ports: DNS });
    expect(served(world)).toEqual(['53 TCP_UDP']);
    // The first of the two stands for both.
    expect(behind(world)).toEqual(['TCP_UDP 5353']);
    expect(world.kube.list(BINDINGS)).toHaveLength(1);
    expect(world.binding()['spec']).toMatchObject({
      targetGroupProtocol: 'TCP_UDP',
      serviceRef: { name: 'nginx', port: 53 },
    });
    const { uid } = service(world)!.metadata;
    const expected = targetGroupName(
      'pri',
      { namespace: 'default', name: 'nginx', uid: uid! },
      {
        targetPort: 5353,
        servicePort: 53,
        targetType: 'ip',
        protocol: 'TCP_UDP',
        healthCheckProtocol: 'TCP',
        healthCheckInterval: 10,
      },
    );
    expect(world.binding().metadata.name).toBe(expected);
  });

  test('are merged by the feature gate, unless the annotation says no', () => {
    const options = { flags: { enableTcpUdpListener: true } };
    expect(served(withService({}, { ports: DNS }, options))).toEqual(['53 TCP_UDP']);
    const no = { 'enable-tcp-udp-listener': 'false' };
    expect(served(withService(no, { ports: DNS }, options))).toEqual(['53 UDP']);
    const neither = { 'enable-tcp-udp-listener': 'yes' };
    expect(served(withService(neither, { ports: DNS }, options))).toEqual(['53 TCP_UDP']);
  });

  test.each([
    ['without the option', {}, undefined],
    ['with a controller before v2.13', MERGED, 'v2.12.0'],
  ])('are served by the first alone %s, and nobody says so', (_, short, version) => {
    const world = withService(short, { ports: DNS }, version ? { version } : {});
    expect(served(world)).toEqual(['53 UDP']);
    expect(behind(world)).toEqual(['UDP 5353']);
    expect(world.reasons('nginx')).toEqual(['SuccessfullyReconciled']);
    // The group of the load balancer lets both in all the same.
    expect(
      frontend(world)
        .IpPermissions.map((one: { IpProtocol: string }) => one.IpProtocol)
        .sort(),
    ).toEqual(['tcp', 'udp']);
  });

  test('that become merged later replace listener protocol and target group', () => {
    const world = withService({}, { ports: DNS });
    const before = groups(world)[0]!['TargetGroupArn'];
    world.annotate('nginx', MERGED);
    world.settle(60_000);
    expect(served(world)).toEqual(['53 TCP_UDP']);
    expect(behind(world)).toEqual(['TCP_UDP 5353']);
    expect(groups(world)[0]!['TargetGroupArn']).not.toBe(before);
  });

  test('are told in the status again when there are more, by controllers that tell ports', () => {
    const told = (version: string): unknown => {
      const world = withService({}, { ports: [DNS[0]] }, { version });
      world.merge('services', 'nginx', { spec: { ports: DNS } });
      world.settle();
      return service(world)?.['status'].loadBalancer.ingress[0].ports;
    };
    expect(told('v3.5.0')).toEqual([
      { port: 53, protocol: 'UDP' },
      { port: 53, protocol: 'TCP' },
    ]);
    expect(told('v2.16.0')).toBeUndefined();
  });

  test('with SCTP cannot be merged', () => {
    const ports = [DNS[0], { ...DNS[1], protocol: 'SCTP' }];
    const world = withService(MERGED, { ports });
    expect(world.events('nginx')[0]?.message).toBe(
      'Failed build model due to unsupported protocol for merging: SCTP',
    );
  });
});

describe('TLS', () => {
  test('is for all ports with a certificate, for the named ones with ssl-ports', () => {
    expect(served(withCertificate({}, { ports: WEB }))).toEqual(['80 TLS', '443 TLS']);
    for (const named of ['https', '443']) {
      const world = withCertificate({ 'ssl-ports': named }, { ports: WEB });
      expect(served(world)).toEqual(['80 TCP', '443 TLS']);
      expect(behind(world)).toEqual(['TCP 80', 'TCP 80']);
      const [plain, tls] = listeners(world);
      expect(plain).not.toHaveProperty('SslPolicy');
      expect(tls).toMatchObject({
        SslPolicy: 'ELBSecurityPolicy-2016-08',
        Certificates: [{ CertificateArn: certificateOf(world) }],
      });
      expect(tls).not.toHaveProperty('AlpnPolicy');
    }
  });

  test('goes on to targets with backend-protocol ssl; UDP is never TLS', () => {
    const ports = [...WEB, { name: 'quic', port: 8443, targetPort: 8443, protocol: 'UDP' }];
    const world = withCertificate(
      { 'backend-protocol': 'ssl', 'ssl-ports': '443,8443' },
      { ports },
    );
    expect(served(world)).toEqual(['80 TCP', '443 TLS', '8443 UDP']);
    expect(behind(world)).toEqual(['TCP 80', 'TLS 80', 'UDP 8443']);
  });

  test('has the policies that the annotations name, and they are put back', () => {
    const policies = {
      'ssl-negotiation-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      'alpn-policy': 'HTTP2Preferred',
    };
    const world = withCertificate(policies, { ports: WEB });
    const [{ ListenerArn }] = listeners(world) as [Seen];
    world.aws.call(
      'elbv2.ModifyListener',
      { ListenerArn, SslPolicy: 'ELBSecurityPolicy-2016-08', AlpnPolicy: ['None'] },
      'somebody',
    );
    world.annotate('nginx', { 'additional-resource-tags': 'a=b' });
    world.settle();
    expect(listeners(world)[0]).toMatchObject({
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      AlpnPolicy: ['HTTP2Preferred'],
    });
  });

  test('with an unknown ALPN policy is not built', () => {
    const world = withCertificate({ 'alpn-policy': 'h2' }, { ports: WEB });
    expect(world.events('nginx')[0]?.message).toContain('invalid ALPN policy h2');
  });

  test('with a certificate that the account has not says so and goes on trying', () => {
    const arn = 'arn:aws:acm:us-east-1:123456789012:certificate/gone';
    const world = withService({ 'ssl-cert': arn });
    const [event] = world.events('nginx');
    expect(event?.reason).toBe('FailedDeployModel');
    expect(event?.message).toContain(
      `api error CertificateNotFound: Certificate '${arn}' not found`,
    );
    world.annotate('nginx', { 'ssl-cert': certificateOf(world) });
    world.settle(60_000);
    expect(served(world)).toEqual(['80 TLS']);
  });

  test.each([
    ['v3.5.0', ['first true', 'first false', 'second false']],
    ['v3.4.0', ['first true', 'second false']],
  ])('of %s has every certificate that is named', (version, expected) => {
    const world = new World({ version });
    const [first, second] = ['first', 'second'].map(
      (name) => `arn:aws:iam::1:server-certificate/${name}`,
    );
    world.aws.certificates.add(first!).add(second!);
    world.addService('nginx', { 'ssl-cert': `${first}, ${second}` });
    world.settle();
    const attached = (): string[] =>
      world.aws
        .call(
          'elbv2.DescribeListenerCertificates',
          { ListenerArn: listeners(world)[0]!.ListenerArn },
          'test',
        )
        .Certificates.map(
          (one: { CertificateArn: string; IsDefault: boolean }) =>
            `${one.CertificateArn.split('/')[1]} ${one.IsDefault}`,
        );
    expect(attached()).toEqual(expected);
    world.annotate('nginx', { 'ssl-cert': second! });
    world.settle();
    expect(attached()).toEqual(
      version === 'v3.5.0' ? ['second true', 'second false'] : ['second true'],
    );
  });

  test('goes when the certificate goes', () => {
    const world = withCertificate({}, { ports: WEB });
    world.merge('services', 'nginx', {
      metadata: { annotations: notes({ 'ssl-cert': null as unknown as string }) },
    });
    world.settle();
    expect(served(world)).toEqual(['80 TCP', '443 TCP']);
    expect(listeners(world)[0]).not.toHaveProperty('Certificates');
    expect(world.reasons('nginx')).toEqual(['SuccessfullyReconciled']);
  });

  test('has no listener attributes to read, UDP has since v3.2.2', () => {
    const ports = [WEB[1], DNS[0]];
    const reads = (version: string): number => {
      const world = new World({ version });
      world.addService('nginx', { 'ssl-cert': certificateOf(world) }, { ports });
      world.settle();
      return world.story().filter((word) => word === 'DescribeListenerAttributes').length;
    };
    expect(reads('v3.5.0')).toBe(1);
    expect(reads('v3.2.1')).toBe(0);
  });
});

describe('attributes of target groups', () => {
  const ports = [...WEB, { name: 'admin', port: 8080, targetPort: 8080 }];
  const proxied = (world: LbcWorld): string[] =>
    groups(world).map(({ TargetGroupArn }) => {
      const { Attributes } = world.aws.call(
        'elbv2.DescribeTargetGroupAttributes',
        { TargetGroupArn },
        'test',
      );
      const found = Attributes.find(
        (one: { Key: string }) => one.Key === 'proxy_protocol_v2.enabled',
      );
      return found.Value;
    });

  test.each<[string, Record<string, string>, string[]]>([
    ['none', {}, ['false', 'false', 'false']],
    ['all by *', { 'proxy-protocol': '*' }, ['true', 'true', 'true']],
    ['some by list', { 'proxy-protocol-per-target-group': '80, 443' }, ['true', 'true', 'false']],
    [
      'all but one by attributes',
      {
        'target-group-attributes': 'proxy_protocol_v2.enabled=true',
        'target-group-attributes.8080': 'proxy_protocol_v2.enabled=false',
      },
      ['true', 'true', 'false'],
    ],
    [
      'the list overrules attributes',
      {
        'target-group-attributes': 'proxy_protocol_v2.enabled=true',
        'proxy-protocol-per-target-group': '8080',
      },
      ['false', 'false', 'true'],
    ],
    [
      '* overrules the list',
      { 'proxy-protocol': '*', 'proxy-protocol-per-target-group': '8080' },
      ['true', 'true', 'true'],
    ],
  ])('proxy protocol: %s', (_, short, expected) => {
    expect(proxied(withService(short, { ports }))).toEqual(expected);
  });

  test('before v2.13 there is no list', () => {
    const short = { 'proxy-protocol-per-target-group': '80' };
    const world = withService(short, { ports }, { version: 'v2.12.0' });
    expect(proxied(world)).toEqual(['false', 'false', 'false']);
  });
});
