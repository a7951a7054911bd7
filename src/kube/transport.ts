import http from 'node:http';
import https from 'node:https';
import type { Failure } from './failure.ts';
import { parseObject, type Json } from './json.ts';

/** One request as it goes out. */
export interface Outgoing {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  /** The answer is text (a log), given as the field `text`; else it is a JSON object. */
  readonly text?: boolean;
  readonly agent: http.Agent;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export type Answer =
  | { readonly ok: true; readonly body: Json }
  | { readonly ok: false; readonly failure: Failure };

/** Above any line of a watch, which is one object: at most 1.5 MiB in etcd, and some more as JSON. */
const largestLine = 4 * 1024 * 1024;

/** Far above any page of 500 objects (an object is at most 1.5 MiB in etcd, and few come near). */
const largestAnswer = 64 * 1024 * 1024;

/** Sends one request once. Never rejects: every way to fail is a Failure. */
export async function send(outgoing: Outgoing): Promise<Answer> {
  if (outgoing.signal?.aborted) return fail({ kind: 'interrupted' });
  const timeout = AbortSignal.timeout(outgoing.timeoutMs);
  const signal = outgoing.signal ? AbortSignal.any([outgoing.signal, timeout]) : timeout;
  try {
    const answer = await begun(outgoing, signal);
    const text = await textOf(answer);
    const { statusCode = 0 } = answer;
    if (statusCode < 200 || statusCode >= 300) return fail(refusal(answer, text));
    if (outgoing.text) return { ok: true, body: { text } };
    const body = parseObject(text);
    return body ? { ok: true, body } : fail({ kind: 'malformed', text: text.slice(0, 200) });
  } catch (error) {
    return fail(failureOf(error, outgoing, timeout));
  }
}

/**
 * Sends one request whose answer has no end: a line for each thing that happens, for as long as the server and
 * the network keep it open. `line` is told each. Gives why it ended: `over` where the server ended it in order. Never
 * rejects. The time of `outgoing` is for the beginning of the answer alone.
 */
export async function follow(
  outgoing: Outgoing,
  line: (text: string) => void,
): Promise<Failure | 'over'> {
  if (outgoing.signal?.aborted) return { kind: 'interrupted' };
  const slow = new AbortController();
  const timer = setTimeout(() => slow.abort(), outgoing.timeoutMs);
  const signal = outgoing.signal ? AbortSignal.any([outgoing.signal, slow.signal]) : slow.signal;
  try {
    const answer = await begun(outgoing, signal);
    if (answer.statusCode !== 200) return refusal(answer, await textOf(answer));
    clearTimeout(timer);
    await eachLine(answer, line);
    return 'over';
  } catch (error) {
    return failureOf(error, outgoing, slow.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Why a request came to no answer, by what went off first. */
function failureOf(error: unknown, { signal }: Outgoing, timeout: AbortSignal): Failure {
  if (signal?.aborted) return { kind: 'interrupted' };
  if (timeout.aborted) return { kind: 'timeout' };
  if (error instanceof TooLarge) return { kind: 'too-large' };
  const { code, message } = error as NodeJS.ErrnoException;
  return { kind: 'connection', code: code ?? 'unknown', message };
}

const fail = (failure: Failure): Answer => ({ ok: false, failure });

class TooLarge extends Error {}

/** What an answer says that is not good. */
function refusal({ statusCode = 0, headers }: http.IncomingMessage, text: string): Failure {
  const retryAfterMs = retryAfter(headers['retry-after']);
  return {
    kind: 'status',
    status: statusCode,
    body: parseObject(text),
    text: text.slice(0, 500),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Seconds only: a Kubernetes API server sends no dates there. */
const retryAfter = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d+$/.test(header) ? Number(header) * 1000 : undefined;

/** The answer as soon as it begins. Rejects where none does, also when `signal` aborts. */
function begun(outgoing: Outgoing, signal: AbortSignal): Promise<http.IncomingMessage> {
  const { request } = outgoing.url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(
      outgoing.url,
      {
        method: outgoing.method,
        headers: {
          ...outgoing.headers,
          // Node leaves it out for DELETE, and the server would read the body as the next request.
          ...(outgoing.body !== undefined && {
            'content-length': Buffer.byteLength(outgoing.body),
          }),
        },
        agent: outgoing.agent,
        signal,
      },
      resolve,
    );
    sent.on('error', reject);
    // A request that still waits for its connection (a proxy hangs) says nothing when it is aborted.
    const aborted = (): void => reject(new Error('aborted'));
    signal.addEventListener('abort', aborted, { once: true });
    sent.on('close', () => {
      // The session's end aborts its signal, and would make an error for each request of it.
      signal.removeEventListener('abort', aborted);
      // An answer that is none (101, without an upgrade) has no other end; else this comes too late to count.
      reject(new Error('the connection was closed without an answer'));
    });
    sent.end(outgoing.body);
  });
}

/** All of an answer. */
function textOf(answer: http.IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    answer.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > largestAnswer) answer.destroy(new TooLarge());
      else chunks.push(chunk);
    });
    answer.on('error', reject);
    answer.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}

/** Tells each line of an answer as it comes; what has no end of line is kept back. */
function eachLine(answer: http.IncomingMessage, line: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let rest: string[] = [];
    let size = 0;
    answer.setEncoding('utf8');
    answer.on('data', (text: string) => {
      const [first = '', ...more] = text.split('\n');
      rest.push(first);
      for (const next of more) {
        line(rest.join(''));
        rest = [next];
        size = 0;
      }
      size += rest.at(-1)?.length ?? 0;
      if (size > largestLine) answer.destroy(new TooLarge());
    });
    answer.on('error', reject);
    answer.on('end', resolve);
  });
}
