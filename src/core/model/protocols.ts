import type { ServicePort } from './kubernetes.ts';

/** Protocols of target groups that nlbmc shares. QUIC and TCP_QUIC are known and not served yet. */
const handled: readonly string[] = ['TCP', 'TLS', 'UDP', 'TCP_UDP'];

/** Whether nlbmc shares target groups of this protocol; a value that it does not know it does not share. */
export const isHandled = (protocol: string): boolean => handled.includes(protocol);

/**
 * The protocols of Service ports that a target group hands its traffic to: TLS is TCP to a pod. QUIC
 * travels in UDP. Empty for a protocol that nlbmc does not know.
 */
export function carriedBy(protocol: string): readonly ('TCP' | 'UDP')[] {
  switch (protocol) {
    case 'TCP':
    case 'TLS':
      return ['TCP'];
    case 'UDP':
    case 'QUIC':
      return ['UDP'];
    case 'TCP_UDP':
    case 'TCP_QUIC':
      return ['TCP', 'UDP'];
    default:
      return [];
  }
}

/** Whether the port of a Service can take what a listener or target group of that protocol carries. */
export const carries = (protocol: string, port: Pick<ServicePort, 'protocol'>): boolean =>
  carriedBy(protocol).some((one) => one === port.protocol);

/** What this version shares, in a sentence. */
export const handledProtocols =
  'This version of nlbmc handles the protocols TCP, TLS, UDP and TCP_UDP.';

/** A protocol as AWS names it; an answer may lack it. */
export const protocolText = (protocol: string): string =>
  protocol === '' ? 'a protocol that the answer of AWS does not name' : protocol;
