import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../time/clock.ts';
import type { Faults } from '../../requests/faults.ts';
import type { Journal } from '../../requests/journal.ts';
import type { KubeCluster } from '../cluster/cluster.ts';
import { json } from './exchange.ts';
import type { Answer } from './exchange.ts';
import { handle } from './handle.ts';
import { UNKNOWN, readsOnly, receive, rehearses } from './receive.ts';
import type { Received } from './receive.ts';
import { reviewAt } from './reviews.ts';
import { send } from './send.ts';
import { targetOf } from './target.ts';
import { faultAnswer } from '../fault-answer.ts';
import { internal, StatusError } from '../status-error.ts';

export interface ServeOptions {
  /** Without it, plain HTTP is served. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** The bearer token of the administrator; every request must carry this or one of a user. */
  readonly token: string;
  /** Token -> name of a user who has the rights that Roles give. */
  readonly users?: ReadonlyMap<string, string>;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly clock: Clock;
}

function answerTo({ request, refused }: Received): Answer {
  try {
    // A path that leads nowhere is told before a body that cannot be read, and after who may ask.
    const known = targetOf(request.cluster, request.path) ?? reviewAt(request.path);
    if (refused && (known || request.user === UNKNOWN)) throw refused;
    return handle(request);
  } catch (error) {
    const { status } =
      error instanceof StatusError ? error : internal(String((error as Error).stack ?? error));
    return json(status, status.code);
  }
}

/**
 * Serves a cluster over HTTP or HTTPS on 127.0.0.1, at a port of the system's choice, to clients that have the
 * token. Every request is journaled, with status 0 where it got no answer; a fault rule may hit it
 * before it is handled.
 */
export async function serveKube(
  cluster: KubeCluster,
  o: ServeOptions,
): Promise<{ readonly url: string; readonly port: number; close(): Promise<void> }> {
  const note = (message: IncomingMessage, { request }: Received, status: number): void => {
    const dryRun = rehearses(request);
    o.journal.add({
      world: 'kube',
      cluster: cluster.name,
      actor: message.headers['user-agent'] ?? request.user.name,
      verb: request.method,
      path: message.url ?? '/',
      ...(request.body !== undefined && { params: request.body }),
      dryRun,
      status,
      mutating: !dryRun && !readsOnly(request),
      source: 'http',
    });
  };
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const received = await receive(message, cluster, o);
    const text = `${message.method} ${message.url}`;
    const rule = o.faults.take({ world: 'kube', cluster: cluster.name, text });
    const cut = (): void => {
      note(message, received, 0);
      response.destroy();
    };
    const answer = (given: Answer): void => {
      note(message, received, given.kind === 'stream' ? 200 : given.status);
      send(response, given, received.warnings);
    };
    switch (rule?.kind) {
      case 'cut':
        return cut();
      case 'cut-after':
        answerTo(received);
        return cut();
      case 'hang':
        return note(message, received, 0);
      case 'status': {
        const { status: said } = faultAnswer(rule);
        return answer(json(said, said.code));
      }
      case 'delay':
        o.clock.after(rule.delayMs ?? 0, () => answer(answerTo(received)));
        return;
      case undefined:
        return answer(answerTo(received));
    }
  };

  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    // A client that goes away while its body is read needs no answer.
    serve(message, response).catch(() => response.destroy());
  };
  const keepAliveTimeout = 60_000;
  const server = o.tls
    ? // No client shows a certificate here: without authorities, Node 20 does not parse its 140 public ones.
      https.createServer({ cert: o.tls.cert, key: o.tls.key, ca: [], keepAliveTimeout }, listener)
    : http.createServer({ keepAliveTimeout }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${o.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
