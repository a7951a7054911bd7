import { EventEmitter } from 'node:events';
import type http from 'node:http';
import type { IncomingMessage, RequestOptions, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

/** Lower-case names, as a receiver has them. */
type Headers = Record<string, string>;
type Given = Readonly<Record<string, string | number | readonly string[] | undefined>>;

function received(given: Given | undefined): Headers {
  const headers: Headers = {};
  for (const [name, value] of Object.entries(given ?? {}))
    if (value !== undefined)
      headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
  return headers;
}

const hangUp = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

/** An answer as the client reads it. */
export class Answer extends Readable {
  readonly statusMessage = '';
  readonly statusCode: number;
  readonly headers: Headers;

  constructor(statusCode: number, headers: Headers) {
    super();
    this.statusCode = statusCode;
    this.headers = headers;
  }

  // What the server writes is pushed as it comes.
  override _read(): void {}
}

/** An answer as the server writes it. */
export class Response extends EventEmitter {
  destroyed = false;
  readonly #sent: Sent;
  #answer: Answer | undefined;
  #headers: Headers = {};
  #status = 200;

  constructor(sent: Sent) {
    super();
    this.#sent = sent;
  }

  setHeader(name: string, value: string | readonly string[]): void {
    Object.assign(this.#headers, received({ [name]: value }));
  }

  writeHead(status: number, headers?: Given): void {
    this.#status = status;
    Object.assign(this.#headers, received(headers));
  }

  flushHeaders(): void {
    if (this.#answer) return;
    this.#answer = new Answer(this.#status, this.#headers);
    this.#sent.respond(this.#answer);
  }

  write(text: string): void {
    if (this.destroyed) return;
    this.flushHeaders();
    this.#answer?.push(text);
  }

  end(text?: string): void {
    if (this.destroyed) return;
    if (text !== undefined) this.write(text);
    this.flushHeaders();
    this.#answer?.push(null);
    this.#over();
  }

  /** Cuts the connection. */
  destroy(): void {
    if (this.destroyed) return;
    this.#over();
    this.#sent.destroy();
  }

  /** The client has gone away, or has all of it. */
  #over(): void {
    this.destroyed = true;
    this.emit('close');
  }

  gone(): void {
    if (!this.destroyed) this.#over();
  }
}

/** Whether a request for this path is a watch. */
export const isWatch = ({ path = '' }: { readonly path?: string }): boolean =>
  /[?&]watch=true/.test(path);

/** A request as it is sent. */
export interface Sending {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Where a request goes. */
export interface Place {
  /** Watches arrive; else they are refused, as to a person without the right, and no one is told. */
  watches?: boolean;
  /** Is told of each request before it arrives. */
  heard?: ((sending: Sending) => void) | undefined;
  readonly server: Pick<http.Server, 'emit'>;
  /** What a server has not answered yet: its end cuts it. */
  readonly open: Set<Response>;
}

/** A request as the client holds it. Each way takes a turn of the event loop, as with a socket. */
export class Sent extends EventEmitter {
  readonly #at: Place;
  readonly #options: RequestOptions;
  readonly #abort = (): void => {
    this.destroy(Object.assign(new Error('The operation was aborted'), { code: 'ABORT_ERR' }));
  };
  #response: Response | undefined;
  #answer: Answer | undefined;
  #over = false;

  constructor(at: Place, options: RequestOptions) {
    super();
    this.#at = at;
    this.#options = options;
    options.signal?.addEventListener('abort', this.#abort, { once: true });
  }

  get method(): string {
    return this.#options.method ?? 'GET';
  }

  get path(): string {
    return this.#options.path ?? '/';
  }

  end(body?: string | Buffer): void {
    if (!this.#at.watches && isWatch(this)) return this.#refuse();
    this.#at.heard?.({
      method: this.method,
      path: this.path,
      headers: received(this.#options.headers as Given),
      body: body?.toString(),
    });
    setImmediate(() => this.#arrive(body === undefined ? [] : [Buffer.from(body)]));
  }

  #arrive(chunks: readonly Buffer[]): void {
    if (this.#over) return;
    const { method = 'GET', path, host, port, headers } = this.#options;
    const response = new Response(this);
    this.#response = response;
    const { server, open } = this.#at;
    open.add(response);
    response.once('close', () => open.delete(response));
    const message = {
      method,
      url: path,
      headers: { host: `${host}:${port}`, ...received(headers as Given) },
      socket: { destroy: () => response.destroy() },
      async *[Symbol.asyncIterator]() {
        yield* chunks;
      },
    };
    const [at, back] = [message, response] as unknown as [IncomingMessage, ServerResponse];
    server.emit('request', at, back);
  }

  #refuse(): void {
    const answer = new Answer(403, {});
    this.respond(answer);
    answer.push(null);
  }

  respond(answer: Answer): void {
    setImmediate(() => {
      if (this.#over) return;
      this.#answer = answer;
      this.emit('response', answer);
      answer.once('close', () => this.#end());
    });
  }

  destroy(error: Error = hangUp()): void {
    if (this.#over) return;
    this.#end();
    this.#response?.gone();
    this.#answer?.destroy(error);
    process.nextTick(() => this.emit('error', error));
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.signal?.removeEventListener('abort', this.#abort);
    process.nextTick(() => this.emit('close'));
  }

  /** No socket, no silence on it. */
  setTimeout(): void {}
}
