import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import type { FaultRule, Faults } from '../faults.ts';
import type { Journal } from '../journal.ts';
import type { KubeCluster } from './cluster.ts';
import { parseBody, readBody } from './http/body.ts';
import { isDryRun } from './http/change.ts';
import { json } from './http/exchange.ts';
import type { Answer, Request } from './http/exchange.ts';
import { handle, openPaths } from './http/handle.ts';
import { reviewAt } from './http/reviews.ts';
import { send } from './http/send.ts';
import { failure, internal, StatusError, unauthorized } from './status-error.ts';

/** Whom the token stands for. */
export const TOKEN_USER = 'kubernetes-admin';

export interface ServeOptions {
  readonly tls: { readonly cert: string; readonly key: string };
  readonly token: string;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly clock: Clock;
}

function readOnly(request: Request): boolean {
  if (['GET', 'HEAD'].includes(request.method) || reviewAt(request.path)) return true;
  try {
    return isDryRun(request);
  } catch {
    return false;
  }
}

function userOf(message: IncomingMessage, path: string, token: string): string {
  if (message.headers.authorization !== `Bearer ${token}`) {
    if (openPaths.includes(path)) return 'system:anonymous';
    throw unauthorized();
  }
  const other = message.headers['impersonate-user'];
  return typeof other === 'string' ? other : TOKEN_USER;
}

function answerOf(error: unknown): Answer {
  if (error instanceof StatusError) return json(error.status, error.status.code);
  const { status } = internal(
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
  return json(status, 500);
}

function faultAnswer(rule: FaultRule): Answer {
  const code = rule.status ?? 500;
  const { status } = failure(code, rule.reason ?? 'InternalError', 'injected by a fault rule');
  return json(status, code);
}

/**
 * Serves a cluster over HTTPS on 127.0.0.1, at a port of the system's choice, to whoever has the
 * token. Every request is journaled; a fault rule may hit it before it is handled.
 */
export async function serveKube(
  cluster: KubeCluster,
  o: ServeOptions,
): Promise<{ readonly url: string; readonly port: number; close(): Promise<void> }> {
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/' } = message;
    const address = new URL(url, 'https://localhost');
    const path = decodeURIComponent(address.pathname);
    const contentType = String(message.headers['content-type'] ?? '')
      .split(';')[0]!
      .trim();
    const warnings: string[] = [];
    const common = {
      ...{ cluster, method, path, query: address.searchParams, headers: message.headers },
      contentType,
      warn: (warning: string) => void warnings.push(warning),
    };
    let request: Request = { ...common, body: undefined, user: '' };
    const note = (status: number): void =>
      o.journal.add({
        ...{ world: 'kube', cluster: cluster.name, verb: method, path: url, status },
        actor: String(message.headers['user-agent'] ?? request.user),
        ...(request.body !== undefined && { params: request.body }),
        dryRun: readOnly(request) && !['GET', 'HEAD'].includes(method) && !reviewAt(path),
        mutating: !readOnly(request),
        source: 'http',
      });

    let refused: unknown;
    try {
      const body = await readBody(message);
      request = { ...common, user: userOf(message, path, o.token), body: undefined };
      request = { ...request, body: parseBody(body, contentType) };
    } catch (error) {
      refused = error;
    }
    const rule = o.faults.take({ world: 'kube', cluster: cluster.name, text: `${method} ${url}` });
    const cut = (): void => {
      note(0);
      response.destroy();
    };
    const perform = (): void => {
      let answer: Answer;
      try {
        if (refused) throw refused;
        answer = handle(request);
      } catch (error) {
        answer = answerOf(error);
      }
      if (rule?.kind === 'cut-after') return cut();
      note(answer.kind === 'stream' ? 200 : answer.status);
      send(response, answer, warnings);
    };
    switch (rule?.kind) {
      case 'cut':
        return cut();
      case 'hang':
        return note(0);
      case 'status': {
        const answer = faultAnswer(rule);
        note(rule.status ?? 500);
        return send(response, answer, []);
      }
      case 'delay':
        o.clock.after(rule.delayMs ?? 0, perform);
        return;
      case 'cut-after':
      case undefined:
        return perform();
    }
  };

  const server = createServer(
    { cert: o.tls.cert, key: o.tls.key, keepAliveTimeout: 60_000 },
    (message, response) => {
      // A client that goes away while its body is read leaves nobody to answer.
      serve(message, response).catch(() => response.destroy());
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
