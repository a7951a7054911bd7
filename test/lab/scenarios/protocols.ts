import { balanced, deployAll } from '../many-services.ts';
import type { Scenario } from '../stage.ts';

const MERGED = { 'enable-tcp-udp-listener': 'true' };
const BOTH = (port: number, first: 'TCP' | 'UDP') => [
  { port, protocol: first, targetPort: 80 } as const,
  { port, protocol: first === 'UDP' ? 'TCP' : 'UDP', targetPort: 8080 } as const,
];

/** The controller's side alone: target groups, listeners, rules and bindings of every protocol. */
export const protocols: Scenario = {
  name: 'protocols',
  title: 'UDP, TCP_UDP, two ports of one number, TLS and proxy protocol: what a controller makes',
  clusters: 2,
  place: 'beside',
  controllerAlone: true,
  async play(stage) {
    const [certificate = ''] = stage.aws.certificates;
    const tls = { 'ssl-cert': certificate };
    await deployAll(stage, [
      balanced('udp', [{ port: 5353, protocol: 'UDP' }]),
      balanced('udp-nodes', [{ port: 5354, protocol: 'UDP' }], { 'nlb-target-type': 'instance' }),
      balanced('udp-checked', [{ port: 5355, protocol: 'UDP' }], { 'healthcheck-port': '8080' }),
      balanced('merged', BOTH(53, 'UDP'), MERGED),
      balanced('merged-nodes', BOTH(54, 'TCP'), { ...MERGED, 'nlb-target-type': 'instance' }),
      // The second of the two is not served, and nothing says so.
      balanced('unmerged-udp', BOTH(55, 'UDP')),
      balanced('unmerged-tcp', BOTH(56, 'TCP')),
      balanced('tls', [{ port: 80 }, { port: 443 }], {
        ...tls,
        'ssl-ports': '443',
        'ssl-negotiation-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        'alpn-policy': 'HTTP2Preferred',
      }),
      balanced('tls-through', [{ port: 8443 }, { port: 8444, protocol: 'UDP' }], {
        ...tls,
        'backend-protocol': 'ssl',
      }),
      balanced('named', [{ port: 81, targetPort: 'http' }, { port: 82 }], {
        'proxy-protocol-per-target-group': '81',
        'healthcheck-protocol': 'http',
        'healthcheck-path': '/up',
      }),
    ]);
  },
};
