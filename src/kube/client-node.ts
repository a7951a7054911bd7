import { advice } from '../core/model/hint.ts';
import type http from 'node:http';
import type https from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { Problem, Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import type { Context } from './context.ts';
import type { Credential } from './credential.ts';
import { redact } from '../core/model/redact.ts';

// Imported only for what a few kubeconfigs have: an auth-provider (OIDC, GCP, Azure) or a SOCKS proxy.
// Loading client-node costs more than everything else before the first request.

/** A KubeConfig of client-node that has this context alone. */
function kubeConfigOf(context: Context): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(
    JSON.stringify({
      clusters: [{ name: 'cluster', cluster: { ...context.cluster, server: context.server } }],
      users: [{ name: 'user', user: { 'auth-provider': context.user['auth-provider'] } }],
      contexts: [{ name: context.name, context: { cluster: 'cluster', user: 'user' } }],
      'current-context': context.name,
    }),
  );
  return config;
}

/** The credential of an `auth-provider`, refreshed by client-node where that is due. */
export async function providerCredential(context: Context): Promise<Reading<Credential>> {
  try {
    const options: https.RequestOptions = {};
    await kubeConfigOf(context).applyToHTTPSOptions(options);
    const header = new Headers(options.headers as Record<string, string>).get('authorization');
    return header
      ? known({ authorization: header })
      : unknown(refused(context, 'it gave no token'));
  } catch (error) {
    return unknown(
      refused(context, redact(error instanceof Error ? error.message : String(error))),
    );
  }
}

const refused = (context: Context, cause: string): Problem => ({
  code: 'plugin-failed',
  message: `The auth-provider of user "${context.userName}" in the kubeconfig gave no credential: ${cause}.`,
  hints: [advice('kubectl 1.26 removed auth-provider. Use an exec plugin instead.')],
});

/** A keep-alive agent that goes through a SOCKS proxy. */
export async function socksAgent(
  context: Context,
  proxy: string,
  tls: https.AgentOptions,
): Promise<http.Agent> {
  const options: https.RequestOptions = {};
  const config = kubeConfigOf({
    ...context,
    cluster: { ...context.cluster, 'proxy-url': proxy },
    user: {},
  });
  await config.applyToHTTPSOptions(options);
  const agent = options.agent as https.Agent;
  // client-node makes an agent for each request and drops it; this one is kept.
  Object.assign(agent, { keepAlive: true });
  Object.assign(agent.options, tls, { keepAlive: true });
  return agent;
}
