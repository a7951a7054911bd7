import type { IncomingMessage } from 'node:http';
import type { KubeCluster } from '../cluster/cluster.ts';
import { unauthorized } from '../status-error.ts';
import { parseBody, readBody } from './body.ts';
import { isDryRun } from './options.ts';
import type { Request } from './exchange.ts';
import { openPaths } from './handle.ts';
import { reviewAt } from './reviews.ts';

/** The user of the token. */
const TOKEN_USER = 'kubernetes-admin';

/** A request, what it deserves to be refused with before it is looked at, and what to warn of. */
export interface Received {
  readonly request: Request;
  readonly refused?: unknown;
  readonly warnings: readonly string[];
}

function userOf(message: IncomingMessage, path: string, token: string): string {
  if (message.headers.authorization !== `Bearer ${token}`) {
    if (openPaths.includes(path)) return 'system:anonymous';
    throw unauthorized();
  }
  const other = message.headers['impersonate-user'];
  return typeof other === 'string' ? other : TOKEN_USER;
}

/** Reads a request to its end; the token identifies the user, or the user that it impersonates. */
export async function receive(
  message: IncomingMessage,
  cluster: KubeCluster,
  token: string,
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
    user: '',
    warn: (warning) => void warnings.push(warning),
  };
  try {
    const body = await readBody(message);
    request = { ...request, user: userOf(message, request.path, token) };
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
