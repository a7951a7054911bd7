import { setMaxListeners } from 'node:events';
import { credentialsOf } from './authentication.ts';
import { clientFor, type KubeClient } from './client.ts';
import { type Context, contextOf } from './context.ts';
import type { CredentialSource } from './credential.ts';
import { execConfigOf } from './exec-config.ts';
import { loadKubeconfig } from './kubeconfig.ts';
import type { KubeOptions } from './options.ts';
import { atMost, pluginsAtOnce } from '../wire/at-most.ts';

/**
 * Clients for the contexts of these names, in that order; for the current context when none is
 * named. No request is sent. Throws ProblemError (exit 2) with code `kubeconfig-unreadable` or
 * `context-unknown`.
 */
export function connectClusters(names: readonly string[], o: KubeOptions): Promise<KubeClient[]> {
  return Promise.resolve().then(() => {
    // Every request listens to it, and many are made side by side.
    if (o.signal) setMaxListeners(0, o.signal);
    const config = loadKubeconfig(o);
    const contexts = (names.length > 0 ? names : [undefined]).map((name) =>
      contextOf(config, name),
    );
    const sources = new Map<string, CredentialSource>();
    // Fifty contexts may name fifty users, each with a plugin.
    const pluginInTurn = atMost(pluginsAtOnce, o.requestTimeoutMs);
    return contexts.map((context) => {
      const key = sharingKey(context);
      const source = sources.get(key) ?? credentialsOf(context, { ...o, pluginInTurn });
      sources.set(key, source);
      return clientFor(context, source, o);
    });
  });
}

/**
 * Contexts of one user share its credential, so that a plugin runs once. A plugin that is told about
 * the cluster may answer differently for each.
 */
const sharingKey = (context: Context): string =>
  JSON.stringify([
    context.userName,
    execConfigOf(context.user)?.provideClusterInfo ? context.server : '',
  ]);
