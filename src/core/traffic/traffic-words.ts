import type { LoadBalancer } from '../model/aws.ts';
import {
  type FailureKind,
  type Failures,
  failureKinds,
  type TrafficPort,
} from '../plan/traffic.ts';
import { listed } from '../model/words.ts';

/** After a number: `3 were refused`. */
export const failureWords: Readonly<Record<FailureKind, string>> = {
  dns: 'had no address (DNS)',
  refused: 'were refused',
  unreachable: 'found no route',
  timeout: 'timed out',
  tls: 'failed in TLS',
  reset: 'were reset',
  'closed-early': 'were closed early',
  'bad-answer': 'had a bad answer',
};

/** `3 were refused and 2 timed out`. */
export const failuresText = (failures: Failures): string =>
  listed(
    failureKinds.flatMap((kind) => {
      const n = failures[kind];
      if (n === undefined) return [];
      const words = failureWords[kind];
      return [`${n} ${n === 1 ? words.replace(/^were /, 'was ') : words}`];
    }),
  );

/** What to type about the most informative failure. */
export function failureHint(
  failures: Failures,
  port: TrafficPort,
  balancer: LoadBalancer | undefined,
): string | undefined {
  const [worst] = failureKinds
    .filter((kind) => failures[kind] !== undefined)
    .toSorted((a, b) => (failures[b] ?? 0) - (failures[a] ?? 0));
  if (worst === undefined) return undefined;
  switch (worst) {
    case 'dns':
      return `${port.host} does not resolve from here yet. Name an address with --connect-to ADDRESS:${port.port}.`;
    case 'timeout':
    case 'unreachable':
      return balancer?.scheme === 'internal'
        ? 'The load balancer is internal: run this inside its VPC, or through a tunnel with --connect-to.'
        : 'A pod hangs, or a security group blocks the traffic. Compare with a request to a pod itself.';
    case 'refused':
      return 'Check that something listens there. A tunnel must be open.';
    case 'reset':
      return 'A target passes health checks but refuses connections: compare the health check port with the traffic port.';
    case 'closed-early':
      return 'Check what listens there. For plain TCP without HTTP use --plain, or --send and --expect.';
    case 'bad-answer':
      return 'For plain TCP without HTTP use --plain, or --send and --expect.';
    case 'tls':
      return 'Name the host of the certificate with --server-name, and its authority with --ca FILE.';
  }
}
