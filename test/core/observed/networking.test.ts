import type { NetworkingPort, NetworkingRule } from '../../../src/core/model/kubernetes.ts';
import { localNetworking } from '../../../src/core/observed/networking.ts';
import { tcpCheck } from '../world.ts';

const groupWith = (protocol: string, port: string) => ({
  protocol,
  healthCheck: { ...tcpCheck, port },
});

const from = [{ securityGroup: { groupID: 'sg-1' } }];
const there = { port: 80, targetPort: 'http', nodePort: 30080, protocol: 'TCP' };
const here = { port: 80, targetPort: 8080, nodePort: 31111, protocol: 'TCP' };

test.each<[string, 'ip' | 'instance', string, NetworkingPort[], NetworkingPort[]]>([
  [
    'the pod’s port',
    'ip',
    'traffic-port',
    [{ protocol: 'TCP', port: 'http' }],
    [{ protocol: 'TCP', port: 8080 }],
  ],
  [
    'the node’s port',
    'instance',
    'traffic-port',
    [{ protocol: 'TCP', port: 30080 }],
    [{ protocol: 'TCP', port: 31111 }],
  ],
  [
    'a health check port stays',
    'ip',
    '9000',
    [{ protocol: 'TCP', port: 9000 }],
    [{ protocol: 'TCP', port: 9000 }],
  ],
  [
    'all ports become explicit',
    'ip',
    'traffic-port',
    [{ protocol: 'TCP' }],
    [{ protocol: 'TCP', port: 8080 }],
  ],
  [
    'with the health check’s',
    'ip',
    '9000',
    [],
    [
      { protocol: 'TCP', port: 8080 },
      { protocol: 'TCP', port: 9000 },
    ],
  ],
  [
    'once',
    'ip',
    '8080',
    [
      { protocol: 'TCP', port: 'http' },
      { protocol: 'TCP', port: 8080 },
    ],
    [{ protocol: 'TCP', port: 8080 }],
  ],
])('%s', (_, targetType, healthCheckPort, ports, local) =>
  expect(
    localNetworking({
      rules: [{ from, ports }],
      targetType,
      primaryPort: there,
      localPort: here,
      group: groupWith('TCP', healthCheckPort),
    }),
  ).toEqual([{ from, ports: local }]),
);

describe('what LBC writes in a primary, and what it is for another cluster', () => {
  const peerOf = (text: string) =>
    text.startsWith('sg-') ? { securityGroup: { groupID: text } } : { ipBlock: { cidr: text } };
  /** `sg-a, sg-b: UDP 53, TCP 53`. */
  const ruleOf = (text: string): NetworkingRule => {
    const [, peers = '', ports = ''] = /^(.*): (.*)$/.exec(text) ?? [];
    return {
      from: peers.split(', ').map(peerOf),
      ports: ports.split(', ').map((port) => {
        const [protocol = '', number = ''] = port.split(' ');
        return { protocol, port: /^\d+$/.test(number) ? Number(number) : number };
      }),
    };
  };
  const dnsThere = { port: 53, targetPort: 5300, nodePort: 30053, protocol: 'UDP' };
  const dnsHere = { port: 53, targetPort: 1053, nodePort: 31053, protocol: 'UDP' };

  // Protocol, check port, rules in the primary (targets of type ip), rules here (ip), rules here (instance).
  test.each<[string, string, string[], string[], string[]]>([
    // The groups of the load balancer: the shared backend group, or the frontend group without one.
    ['TCP', 'traffic-port', ['sg-back: TCP 5300'], ['sg-back: TCP 1053'], ['sg-back: TCP 31053']],
    ['TLS', 'traffic-port', ['sg-back: TCP 5300'], ['sg-back: TCP 1053'], ['sg-back: TCP 31053']],
    [
      'UDP',
      'traffic-port',
      ['sg-back: UDP 5300, TCP 5300'],
      ['sg-back: UDP 1053, TCP 1053'],
      ['sg-back: UDP 31053, TCP 31053'],
    ],
    [
      'TCP_UDP',
      'traffic-port',
      ['sg-front: UDP 5300, TCP 5300'],
      ['sg-front: UDP 1053, TCP 1053'],
      ['sg-front: UDP 31053, TCP 31053'],
    ],
    // A health check port of its own is the same everywhere.
    [
      'TCP',
      '9000',
      ['sg-back: TCP 5300, TCP 9000'],
      ['sg-back: TCP 1053, TCP 9000'],
      ['sg-back: TCP 31053, TCP 9000'],
    ],
    [
      'UDP',
      '9000',
      ['sg-back: UDP 5300, TCP 9000'],
      ['sg-back: UDP 1053, TCP 9000'],
      ['sg-back: UDP 31053, TCP 9000'],
    ],
    [
      'TCP_UDP',
      '9000',
      ['sg-back: UDP 5300, TCP 5300, TCP 9000'],
      ['sg-back: UDP 1053, TCP 1053, TCP 9000'],
      ['sg-back: UDP 31053, TCP 31053, TCP 9000'],
    ],
    // One that is the primary's traffic port, too: there one entry stands for both.
    ['TCP', '5300', ['sg-back: TCP 5300'], ['sg-back: TCP 1053, TCP 5300'], ['sg-back: TCP 31053']],
    [
      'UDP',
      '5300',
      ['sg-back: UDP 5300, TCP 5300'],
      ['sg-back: UDP 1053, TCP 5300'],
      ['sg-back: UDP 31053, TCP 31053'],
    ],
    // One that is the traffic port here, and not there.
    [
      'TCP',
      '1053',
      ['sg-back: TCP 5300, TCP 1053'],
      ['sg-back: TCP 1053'],
      ['sg-back: TCP 31053, TCP 1053'],
    ],
    // A load balancer without security groups: addresses of clients, and of its subnets for checks.
    [
      'TCP',
      'traffic-port',
      ['10.0.0.0/20: TCP 5300'],
      ['10.0.0.0/20: TCP 1053'],
      ['10.0.0.0/20: TCP 31053'],
    ],
    [
      'UDP',
      'traffic-port',
      ['0.0.0.0/0: UDP 5300', '10.0.0.0/20, 10.0.16.0/20: TCP 5300'],
      ['0.0.0.0/0: UDP 1053', '10.0.0.0/20, 10.0.16.0/20: TCP 1053'],
      ['0.0.0.0/0: UDP 31053', '10.0.0.0/20, 10.0.16.0/20: TCP 31053'],
    ],
    [
      'TCP_UDP',
      'traffic-port',
      ['::/0: TCP 5300, UDP 5300'],
      ['::/0: TCP 1053, UDP 1053'],
      ['::/0: TCP 31053, UDP 31053'],
    ],
    [
      'UDP',
      '8080',
      ['192.0.2.0/24: UDP 5300', '2001:db8::/64: TCP 8080'],
      ['192.0.2.0/24: UDP 1053', '2001:db8::/64: TCP 8080'],
      ['192.0.2.0/24: UDP 31053', '2001:db8::/64: TCP 8080'],
    ],
  ])('%s, check on %s: %j', (protocol, check, rules, ip, instance) => {
    const facts = { localPort: dnsHere, group: groupWith(protocol, check) };
    const inPrimary = rules.map(ruleOf);
    expect(
      localNetworking({ ...facts, rules: inPrimary, targetType: 'ip', primaryPort: dnsThere }),
    ).toEqual(ip.map(ruleOf));
    // The same primary with instance targets has its node port where its target port was.
    const onNodes = inPrimary.map((rule) => ({
      ...rule,
      ports: rule.ports.map((port) => (port.port === 5300 ? { ...port, port: 30053 } : port)),
    }));
    expect(
      localNetworking({ ...facts, rules: onNodes, targetType: 'instance', primaryPort: dnsThere }),
    ).toEqual(instance.map(ruleOf));
  });

  test('restricted rules are off there: all ports become explicit, of both protocols', () =>
    expect(
      localNetworking({
        rules: [{ from, ports: [{ protocol: 'TCP' }, { protocol: 'UDP' }] }],
        targetType: 'ip',
        primaryPort: dnsThere,
        localPort: dnsHere,
        group: groupWith('UDP', 'traffic-port'),
      }),
    ).toEqual([{ from, ports: ruleOf('sg-1: UDP 1053, TCP 1053').ports }]));

  test('rules that do not fit the Service of the primary any more are its traffic, but for the check', () =>
    expect(
      localNetworking({
        rules: [ruleOf('sg-back: UDP 30001, TCP 30001, TCP 9000')],
        targetType: 'instance',
        primaryPort: dnsThere,
        localPort: dnsHere,
        group: groupWith('TCP_UDP', '9000'),
      }),
    ).toEqual([ruleOf('sg-back: UDP 31053, TCP 31053, TCP 9000')]));
});
