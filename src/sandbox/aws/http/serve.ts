import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../time/clock.ts';
import type { Faults } from '../../requests/faults.ts';
import type { Journal } from '../../requests/journal.ts';
import { isMutating, type AwsAccount } from '../account.ts';
import { faultAnswer } from '../fault-answer.ts';
import { AwsError } from '../state/error.ts';
import { decodeQuery } from './query.ts';
import {
  checkCredential,
  credentialOf,
  errorXml,
  resultXml,
  serviceOf,
  type Service,
} from './wire.ts';

/** What the endpoint needs beside the account. */
export interface AwsEndpointOptions {
  readonly journal: Journal;
  readonly faults: Faults;
  readonly clock: Clock;
  /** 0, the default, takes a free one. */
  readonly port?: number;
}

/** A running endpoint. `close` also ends requests that a fault keeps hanging. */
export interface AwsEndpoint {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** One request, read and understood. */
interface Asked {
  readonly service: Service;
  readonly name: string;
  readonly action: string;
  readonly actor: string;
  readonly form: URLSearchParams;
  readonly authorization: string | undefined;
}

/** What is sent back. */
interface Answer {
  readonly requestId: string;
  readonly status: number;
  readonly body: string;
}

async function read(account: AwsAccount, request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://localhost');
  const form = url.searchParams;
  for (const [key, value] of new URLSearchParams(Buffer.concat(chunks).toString())) {
    form.append(key, value);
  }
  const { authorization } = request.headers;
  const credential = credentialOf(authorization, form);
  const service = serviceOf(form.get('Version'), credential);
  const name = form.get('Action') ?? '';
  const agent = request.headers['user-agent'] ?? '';
  const owner = account.keys.ownerOf(credential?.accessKeyId ?? '');
  // An application that names itself in the user agent is told from the SDK it uses.
  const actor = owner ?? / app\/(\S+)/.exec(agent)?.[1] ?? agent.split(' ')[0] ?? '';
  return { service, name, action: `${service}.${name}`, actor, form, authorization };
}

/** Does what was asked, or says why not, and journals it under the status given or its own. */
function perform(
  account: AwsAccount,
  journal: Journal,
  asked: Asked,
  o: { readonly cut?: boolean; readonly fault?: AwsError },
): Answer {
  const { service, name, action, actor } = asked;
  const requestId = randomUUID();
  let params: Record<string, unknown> = {};
  let answer: Answer;
  try {
    params = decodeQuery(asked.form);
    if (o.fault) throw o.fault;
    checkCredential(service, credentialOf(asked.authorization, asked.form), account);
    const result = account.perform(action, params, actor);
    answer = { requestId, status: 200, body: resultXml(service, name, result, requestId) };
  } catch (error) {
    const refusal =
      error instanceof AwsError
        ? error
        : new AwsError('InternalFailure', `The sandbox failed: ${String(error)}`, 500);
    answer = { requestId, status: refusal.status, body: errorXml(service, refusal, requestId) };
  }
  const dryRun = params['DryRun'] === true;
  journal.add({
    world: 'aws',
    actor,
    action,
    params,
    ...(dryRun ? { dryRun } : {}),
    status: o.cut ? 0 : answer.status,
    mutating: isMutating(action) && !dryRun,
    source: 'http',
  });
  return answer;
}

/** Records a request that is neither performed nor answered. */
function noteLost(journal: Journal, asked: Asked): void {
  const { action, actor } = asked;
  let params: unknown;
  try {
    params = decodeQuery(asked.form);
  } catch {
    params = Object.fromEntries(asked.form);
  }
  const mutating = isMutating(action);
  journal.add({ world: 'aws', actor, action, params, status: 0, mutating, source: 'http' });
}

async function answer(
  account: AwsAccount,
  o: AwsEndpointOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = await read(account, request);
  const send = ({ requestId, status, body }: Answer): void => {
    response.writeHead(status, { 'Content-Type': 'text/xml', 'x-amzn-requestid': requestId });
    response.end(body);
  };
  const rule = o.faults.take({ world: 'aws', text: asked.action });
  switch (rule?.kind) {
    case 'status':
      return send(perform(account, o.journal, asked, { fault: faultAnswer(rule) }));
    case 'cut':
      noteLost(o.journal, asked);
      request.socket.destroy();
      return;
    case 'hang':
      noteLost(o.journal, asked);
      return;
    case 'cut-after':
      perform(account, o.journal, asked, { cut: true });
      request.socket.destroy();
      return;
    case 'delay':
      o.clock.after(rule.delayMs ?? 0, () => send(perform(account, o.journal, asked, {})));
      return;
    case undefined:
      return send(perform(account, o.journal, asked, {}));
  }
}

/**
 * Puts an account on plain HTTP on the loopback: the Query protocol of ELBv2, EC2, IAM and STS on one
 * port, told apart by the Version of each request. Fault rules come first; every request is
 * journaled.
 */
export async function serveAws(account: AwsAccount, o: AwsEndpointOptions): Promise<AwsEndpoint> {
  // Node's five seconds would cut connections that a busy client is about to use again.
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    // A client that goes away in the middle of its request is no trouble of ours.
    answer(account, o, request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(o.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
