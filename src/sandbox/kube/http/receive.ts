import type { IncomingMessage } from 'node:http';
import { ADMINISTRATOR } from '../cluster/access.ts';
import type { KubeCluster } from '../cluster/cluster.ts';
import { userNamed } from '../cluster/rbac.ts';
import type { User } from '../cluster/rbac.ts';
import { unauthorized } from '../status-error.ts';
import { parseBody, readBody } from './body.ts';
import { isDryRun } from './options.ts';
import type { Request } from './exchange.ts';
import { openPaths } from './handle.ts';
import { reviewAt } from './reviews.ts';

/** The user of a request that was not yet looked at. */
export const UNKNOWN: User = { name: '', groups: [] };

/** A request, what it deserves to be refused with before it is looked at, and what to warn of. */
export interface Received {
  readonly request: Request;
  readonly refused?: unknown;
  readonly warnings: readonly string[];
}

interface Tokens {
  readonly token: string;
  readonly users?: ReadonlyMap<string, string>;
}

function callerOf({ headers }: IncomingMessage, path: string, tokens: Tokens): User {
  const given = headers.authorization?.replace(/^Bearer /, '');
  if (given === tokens.token) return ADMINISTRATOR;
  const name = tokens.users?.get(given ?? '');
  if (name !== undefined) return userNamed(name);
  if (openPaths.includes(path)) return userNamed('system:anonymous');
  throw unauthorized();
}

/**
 * The user that asks, or that it impersonates. Raises 401, and 403 for a user without that right. Source: apiserver
 * pkg/endpoints/filters/impersonation.go.
 */
function userOf(
  message: IncomingMessage,
  path: string,
  cluster: KubeCluster,
  tokens: Tokens,
): User {
  const caller = callerOf(message, path, tokens);
  const other = message.headers['impersonate-user'];
  if (typeof other !== 'string') return caller;
  const groups = String(message.headers['impersonate-group'] ?? '')
    .split(', ')
    .filter(Boolean);
  const impersonate = (resource: string, name: string): void =>
    cluster.access.check(
      { group: '', plural: resource },
      { user: caller, verb: 'impersonate', group: '', resource, name },
    );
  impersonate('users', other);
  for (const group of groups) impersonate('groups', group);
  return other === ADMINISTRATOR.name ? ADMINISTRATOR : userNamed(other, groups);
}

/** Reads a request to its end; the token identifies the user, or the user that it impersonates. */
export async function receive(
  message: IncomingMessage,
  cluster: KubeCluster,
  tokens: Tokens,
): Promise<Received> {
  const address = new URL(message.url ?? '/', 'https://localhost');
  const warnings: string[] = [];
  let request: Request = {
    cluster,
    method: message.method ?? 'GET',
    path: decodeURIComponent(address.pathname),
    query: address.searchParams,
    headers: message.headers,
    contentType: (message.headers['content-type'] ?? '').split(';')[0]!.trim(),
    body: undefined,
    user: UNKNOWN,
    warn: (warning) => void warnings.push(warning),
  };
  try {
    const body = await readBody(message);
    request = { ...request, user: userOf(message, request.path, cluster, tokens) };
    request = { ...request, body: parseBody(body, request.contentType) };
    return { request, warnings };
  } catch (refused) {
    return { request, refused, warnings };
  }
}

/** Whether the request changes nothing, whatever becomes of it. */
export function readsOnly(request: Request): boolean {
  return ['GET', 'HEAD'].includes(request.method) || reviewAt(request.path) !== undefined;
}

/** Whether it requests a rehearsal; what cannot be understood does not. */
export function rehearses(request: Request): boolean {
  try {
    return !readsOnly(request) && isDryRun(request);
  } catch {
    return false;
  }
}
