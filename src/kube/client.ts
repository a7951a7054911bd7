import type http from 'node:http';
import type { Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import { proxyText } from '../wire/proxy-agent.ts';
import { agentFor, proxyOf } from './agent.ts';
import type { Context } from './context.ts';
import type { Credential, CredentialSource } from './credential.ts';
import type { Failure, Subject } from './failure.ts';
import { type Json, parseObject } from './json.ts';
import type { KubeOptions } from './options.ts';
import { redactUrl } from '../core/model/redact.ts';
import { problemOf } from './problem.ts';
import { regionOfContext } from './region.ts';
import { attempts, delayBefore, isTransient } from './retry.ts';
import { type Answer, follow, type Outgoing, send } from './transport.ts';

/** A request, and what it is about. */
export interface KubeRequest {
  readonly subject: Subject;
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path with its query, from the server's root. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: unknown;
  /** The answer is text, not JSON: it comes as the field `text`. */
  readonly text?: boolean;
}

/** An answer, and whether an earlier attempt may have been carried out although it seemed to fail. */
export type KubeAnswer = Answer & { readonly repeated: boolean };

/** One cluster, as a context of the kubeconfig reaches it. Nothing is sent before the first request. */
export interface KubeClient {
  readonly context: string;
  readonly server: string;
  /** The AWS region of the cluster, where its context tells it. */
  readonly region?: string;
  /** Namespace of the context, `default` where it names none. */
  readonly namespace: string;
  readonly pageSize: number;
  /** Sends a request, again where that may help. Never rejects. */
  send(request: KubeRequest): Promise<KubeAnswer>;
  /** The same, with a failure turned into a Problem. */
  read(request: KubeRequest): Promise<Reading<Json>>;
  /**
   * Sends a request once whose answer has no end, and tells each object of it until `signal` aborts; gives why it
   * ended. Never rejects. It takes no turn: it would keep it.
   */
  follow(
    request: KubeRequest,
    told: (event: Json) => void,
    signal: AbortSignal,
  ): Promise<Failure | 'over'>;
  problem(failure: Failure, subject: Subject): ReturnType<typeof problemOf>;
  /** Closes idle connections. */
  close(): void;
}

/** A client for a context; `source` is shared by contexts with the same user. */
export function clientFor(context: Context, source: CredentialSource, o: KubeOptions): KubeClient {
  const proxy = proxyOf(context, o.env);
  const place = {
    context: context.name,
    server: redactUrl(context.server),
    requestTimeoutMs: o.requestTimeoutMs,
    ...(proxy && { through: proxyText(proxy) }),
  };
  const agents = agentsFor(context, o.env);

  /** The request as it goes out, and with whose credential. */
  const ready = async (
    request: KubeRequest,
  ): Promise<Reading<{ readonly outgoing: Outgoing; readonly used: Credential }>> => {
    const credential = await source.get();
    if (!credential.ok) return credential;
    const agent = await agents.get(credential.value);
    if (!agent.ok) return agent;
    const outgoing: Outgoing = {
      method: request.method ?? 'GET',
      url: `${context.server}${request.path}`,
      headers: headersFor(request, credential.value, context, o),
      agent: agent.value,
      timeoutMs: o.requestTimeoutMs,
      ...(request.text && { text: true }),
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
      ...(o.signal && { signal: o.signal }),
    };
    return known({ outgoing, used: credential.value });
  };

  const attempt = async (request: KubeRequest): Promise<{ answer: Answer; used?: Credential }> => {
    const made = await ready(request);
    if (!made.ok) return { answer: { ok: false, failure: noCredential(made.problem) } };
    const { outgoing, used } = made.value;
    // Here, and not around the retries or the credential: what holds a turn waits for nothing but its answer.
    const answer = o.inTurn ? await o.inTurn(() => send(outgoing)) : await send(outgoing);
    return { answer, used };
  };

  const sendWell = async (request: KubeRequest): Promise<KubeAnswer> => {
    let renewed = false;
    let repeated = false;
    for (let n = 1; ; n += 1) {
      const { answer, used } = await attempt(request);
      if (answer.ok) return { ...answer, repeated };
      const { failure } = answer;
      // A token may end before its time (a clock that is off, a revoked session): make one more.
      if (failure.kind === 'status' && failure.status === 401 && used && !renewed) {
        renewed = true;
        if (source.renew(used)) continue;
      }
      if (n >= attempts || !isTransient(failure)) return { ...answer, repeated };
      const delayMs = delayBefore(n, failure);
      const { message } = problemOf(failure, request.subject, place);
      o.emit({ kind: 'retrying', text: message, delayMs });
      await o.sleep(delayMs, o.signal);
      if (o.signal?.aborted) return { ok: false, failure: { kind: 'interrupted' }, repeated };
      repeated = true;
    }
  };

  const region = regionOfContext(context);
  return {
    context: context.name,
    server: redactUrl(context.server),
    ...(region === undefined ? {} : { region }),
    namespace: context.namespace,
    pageSize: o.pageSize ?? 500,
    send: sendWell,
    async read(request) {
      const answer = await sendWell(request);
      return answer.ok
        ? known(answer.body)
        : unknown(problemOf(answer.failure, request.subject, place));
    },
    async follow(request, told, signal) {
      const made = await ready(request);
      if (!made.ok) return noCredential(made.problem);
      const { outgoing } = made.value;
      const both = outgoing.signal ? AbortSignal.any([outgoing.signal, signal]) : signal;
      return follow({ ...outgoing, signal: both }, (line) => {
        const event = parseObject(line);
        if (event) told(event);
      });
    },
    problem: (failure, subject) => problemOf(failure, subject, place),
    close: () => agents.close(),
  };
}

const noCredential = (problem: ReturnType<typeof problemOf>): Failure => ({
  kind: 'no-credential',
  problem,
});

/** One agent for each client certificate: a renewed one needs a new connection. */
function agentsFor(
  context: Context,
  env: KubeOptions['env'],
): {
  get(credential: Credential): Promise<Reading<http.Agent>>;
  close(): void;
} {
  const made = new Map<string, Promise<Reading<http.Agent>>>();
  return {
    get(credential) {
      const key = credential.cert?.toString() ?? '';
      const agent = made.get(key) ?? agentFor(context, credential, env);
      made.set(key, agent);
      return agent;
    },
    close() {
      for (const agent of made.values()) {
        void agent.then((ready) => ready.ok && ready.value.destroy());
      }
    },
  };
}

function headersFor(
  request: KubeRequest,
  credential: Credential,
  context: Context,
  o: KubeOptions,
): Outgoing['headers'] {
  const { user } = context;
  const as = o.as ?? user['as'];
  const groups = o.as === undefined ? user['as-groups'] : o.asGroups;
  return {
    accept: request.text ? 'text/plain, */*' : 'application/json',
    'user-agent': 'nlbmc',
    ...(request.body !== undefined && {
      'content-type': request.contentType ?? 'application/json',
    }),
    ...(credential.authorization && { authorization: credential.authorization }),
    ...(typeof as === 'string' && as && { 'impersonate-user': as }),
    ...(Array.isArray(groups) && groups.length > 0 && { 'impersonate-group': groups as string[] }),
  };
}
