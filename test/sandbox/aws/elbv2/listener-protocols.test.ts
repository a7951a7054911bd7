import { practiceAccount } from '../practice-account.ts';

const world = () => {
  const it = practiceAccount();
  const [CertificateArn = ''] = it.account.certificates;
  const LoadBalancerArn = it.balancer();
  const params = (Port: number, Protocol: string, group: string, more: object = {}) => ({
    LoadBalancerArn,
    Port,
    Protocol,
    DefaultActions: [{ Type: 'forward', TargetGroupArn: group }],
    ...more,
  });
  const create = (...args: Parameters<typeof params>) =>
    it.call('elbv2.CreateListener', params(...args)).Listeners[0];
  const refused = (...args: Parameters<typeof params>): string =>
    it.refusal('elbv2.CreateListener', params(...args));
  return { ...it, params, create, refused, tls: { Certificates: [{ CertificateArn }] } };
};

describe('a TLS listener', () => {
  test('needs one certificate that the account has', () => {
    const { refused, group, tls } = world();
    const web = group();
    const gone = { CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/gone' };
    expect(refused(443, 'TLS', web)).toContain('A certificate must be specified for TLS listeners');
    expect(refused(443, 'TLS', web, { Certificates: [gone] })).toContain('CertificateNotFound');
    const two = { Certificates: [...tls.Certificates, ...tls.Certificates] };
    expect(refused(443, 'TLS', web, two)).toContain('ValidationError');
  });

  test('has the policies that are named, and only known ones', () => {
    const { create, refused, group, tls } = world();
    const web = group();
    expect(create(443, 'TLS', web, tls)).toMatchObject({
      SslPolicy: 'ELBSecurityPolicy-2016-08',
      ...tls,
    });
    const named = {
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
      AlpnPolicy: ['HTTP2Optional'],
    };
    expect(create(8443, 'TLS', web, { ...tls, ...named })).toMatchObject(named);
    const unknown = { ...tls, SslPolicy: 'ELBSecurityPolicy-2030-01' };
    expect(refused(9443, 'TLS', web, unknown)).toContain('SSLPolicyNotFound');
    const alpn = { ...tls, AlpnPolicy: ['h2'] };
    expect(refused(9443, 'TLS', web, alpn)).toContain('ALPNPolicyNotFound');
  });

  test('forwards to TCP and TLS groups, not to UDP ones', () => {
    const { create, refused, group, tls } = world();
    create(443, 'TLS', group('encrypted', { Protocol: 'TLS', Port: 443 }), tls);
    const dns = group('dns', { Protocol: 'UDP', Port: 53 });
    expect(refused(8443, 'TLS', dns, tls)).toContain('IncompatibleProtocols');
  });

  test('that becomes TCP loses its certificates, one that becomes TLS needs one', () => {
    const { create, call, refusal, group, account, tls } = world();
    const { ListenerArn } = create(443, 'TLS', group(), tls);
    const more = 'arn:aws:iam::123456789012:server-certificate/more';
    account.certificates.add(more);
    call('elbv2.AddListenerCertificates', {
      ListenerArn,
      Certificates: [{ CertificateArn: more }],
    });
    const modify = { ListenerArn, Protocol: 'TCP' };
    const [plain] = call('elbv2.ModifyListener', modify).Listeners;
    expect(plain.Protocol).toBe('TCP');
    for (const key of ['Certificates', 'SslPolicy']) expect(plain).not.toHaveProperty(key);
    expect(call('elbv2.DescribeListenerCertificates', { ListenerArn }).Certificates).toEqual([]);
    expect(call('elbv2.DescribeListenerAttributes', { ListenerArn }).Attributes).toEqual([
      { Key: 'tcp.idle_timeout.seconds', Value: '350' },
    ]);
    const again = { ListenerArn, Protocol: 'TLS' };
    expect(refusal('elbv2.ModifyListener', again)).toContain('A certificate must be specified');
    const [secure] = call('elbv2.ModifyListener', { ...again, ...tls }).Listeners;
    expect(secure).toMatchObject({ Protocol: 'TLS', ...tls });
  });
});

test.each([
  ['Certificates', { Certificates: [{ CertificateArn: 'arn:a' }] }],
  ['An SSL policy', { SslPolicy: 'ELBSecurityPolicy-2016-08' }],
  ['An ALPN policy', { AlpnPolicy: ['None'] }],
])('%s cannot be specified for a TCP listener', (what, more) => {
  const { refused, group } = world();
  expect(refused(80, 'TCP', group(), more)).toContain(
    `${what} cannot be specified for TCP listeners`,
  );
});

describe('UDP', () => {
  const DNS = { Port: 53 };

  test('shares no port number with TCP, but in TCP_UDP', () => {
    const { create, refused, group } = world();
    const tcp = group('dns-tcp', { ...DNS, Protocol: 'TCP' });
    const udp = group('dns-udp', { ...DNS, Protocol: 'UDP' });
    const both = group('dns', { ...DNS, Protocol: 'TCP_UDP' });
    create(53, 'TCP', tcp);
    expect(refused(53, 'UDP', udp)).toContain('DuplicateListener');
    expect(refused(53, 'TCP_UDP', both)).toContain('DuplicateListener');
    create(54, 'UDP', udp);
    create(5353, 'TCP_UDP', both);
  });

  test.each([
    ['TCP', 'UDP', false],
    ['UDP', 'TCP', false],
    ['TCP', 'TCP_UDP', true],
    ['UDP', 'TCP_UDP', true],
    ['TCP_UDP', 'TCP', false],
    ['TCP_UDP', 'UDP', false],
  ])('a %s listener and a %s group: %s', (listener, Protocol, fits) => {
    const { create, refused, group } = world();
    const arn = group('dns', { ...DNS, Protocol });
    if (fits) expect(create(53, listener, arn).Protocol).toBe(listener);
    else expect(refused(53, listener, arn)).toContain('IncompatibleProtocols');
  });

  test('a listener that becomes UDP loses the idle timeout of TCP', () => {
    const { create, call, group } = world();
    const arn = group('dns', { ...DNS, Protocol: 'TCP_UDP' });
    const { ListenerArn } = create(53, 'TCP', arn);
    call('elbv2.ModifyListener', { ListenerArn, Protocol: 'UDP' });
    expect(call('elbv2.DescribeListenerAttributes', { ListenerArn }).Attributes).toEqual([]);
  });

  test('groups are checked over TCP, and keep the addresses of clients', () => {
    const { call, group, refusal } = world();
    const TargetGroupArn = group('dns', { ...DNS, Protocol: 'UDP' });
    const [{ HealthCheckProtocol }] = call('elbv2.DescribeTargetGroups', {}).TargetGroups;
    expect(HealthCheckProtocol).toBe('TCP');
    const preserve = { Key: 'preserve_client_ip.enabled', Value: 'true' };
    expect(
      call('elbv2.DescribeTargetGroupAttributes', { TargetGroupArn }).Attributes,
    ).toContainEqual(preserve);
    const off = { TargetGroupArn, Attributes: [{ ...preserve, Value: 'false' }] };
    expect(refusal('elbv2.ModifyTargetGroupAttributes', off)).toContain('ValidationError');
    const udpCheck = { Name: 'other', Protocol: 'UDP', HealthCheckProtocol: 'UDP' };
    const VpcId = call('ec2.DescribeVpcs', {}).Vpcs[0].VpcId;
    expect(refusal('elbv2.CreateTargetGroup', { ...udpCheck, Port: 53, VpcId })).toContain(
      'ValidationError',
    );
  });
});
