import { ADMINISTRATOR } from '../../../src/sandbox/kube/cluster/access.ts';
import { json } from '../../../src/sandbox/kube/http/exchange.ts';
import type { Answer as Served, Request } from '../../../src/sandbox/kube/http/exchange.ts';
import { handle } from '../../../src/sandbox/kube/http/handle.ts';
import { readsOnly, rehearses } from '../../../src/sandbox/kube/http/receive.ts';
import { StatusError } from '../../../src/sandbox/kube/status-error.ts';
import type { Failure } from '../../../src/kube/failure.ts';
import type { Answer, Outgoing } from '../../../src/kube/transport.ts';
import { lineOf } from './line.ts';

/** The address that stands for a cluster in a kubeconfig of these tests; nothing listens there. */
export const serverOf = (cluster: string): string => `http://${cluster}.test`;

const never = (): Promise<never> => new Promise(() => undefined);

/**
 * Stands in for `send` of src/kube/transport.ts: the request goes to the cluster named by its host
 * without a socket. What the client makes of answers and refusals is its own code.
 */
export async function send(outgoing: Outgoing): Promise<Answer> {
  const url = new URL(outgoing.url);
  const line = lineOf(String(outgoing.headers['authorization']).replace('Bearer ', ''));
  const cluster = line?.world.cluster(url.hostname.replace(/\.test$/, ''));
  if (!line || !cluster) return never();
  const request: Request = {
    cluster: cluster.kube,
    method: outgoing.method,
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers: outgoing.headers as Request['headers'],
    contentType: String(outgoing.headers['content-type'] ?? ''),
    body: outgoing.body === undefined ? undefined : (JSON.parse(outgoing.body) as unknown),
    user: ADMINISTRATOR,
    warn: () => undefined,
  };
  const mutating = !readsOnly(request) && !rehearses(request);
  const { method, path, body } = request;
  const sent = mutating ? { cluster: cluster.name, name: `${method} ${path}`, body } : undefined;
  return answerOf(await line.carry(sent, () => serve(request)));
}

/** The same for `follow`: no one may watch here, so a wait is as long as without a watch. */
export const follow = (): Promise<Failure> =>
  Promise.resolve({ kind: 'status', status: 403, body: undefined, text: '' });

function serve(request: Request): Served {
  try {
    return handle(request);
  } catch (error) {
    if (error instanceof StatusError) return json(error.status, error.status.code);
    throw error;
  }
}

function answerOf(served: Served): Answer {
  if (served.kind === 'stream') throw new Error('a watch is refused before');
  if (served.kind === 'text') {
    return served.status === 200
      ? { ok: true, body: { text: served.text } }
      : refused(served.status, undefined, served.text);
  }
  const text = JSON.stringify(served.body);
  const body = JSON.parse(text) as Record<string, unknown>;
  return served.status < 300 ? { ok: true, body } : refused(served.status, body, text);
}

const refused = (
  status: number,
  body: Record<string, unknown> | undefined,
  text: string,
): Answer => ({ ok: false, failure: { kind: 'status', status, body, text } });
