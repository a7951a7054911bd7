import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { proxyFor } from '../core/model/proxy.ts';
import { choosingAgent, proxyAgent } from '../wire/proxy-agent.ts';
import type { AwsOptions } from './options.ts';

/** Agents for the SDK's HTTP handler, which it destroys with its client. */
export interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

/** Raised for AWS_CA_BUNDLE: nothing is sent without the authorities that a person has named. */
class BundleError extends Error {
  readonly code = 'ECABUNDLE';
}

const proxyVariables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/**
 * Agents that do what the aws CLI does with HTTPS_PROXY, HTTP_PROXY, NO_PROXY and AWS_CA_BUNDLE (its
 * authorities replace the usual ones); undefined where none is set: the SDK's own will do. The SDK
 * for JavaScript reads none of these. Raises an error with code ECABUNDLE for a file that cannot be
 * read, or EPROXY for a proxy that is no HTTP proxy.
 */
export function agentsFor(env: AwsOptions['env']): Agents | undefined {
  const bundle = env['AWS_CA_BUNDLE'];
  if (!bundle && !proxyVariables.some((name) => env[name])) return undefined;
  const tls = { keepAlive: true, maxSockets: 50, ...(bundle && { ca: authorities(bundle) }) };
  return {
    httpAgent: carriedBy(false, env, tls),
    httpsAgent: carriedBy(true, env, tls) as https.Agent,
  };
}

/** One agent for each proxy and one without, made when a request first needs it. */
function carriedBy(secure: boolean, env: AwsOptions['env'], tls: https.AgentOptions): http.Agent {
  const made = new Map<string, http.Agent>();
  return choosingAgent(
    secure,
    (origin) => {
      const proxy = proxyFor(origin, env, 'lower');
      const key = proxy?.url ?? '';
      const direct = secure ? https.Agent : http.Agent;
      const agent = made.get(key) ?? (proxy ? proxyAgent(proxy, secure, tls) : new direct(tls));
      made.set(key, agent);
      return agent;
    },
    made,
  );
}

function authorities(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const cause = code === 'ENOENT' ? 'it does not exist' : code;
    throw new BundleError(`the file ${file} of AWS_CA_BUNDLE cannot be read: ${cause}`);
  }
}
