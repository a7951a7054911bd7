import type { NetworkingPort } from '../../../src/core/model/kubernetes.ts';
import { localNetworking } from '../../../src/core/observed/networking.ts';

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
      healthCheckPort,
    }),
  ).toEqual([{ from, ports: local }]),
);
