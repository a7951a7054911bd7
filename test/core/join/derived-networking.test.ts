import type { LoadBalancer, TargetGroup } from '../../../src/core/model/aws.ts';
import { derivedNetworking } from '../../../src/core/join/derived-networking.ts';
import { known } from '../../../src/core/model/problem.ts';
import { observed, vpc } from '../world.ts';
import { arnOf } from '../cluster-builder.ts';

const port = { name: 'dns', port: 53, targetPort: 5300, nodePort: 30053, protocol: 'UDP' };

/** The rules as lines: `sg-front: UDP 5300, TCP 5300`; or why there are none. */
function linesOf(
  balancer: Partial<LoadBalancer>,
  group: Partial<TargetGroup>,
  fromCidrs: readonly string[] = [],
  check = 'traffic-port',
): readonly string[] | string {
  const seen = observed({ clusters: [], balancer, group: { attributes: known({}), ...group } });
  const read = seen.targetGroups[arnOf(80)];
  if (!seen.loadBalancer.ok || !read?.ok) throw new Error('no world');
  const found = { ...read.value, healthCheck: { ...read.value.healthCheck, port: check } };
  const derived = derivedNetworking({
    balancer: seen.loadBalancer.value,
    group: found,
    vpc: known({ ...vpc, ranges: ['10.0.0.0/16', '2001:db8::/56'] }),
    targetType: found.targetType === 'instance' ? 'instance' : 'ip',
    localPort: port,
    fromCidrs,
  });
  if (derived.kind !== 'rules') return derived.kind;
  return derived.rules.map(({ from, ports }) => {
    const peers = from.map(({ securityGroup, ipBlock }) => securityGroup?.groupID ?? ipBlock?.cidr);
    return `${peers.join(', ')}: ${ports.map((one) => `${one.protocol} ${one.port}`).join(', ')}`;
  });
}

const grouped = { securityGroupIds: ['sg-front'] };
const subnetRanges = known(['10.0.0.0/20', '10.0.16.0/20', '2001:db8::/64']);
const inside = { securityGroupIds: [], scheme: 'internal', subnetRanges };
const outside = { securityGroupIds: [], scheme: 'internet-facing', subnetRanges };

// Health checks are made over TCP. Clients keep their address for UDP and TCP_UDP, and for instances.
test.each<[string, string, readonly string[] | string, readonly string[] | string]>([
  // Protocol, check, rules for addresses, rules for instances.
  ['TCP', 'traffic-port', ['sg-front: TCP 5300'], ['sg-front: TCP 30053']],
  ['TLS', 'traffic-port', ['sg-front: TCP 5300'], ['sg-front: TCP 30053']],
  ['UDP', 'traffic-port', ['sg-front: UDP 5300, TCP 5300'], ['sg-front: UDP 30053, TCP 30053']],
  ['TCP_UDP', 'traffic-port', ['sg-front: TCP 5300, UDP 5300'], ['sg-front: TCP 30053, UDP 30053']],
  ['TCP', '9000', ['sg-front: TCP 5300, TCP 9000'], ['sg-front: TCP 30053, TCP 9000']],
  ['UDP', '9000', ['sg-front: UDP 5300, TCP 9000'], ['sg-front: UDP 30053, TCP 9000']],
  ['TCP', '5300', ['sg-front: TCP 5300'], ['sg-front: TCP 30053, TCP 5300']],
])('with a security group, %s, check on %s', (protocol, check, ip, instance) => {
  expect(linesOf(grouped, { protocol }, [], check)).toEqual(ip);
  expect(linesOf(grouped, { protocol, targetType: 'instance' }, [], check)).toEqual(instance);
});

const subnets = '10.0.0.0/20, 10.0.16.0/20';
test.each<[string, readonly string[], readonly string[]]>([
  ['TCP', [`${subnets}: TCP 5300`], ['10.0.0.0/16: TCP 30053', `${subnets}: TCP 30053`]],
  ['TLS', [`${subnets}: TCP 5300`], ['10.0.0.0/16: TCP 30053', `${subnets}: TCP 30053`]],
  [
    'UDP',
    ['10.0.0.0/16: UDP 5300', `${subnets}: TCP 5300`],
    ['10.0.0.0/16: UDP 30053', `${subnets}: TCP 30053`],
  ],
  [
    'TCP_UDP',
    ['10.0.0.0/16: TCP 5300, UDP 5300', `${subnets}: TCP 5300`],
    ['10.0.0.0/16: TCP 30053, UDP 30053', `${subnets}: TCP 30053`],
  ],
])('internal and without a security group, %s', (protocol, ip, instance) => {
  expect(linesOf(inside, { protocol })).toEqual(ip);
  expect(linesOf(inside, { protocol, targetType: 'instance' })).toEqual(instance);
});

test.each<[string, readonly string[] | string, readonly string[]]>([
  ['TCP', [`${subnets}: TCP 5300`], [`${subnets}: TCP 5300`]],
  ['UDP', 'unnamed', ['192.0.2.0/24: UDP 5300', `${subnets}: TCP 5300`]],
  ['TCP_UDP', 'unnamed', ['192.0.2.0/24: TCP 5300, UDP 5300', `${subnets}: TCP 5300`]],
])('internet-facing, %s: the ranges of clients are named', (protocol, without, named) => {
  expect(linesOf(outside, { protocol })).toEqual(without);
  expect(linesOf(outside, { protocol }, ['192.0.2.0/24', '::/0'])).toEqual(named);
});

test('of both families only the one of the target group counts', () => {
  const group = { protocol: 'UDP', ipFamily: 'ipv6' } as const;
  expect(linesOf(outside, group, ['0.0.0.0/0', '::/0'])).toEqual([
    '::/0: UDP 5300',
    '2001:db8::/64: TCP 5300',
  ]);
  expect(linesOf(inside, group)).toEqual(['2001:db8::/56: UDP 5300', '2001:db8::/64: TCP 5300']);
  expect(linesOf(outside, group, ['0.0.0.0/0'])).toBe('unnamed');
});

test('what cannot be turned off needs no attribute', () => {
  const off = { attributes: known({ 'preserve_client_ip.enabled': 'false' }) };
  expect(linesOf(inside, { protocol: 'UDP', ...off })).toEqual([
    '10.0.0.0/16: UDP 5300',
    `${subnets}: TCP 5300`,
  ]);
  expect(linesOf(inside, { protocol: 'TCP', targetType: 'instance', ...off })).toEqual([
    `${subnets}: TCP 30053`,
  ]);
});
