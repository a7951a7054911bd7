import { advice } from '../core/model/hint.ts';
import http from 'node:http';
import https from 'node:https';
import { createSecureContext } from 'node:tls';
import { type Proxy, proxyFor } from '../core/model/proxy.ts';
import type { Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import { proxyAgent } from '../wire/proxy-agent.ts';
import { material } from './authentication.ts';
import type { Context } from './context.ts';
import type { Credential } from './credential.ts';
import { textAt } from './json.ts';
import type { KubeOptions } from './options.ts';
import { redact } from '../core/model/redact.ts';

/** The proxy to a cluster: `proxy-url` of the kubeconfig wins over the environment, as in kubectl. */
export function proxyOf(context: Context, env: KubeOptions['env']): Proxy | undefined {
  const url = textAt(context.cluster, 'proxy-url');
  return url ? { url, from: 'proxy-url' } : proxyFor(context.server, env, 'upper');
}

const secure = (context: Context): boolean => context.server.startsWith('https:');

/**
 * The agent through which all requests to a cluster go: connections are kept, so that one TLS
 * handshake serves a whole run (client-node makes one for every request).
 */
export async function agentFor(
  context: Context,
  credential: Credential,
  env: KubeOptions['env'],
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
  const proxy = proxyOf(context, env);
  if (proxy) {
    try {
      if (!proxy.url.startsWith('socks')) return known(proxyAgent(proxy, secure(context), tls));
      const { socksAgent } = await import('./client-node.ts');
      return known(await socksAgent(context, proxy.url, tls));
    } catch (error) {
      return unknown({
        code: 'kubeconfig-unreadable',
        message: `Context "${context.name}" cannot be reached: ${redact((error as Error).message)}.`,
        hints: [advice('Write http://, https:// or socks5://, then host and port.')],
      });
    }
  }
  return known(
    secure(context)
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
