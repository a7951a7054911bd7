import type { AttemptResult, FailureKind } from '../core/plan/traffic.ts';

const kinds: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
};

/** A failed attempt, in plain words. */
export const failed = (failure: FailureKind, detail: string): AttemptResult => ({
  kind: 'failed',
  failure,
  detail,
});

/**
 * What a socket's error means. `inTls`: TCP was connected and TLS was not yet: then an error that is
 * none of the network is one of certificates or protocol.
 */
export function failureOf(error: Error, inTls: boolean, to: string): AttemptResult {
  const { code } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : kinds[code];
  if (known === 'reset' && inTls) return failed('tls', `${to}: reset during the TLS handshake`);
  if (known === 'refused') return failed('refused', `${to} refused the connection`);
  if (known === 'reset') return failed('reset', `${to} reset the connection`);
  if (known) return failed(known, `${to}: ${error.message}`);
  if (inTls) return failed('tls', `${to}: ${error.message}`);
  // EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL, EMFILE: no way there, or none left from here.
  return failed('unreachable', `${to}: ${error.message}`);
}
