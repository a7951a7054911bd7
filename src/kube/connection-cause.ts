import { advice, type Hint, kubectlHint } from '../core/model/hint.ts';
import type { Problem } from '../core/model/problem.ts';

const certificate =
  /^(UNABLE_TO_|CERT_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT|ERR_SSL|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)/;

/** A connection that could not be made or was cut, in plain words, with the next thing to look at. */
export function describeConnection(
  failure: { readonly code: string; readonly message: string },
  place: { readonly context: string; readonly server: string; readonly through?: string },
): Problem {
  const { host } = new URL(place.server);
  const through =
    place.through && failure.code !== 'EPROXY' ? ` (reached through ${place.through})` : '';
  return {
    code: 'api-unreachable',
    message: `The Kubernetes API of ${place.context} cannot be reached: ${causeOf(failure, host)}${through}.`,
    hints: [hintOf(failure.code, place.context)],
  };
}

function causeOf({ code, message }: { code: string; message: string }, host: string): string {
  switch (code) {
    case 'EPROXY':
      return message;
    case 'ECONNREFUSED':
      return `${host} refused the connection`;
    case 'ENOTFOUND':
      return `the name of ${host} was not found`;
    case 'EAI_AGAIN':
      return `the name of ${host} could not be looked up`;
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return `${host} cut the connection`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no route to ${host}`;
    case 'ETIMEDOUT':
      return `the connection to ${host} timed out`;
    case 'CERT_HAS_EXPIRED':
      return `the certificate of ${host} has expired`;
    case 'CERT_NOT_YET_VALID':
      return `the certificate of ${host} is not valid yet`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the certificate of ${host} is for another name`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return `${host} does not speak TLS, or not ours`;
    default:
      return certificate.test(code)
        ? `the certificate of ${host} is signed by an authority that the kubeconfig does not name`
        : `${host}: ${message || code}`;
  }
}

function hintOf(code: string, context: string): Hint {
  if (/EXPIRED|NOT_YET/.test(code))
    return advice("Check this machine's clock first, then the certificate.");
  if (code === 'EPROXY')
    return advice('Check the proxy. NO_PROXY lists the hosts that are reached without it.');
  if (certificate.test(code))
    return advice('Write the entry of the kubeconfig again with aws eks update-kubeconfig.');
  if (code === 'ENOTFOUND')
    return advice(
      'Check whether the cluster still exists, and whether its endpoint is private and needs a VPN.',
    );
  return kubectlHint({ context }, 'get', '--raw', '/version');
}
