import http from 'node:http';
import https from 'node:https';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { answerOf, errorOf } from './answer.ts';
import { type Dialect, formOf } from './form.ts';
import { type Operation, operationOf } from './shape.ts';
import { signed } from './sign.ts';

/** A service that takes forms and answers in XML. */
export interface QueryService {
  /** First part of its hosts, such as `ec2`. */
  readonly host: string;
  readonly signingName: string;
  readonly version: string;
  readonly dialect: Dialect;
  /** The SDK's names of errors whose code is another: it is they that messages show. */
  readonly errorNames: ReadonlyMap<string, string>;
}

export interface QueryOptions {
  readonly region: string;
  /** Instead of AWS's own; nothing but scheme, host and port. */
  readonly endpoint?: string;
  readonly credentials: AwsCredentialIdentityProvider;
  readonly agents: { readonly httpAgent: http.Agent; readonly httpsAgent: https.Agent };
}

/** One call: made by the classes of elbv2.ts and ec2.ts, as `new DescribeVpcsCommand({…})`. */
export interface QueryCommand {
  readonly operation: Operation;
  readonly input: object;
}

/** The class of an operation's calls, made of the SDK's schema of it when it is first used. */
export function commandOf(schema: unknown): new (input: object) => QueryCommand {
  let operation: Operation | undefined;
  return class {
    readonly operation = (operation ??= operationOf(schema));
    readonly input: object;
    constructor(input: object) {
      this.input = input;
    }
  };
}

/** AWS takes a signature for five minutes; a clock that is so far off is told from AWS's. */
const CLOCK_OFF_MS = 240_000;

/**
 * A client of one service in one region, with what the SDK's has and nlbmc uses: it loads in a tenth of the
 * time. `send` rejects with errors that have the SDK's names and fields (`thrown.ts`).
 */
export class QueryClient {
  readonly #service: QueryService;
  readonly #o: QueryOptions;
  readonly #url: URL;
  /** What AWS's clock is ahead of this machine's. */
  #aheadMs = 0;

  constructor(service: QueryService, o: QueryOptions) {
    this.#service = service;
    this.#o = o;
    this.#url = new URL(o.endpoint ?? `https://${service.host}.${o.region}.amazonaws.com`);
  }

  async send(
    { operation, input }: QueryCommand,
    { abortSignal }: { readonly abortSignal: AbortSignal },
  ): Promise<object> {
    const { dialect, version, signingName, errorNames } = this.#service;
    const body = formOf(operation, input, version, dialect);
    const keys = await this.#o.credentials();
    const time = new Date(Date.now() + this.#aheadMs);
    const { host } = this.#url;
    const headers = signed({ host, region: this.#o.region, signingName, body }, keys, time);
    const { status, date, text } = await this.#post(body, headers, abortSignal);
    try {
      if (status < 300) return answerOf(operation, text, dialect);
      const { code, message } = errorOf(status, text);
      throw Object.assign(new Error(message), { name: errorNames.get(code) ?? code });
    } catch (error) {
      const clockSkewCorrected = status >= 300 && this.#setClock(date, time);
      throw Object.assign(error as Error, {
        $metadata: { httpStatusCode: status, clockSkewCorrected },
      });
    }
  }

  /** Nothing of its own to close: the agents are of all clients. */
  destroy(): void {
    this.#o.agents.httpAgent.destroy();
    this.#o.agents.httpsAgent.destroy();
  }

  /** Whether the request was signed with a time that AWS does not take; the next one is not. */
  #setClock(date: string | undefined, signedAt: Date): boolean {
    const there = Date.parse(date ?? '');
    if (!(Math.abs(there - signedAt.getTime()) >= CLOCK_OFF_MS)) return false;
    this.#aheadMs = there - Date.now();
    return true;
  }

  #post(body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal) {
    const { protocol, hostname, port } = this.#url;
    const secure = protocol === 'https:';
    const { httpAgent, httpsAgent } = this.#o.agents;
    return new Promise<{ status: number; date: string | undefined; text: string }>(
      (resolve, reject) => {
        const request = (secure ? https : http).request({
          method: 'POST',
          host: hostname.replace(/^\[(.*)\]$/, '$1'),
          ...(port && { port: Number(port) }),
          path: '/',
          headers: {
            ...headers,
            'content-length': Buffer.byteLength(body),
            'user-agent': 'nlbmc',
          },
          agent: secure ? httpsAgent : httpAgent,
          signal,
        });
        request.on('error', reject);
        request.on('response', (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('error', reject);
          answer.on('end', () => {
            const text = Buffer.concat(parts).toString();
            resolve({ status: answer.statusCode ?? 0, date: answer.headers.date, text });
          });
        });
        request.end(body);
      },
    );
  }
}
