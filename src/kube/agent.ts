import { advice } from '../core/model/hint.ts';
import http from 'node:http';
import https from 'node:https';
import { createSecureContext } from 'node:tls';
import type { Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import { material } from './authentication.ts';
import type { Context } from './context.ts';
import type { Credential } from './credential.ts';
import { textAt } from './json.ts';
import { redact } from './redact.ts';

/**
 * The agent through which all requests to a cluster go: connections are kept, so that one TLS
 * handshake serves a whole run (client-node makes one for every request).
 */
export async function agentFor(
  context: Context,
  credential: Credential,
): Promise<Reading<http.Agent>> {
  const ca = material(context.cluster, 'certificate-authority');
  if (!ca.ok) return ca;
  const servername = textAt(context.cluster, 'tls-server-name');
  const tls: https.AgentOptions = {
    keepAlive: true,
    ...(ca.value && { ca: ca.value }),
    ...(context.cluster['insecure-skip-tls-verify'] === true && { rejectUnauthorized: false }),
    ...(servername && { servername }),
    ...(credential.cert && { cert: credential.cert }),
    ...(credential.key && { key: credential.key }),
  };
  if (textAt(context.cluster, 'proxy-url')) {
    const { proxyAgent } = await import('./client-node.ts');
    try {
      return known(await proxyAgent(context, tls));
    } catch (error) {
      return unknown({
        code: 'kubeconfig-unreadable',
        message: `The proxy-url of context "${context.name}" cannot be used: ${redact(String(error))}.`,
        hints: [advice('Write http://, https:// or socks5://, then host and port.')],
      });
    }
  }
  return known(
    context.server.startsWith('https:')
      ? new https.Agent({ ...tls, ...secureContext(tls) })
      : new http.Agent({ keepAlive: true }),
  );
}

/**
 * Certificates and key, read once for all connections. What cannot be read is left to each
 * connection, whose error becomes a Problem.
 */
function secureContext({ ca, cert, key }: https.AgentOptions): https.AgentOptions {
  try {
    const read = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
    return { secureContext: createSecureContext(read) };
  } catch {
    return {};
  }
}
