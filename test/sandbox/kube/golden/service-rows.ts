import type { Row } from './exchange.ts';
import { balanced, made, service } from './requests.ts';

const LOCAL = { externalTrafficPolicy: 'Local' };
const ports = (...list: readonly object[]): Record<string, unknown> => ({ ports: list });
const named = (...names: readonly string[]): Record<string, unknown> =>
  ports(...names.map((name, i) => ({ name, port: 80 + i })));

const byType: readonly Row[] = [
  made('plain', service()),
  made('load balancer', balanced()),
  made('headless', service({ clusterIP: 'None', selector: { app: 'a' } })),
  made('headless without selector', service({ clusterIP: 'None' })),
  made(
    'external name',
    service({ type: 'ExternalName', externalName: 'a.example.com', ports: [] }),
  ),
  made('no spec', service({ ports: undefined })),
  made('no ports', service({ ports: [] })),
  made('unknown type', service({ type: 'Loadbalancer' })),
  made('external name without a name', service({ type: 'ExternalName' })),
  made('external name with a bad name', service({ type: 'ExternalName', externalName: 'a_b' })),
  made(
    'external name with an address',
    service({ type: 'ExternalName', externalName: 'a', clusterIP: '172.20.9.9' }),
  ),
  made(
    'external name with families',
    service({
      type: 'ExternalName',
      externalName: 'a',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    }),
  ),
  made('headless load balancer', balanced({ clusterIP: 'None' })),
  made('headless node port', service({ type: 'NodePort', clusterIP: 'None' })),
  made('local on ClusterIP', service(LOCAL)),
  made(
    'local and source ranges on ClusterIP',
    service({ ...LOCAL, loadBalancerSourceRanges: ['10.0.0.0/8'] }),
  ),
  made('local', balanced(LOCAL)),
  made('unknown external policy', balanced({ externalTrafficPolicy: 'local' })),
  made('unknown internal policy', service({ internalTrafficPolicy: 'Global' })),
  made('unknown distribution', service({ trafficDistribution: 'PreferFar' })),
  made('distribution', service({ trafficDistribution: 'PreferClose' })),
  made('allocation on ClusterIP', service({ allocateLoadBalancerNodePorts: true })),
  made('no allocation', balanced({ allocateLoadBalancerNodePorts: false })),
  made('class on ClusterIP', service({ loadBalancerClass: 'service.k8s.aws/nlb' })),
  made('class', balanced({ loadBalancerClass: 'service.k8s.aws/nlb' })),
  made('bad class', balanced({ loadBalancerClass: 'service.k8s.aws/nlb/x' })),
  made('empty class', balanced({ loadBalancerClass: '' })),
  made('health port on ClusterIP', service({ healthCheckNodePort: 31000 })),
  made('health port of Cluster', balanced({ healthCheckNodePort: 31001 })),
  made('health port of Local', balanced({ ...LOCAL, healthCheckNodePort: 31002 })),
  made('publishNotReadyAddresses', service({ publishNotReadyAddresses: true })),
  made('session affinity', service({ sessionAffinity: 'ClientIP' })),
  made('unknown affinity', service({ sessionAffinity: 'Client' })),
  made(
    'affinity of a day and more',
    service({
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 90_000 } },
    }),
  ),
  made(
    'affinity config without affinity',
    service({ sessionAffinityConfig: { clientIP: { timeoutSeconds: 10 } } }),
  ),
  made('selector with a bad value', service({ selector: { app: 'a b' } })),
  made('selector with a bad key', service({ selector: { 'a b': 'x' } })),
  made('external addresses', service({ externalIPs: ['192.0.2.1'] })),
  made('bad external address', service({ externalIPs: ['192.0.2'] })),
  made(
    'loopback as external address',
    service({ externalIPs: ['127.0.0.1', '0.0.0.0', '169.254.1.1', '224.0.0.1'] }),
  ),
];

const ranges: readonly Row[] = [
  made('source ranges', balanced({ loadBalancerSourceRanges: ['10.0.0.0/8', ' 192.0.2.0/24 '] })),
  made(
    'bad source ranges',
    balanced({ loadBalancerSourceRanges: ['10.0.0.0', '10.0.0.0/33', 'any'] }),
  ),
  made(
    'source ranges annotation',
    balanced(
      {},
      {
        annotations: {
          'service.beta.kubernetes.io/load-balancer-source-ranges': '10.0.0.0/8,192.0.2.0/24',
        },
      },
    ),
  ),
  made(
    'bad source ranges annotation',
    balanced(
      {},
      {
        annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': '10.0.0.0/8,any' },
      },
    ),
  ),
  made(
    'source ranges annotation on ClusterIP',
    service({}, { annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': '' } }),
  ),
  made(
    'topology annotations',
    service(
      {},
      {
        annotations: {
          'service.kubernetes.io/topology-mode': 'Auto',
          'service.kubernetes.io/topology-aware-hints': 'auto',
        },
      },
    ),
  ),
];

const portRows: readonly Row[] = [
  made('two names', service(named('a', 'b'))),
  made('nameless ports', service(ports({ port: 80 }, { port: 81 }))),
  made('one name twice', service(named('a', 'a'))),
  made('bad name', service(named('A_b', 'x'.repeat(64)))),
  made('port 0', service(ports({ port: 0 }))),
  made('port 65536', service(ports({ port: 65_536 }))),
  made('unknown protocol', service(ports({ port: 80, protocol: 'tcp' }))),
  made('target port 0', service(ports({ port: 80, targetPort: 0 }))),
  made('target port -1', service(ports({ port: 80, targetPort: -1 }))),
  made('target port by name', service(ports({ port: 80, targetPort: 'http' }))),
  made('bad target port name', service(ports({ port: 80, targetPort: 'HTTP_port' }))),
  made('long target port name', service(ports({ port: 80, targetPort: 'a-name-too-long-for-it' }))),
  made('digits as target port name', service(ports({ port: 80, targetPort: '8080' }))),
  made('one port twice', service(ports({ name: 'a', port: 80 }, { name: 'b', port: 80 }))),
  made(
    'TCP and UDP of one port',
    balanced(ports({ name: 'a', port: 80 }, { name: 'b', port: 80, protocol: 'UDP' })),
  ),
  made(
    'one node port for TCP and UDP',
    balanced(
      ports(
        { name: 'a', port: 80, nodePort: 31003 },
        { name: 'b', port: 80, protocol: 'UDP', nodePort: 31003 },
      ),
    ),
  ),
  made(
    'one node port twice',
    balanced(
      ports({ name: 'a', port: 80, nodePort: 31004 }, { name: 'b', port: 81, nodePort: 31004 }),
    ),
  ),
  made('node port on ClusterIP', service(ports({ port: 80, nodePort: 31005 }))),
  made('node port out of range', balanced(ports({ port: 80, nodePort: 80 }))),
  made('negative node port', balanced(ports({ port: 80, nodePort: -1 }))),
  made('app protocol', service(ports({ port: 80, appProtocol: 'kubernetes.io/h2c' }))),
  made('bad app protocol', service(ports({ port: 80, appProtocol: 'a/b/c' }))),
];

/** Services: fields by type, ports, ranges. */
export const serviceRows = [...byType, ...ranges, ...portRows].map(({ name, steps }) => ({
  name: `service: ${name}`,
  steps,
}));
