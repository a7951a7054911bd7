import { advice, kubectlHint } from '../core/model/hint.ts';
import { ProblemError } from '../core/model/problem.ts';
import { redact } from '../core/model/redact.ts';
import { type Json, objectAt, textAt } from './json.ts';
import type { Kubeconfig } from './kubeconfig.ts';

/** One context of a kubeconfig with the entries it refers to. */
export interface Context {
  readonly name: string;
  readonly namespace: string;
  /** URL of the API server without a slash at its end. */
  readonly server: string;
  readonly cluster: Json;
  readonly userName: string;
  readonly user: Json;
}

/**
 * The context of that name, or the current one when no name is given. Throws ProblemError
 * `context-unknown` with the contexts there are, or `kubeconfig-unreadable` when the context leads
 * nowhere: otherwise the mistake shows only at the first request.
 */
export function contextOf(config: Kubeconfig, wanted: string | undefined): Context {
  const name = wanted ?? config.currentContext;
  if (!name) {
    throw new ProblemError({
      code: 'context-unknown',
      message: 'No context is named, and the kubeconfig has no current context.',
      hints: [advice('Name a context with --context.')],
      details: listed(config),
    });
  }
  const context = config.contexts.get(name);
  if (!context) {
    throw new ProblemError({
      code: 'context-unknown',
      message: `There is no context "${name}" in ${config.files.join(', ')}.`,
      hints: [{ kind: 'tool', argv: ['kubectl', 'config', 'get-contexts'] }],
      details: listed(config),
    });
  }
  const cluster = config.clusters.get(textAt(context, 'cluster') ?? '');
  const server = textAt(cluster ?? {}, 'server');
  if (!cluster || !server) throw broken(name, `cluster "${textAt(context, 'cluster') ?? ''}"`);
  if (!/^https?:\/\//.test(server) || !URL.canParse(server)) {
    throw broken(name, `a URL for its server ("${redact(server)}" is none)`);
  }
  const userName = textAt(context, 'user') ?? '';
  const user = config.users.get(userName);
  if (userName !== '' && !user) throw broken(name, `user "${userName}"`);
  return {
    name,
    namespace: textAt(context, 'namespace') || 'default',
    server: server.replace(/\/+$/, ''),
    cluster,
    userName,
    user: user ?? objectAt({}),
  };
}

const listed = (config: Kubeconfig): string[] =>
  config.contexts.size > 0
    ? [...config.contexts.keys()].sort().map((name) => `context: ${name}`)
    : ['the kubeconfig has no contexts'];

const broken = (name: string, missing: string): ProblemError =>
  new ProblemError({
    code: 'kubeconfig-unreadable',
    message: `Context "${name}" needs ${missing}, which the kubeconfig does not have.`,
    hints: [kubectlHint({ context: name }, 'config', 'view', '--minify')],
  });
