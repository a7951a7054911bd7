import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { HttpsProxyAgent } from 'hpagent';
import { type Proxy, proxyHost } from '../core/model/proxy.ts';

/** The connection through a proxy that is missing is the proxy's fault: said so, with its name. */
export class ProxyError extends Error {
  readonly code = 'EPROXY';
}

type Connected = (error: Error | null, socket: Duplex) => void;

/** A proxy as messages name it. */
export const proxyText = (proxy: Proxy): string =>
  `the proxy ${proxyHost(proxy.url)} (${proxy.from})`;

function proxyError(proxy: Proxy, error: Error): ProxyError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const status = /^Bad response: (\d+)/.exec(message)?.[1];
  const causes: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'refused the connection',
    ENOTFOUND: 'was not found by its name',
    EAI_AGAIN: 'could not be looked up by its name',
    ECONNRESET: 'cut the connection',
    EPIPE: 'cut the connection',
    ETIMEDOUT: 'did not answer',
    EHOSTUNREACH: 'cannot be reached',
    ENETUNREACH: 'cannot be reached',
  };
  const cause =
    status === '407'
      ? 'requires a user and a password (407)'
      : status !== undefined
        ? `refused to connect (status ${status})`
        : (causes[code] ?? `failed: ${message}`);
  return new ProxyError(`${proxyText(proxy)} ${cause}`);
}

/** Through an HTTP proxy to HTTPS servers, by CONNECT. */
class Tunnel extends HttpsProxyAgent {
  readonly #proxy: Proxy;
  readonly #closed: AbortController;

  constructor(proxy: Proxy, options: https.AgentOptions) {
    const closed = new AbortController();
    super({
      ...options,
      proxy: new URL(proxy.url),
      // A proxy that hangs must not keep the process: the CONNECT ends with the agent.
      proxyRequestOptions: { signal: closed.signal } as object,
    });
    this.#proxy = proxy;
    this.#closed = closed;
  }

  override createConnection(options: https.AgentOptions, connected: Connected): Duplex {
    const named: Connected = (error, socket) =>
      connected(error ? proxyError(this.#proxy, error) : null, socket);
    return super.createConnection(options, named) as Duplex;
  }

  override destroy(): void {
    this.#closed.abort();
    super.destroy();
  }
}

/** What Node's agents do with a request, and its types leave out. */
interface Requests {
  addRequest(request: http.ClientRequest, options: http.RequestOptions): void;
}

const addTo = (agent: http.Agent, request: http.ClientRequest, o: http.RequestOptions): void =>
  (agent as unknown as Requests).addRequest(request, o);

/** Through an HTTP proxy to HTTP servers: the request line has the whole URL (RFC 9112, 3.2.2). */
class Forwarding extends http.Agent {
  readonly #proxy: Proxy;

  constructor(proxy: Proxy) {
    super({ keepAlive: true });
    this.#proxy = proxy;
  }

  addRequest(request: http.ClientRequest, options: http.RequestOptions): void {
    const { hostname, port, protocol, username, password } = new URL(this.#proxy.url);
    const host = String(request.getHeader('host') ?? options.host ?? '');
    request.path = `http://${host}${request.path}`;
    if (username || password) {
      const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
      request.setHeader('proxy-authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
    }
    const to = {
      ...options,
      host: hostname,
      hostname,
      port: port || (protocol === 'https:' ? '443' : '80'),
    };
    (http.Agent.prototype as unknown as Requests).addRequest.call(this, request, to);
  }

  override createConnection(
    options: http.ClientRequestArgs,
    connected?: Connected,
  ): Duplex | undefined {
    const secure = this.#proxy.url.toLowerCase().startsWith('https:');
    const to = { ...(options as net.TcpNetConnectOpts), port: Number(options.port) };
    const socket = secure ? tls.connect({ ...to, servername: to.host ?? '' }) : net.connect(to);
    const failed = (error: Error): void =>
      connected?.(proxyError(this.#proxy, error), undefined as never);
    socket.once('error', failed);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.off('error', failed);
      connected?.(null, socket);
    });
    // Given by the callback: so the error is of the proxy before it is of the request.
    return undefined;
  }
}

/**
 * An agent that goes through an HTTP or HTTPS proxy, to HTTPS servers or to plain ones, keeping
 * connections. Raises ProxyError for a proxy of another kind.
 */
export function proxyAgent(proxy: Proxy, secure: boolean, options: https.AgentOptions): http.Agent {
  const readable = URL.canParse(proxy.url) && /^https?:/i.test(proxy.url);
  if (!readable) {
    throw new ProxyError(
      `${proxyText(proxy)} is not an HTTP proxy: write http:// or https://, host and port`,
    );
  }
  return secure ? new Tunnel(proxy, { ...options, keepAlive: true }) : new Forwarding(proxy);
}

/**
 * An agent that passes each request to another agent: `choose` is given the URL's origin. It is
 * destroyed with those in `carriers`.
 */
export function choosingAgent(
  secure: boolean,
  choose: (origin: string) => http.Agent,
  carriers: ReadonlyMap<string, http.Agent>,
): http.Agent {
  const Base = secure ? https.Agent : http.Agent;
  return new (class extends Base {
    addRequest(request: http.ClientRequest, options: http.RequestOptions): void {
      const host = options.host ?? options.hostname ?? 'localhost';
      const shown = host.includes(':') ? `[${host}]` : host;
      const origin = `${secure ? 'https' : 'http'}://${shown}:${options.port ?? (secure ? 443 : 80)}`;
      addTo(choose(origin), request, options);
    }

    override destroy(): void {
      for (const carrier of carriers.values()) carrier.destroy();
      super.destroy();
    }
  })();
}
