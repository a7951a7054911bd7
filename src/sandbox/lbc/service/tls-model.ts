import type { ServiceAnnotations } from './annotations.ts';
import type { ResolvedFlags } from '../process/flags.ts';
import { BuildError } from '../process/errors.ts';
import type { ServicePort } from '../process/service-port.ts';
import { atLeast } from '../process/version.ts';

/** What a TLS listener needs beside its port. */
export interface TlsModel {
  /** ARNs; the first is the listener's default certificate. */
  readonly certificates: readonly string[];
  readonly sslPolicy: string;
  readonly alpnPolicy?: string | undefined;
}

const ALPN_POLICIES = ['None', 'HTTP1Only', 'HTTP2Only', 'HTTP2Optional', 'HTTP2Preferred'];

const certificatesOf = (notes: ServiceAnnotations): string[] =>
  notes.list('aws-load-balancer-ssl-cert') ?? [];

/**
 * Which ports are served over TLS: with a certificate all that `ssl-ports` names, by name or number;
 * all of them where it names none (pkg/service/model_build_listener.go, buildListenerSpec). UDP never
 * is, which the caller knows. Raises BuildError for a port that the Service has not.
 */
export function tlsPorts(
  notes: ServiceAnnotations,
  ports: readonly ServicePort[],
  version: string,
): (port: ServicePort) => boolean {
  const wanted = notes.list('aws-load-balancer-ssl-ports') ?? [];
  const names = ({ name = '', port }: ServicePort): boolean =>
    wanted.includes(name) || wanted.includes(String(port));
  const unused = wanted.filter(
    (one) => !ports.some(({ name, port }) => name === one || String(port) === one),
  );
  // Up to v2.4 they were passed over.
  if (unused.length > 0 && atLeast(version, '2.5.0')) {
    throw new BuildError(`Unused port in ssl-ports annotation [${unused.join(' ')}]`);
  }
  if (certificatesOf(notes).length === 0) return () => false;
  return (port) => wanted.length === 0 || names(port);
}

/** Whether targets of TLS listeners are spoken to over TLS again. */
export const reencrypts = (notes: ServiceAnnotations): boolean =>
  notes.string('aws-load-balancer-backend-protocol') === 'ssl';

/**
 * Certificates and policies of the TLS listeners (buildSSLNegotiationPolicy and buildListenerALPNPolicy
 * of the same file). Raises BuildError.
 */
export function buildTls(
  notes: ServiceAnnotations,
  flags: Pick<ResolvedFlags, 'defaultSslPolicy'>,
): TlsModel {
  const alpnPolicy = notes.string('aws-load-balancer-alpn-policy');
  if (alpnPolicy !== undefined && !ALPN_POLICIES.includes(alpnPolicy)) {
    throw new BuildError(
      `invalid ALPN policy ${alpnPolicy}, policy must be one of [${ALPN_POLICIES.join(', ')}]`,
    );
  }
  return {
    certificates: certificatesOf(notes),
    sslPolicy: notes.string('aws-load-balancer-ssl-negotiation-policy') ?? flags.defaultSslPolicy,
    alpnPolicy,
  };
}
