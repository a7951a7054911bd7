import type { KubeObject } from '../kube/object.ts';

/** What a pod expects of who connects to one of its ports. */
export interface Speech {
  /** A proxy protocol header (version 2) comes first. */
  readonly proxyProtocol: boolean;
  /** TLS, not plain HTTP. */
  readonly tls: boolean;
}

interface Container {
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

/**
 * The practice containers are configured by two variables of the first container, lists of port
 * numbers: PROXY_PROTOCOL_PORTS and TLS_PORTS. Plain HTTP on all others.
 */
export function speechOf(pod: KubeObject, port: number): Speech {
  const container: Container | undefined = pod['spec'].containers[0];
  const names = (variable: string): boolean =>
    (container?.env?.find(({ name }) => name === variable)?.value ?? '')
      .split(',')
      .some((one) => Number(one) === port && one.trim() !== '');
  return { proxyProtocol: names('PROXY_PROTOCOL_PORTS'), tls: names('TLS_PORTS') };
}

/**
 * What a health check over TCP, HTTP or HTTPS meets at a port that is open. A load balancer sends its
 * proxy protocol header with its checks too (NLB guide, proxy protocol). nginx answers 400 to a header
 * that it does not expect, as to plain HTTP on a TLS port, and hangs up where it misses one.
 */
export function understood(
  speech: Speech,
  check: { readonly protocol: string; readonly proxyProtocol?: boolean | undefined },
): 'ok' | 'refused' {
  if (check.protocol === 'TCP') return 'ok';
  const same =
    speech.proxyProtocol === (check.proxyProtocol ?? false) &&
    speech.tls === (check.protocol === 'HTTPS');
  return same ? 'ok' : 'refused';
}
