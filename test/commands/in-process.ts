import { readFileSync } from 'node:fs';
import http, { type RequestOptions } from 'node:http';
import https from 'node:https';
import { type Answer, type Place, type Response, type Sending, Sent } from './exchange.ts';

/** A server of this process. */
interface Known extends Place {
  /** Whether it is asked without sockets. */
  near: boolean;
}

/**
 * By port. It hangs at Node's own object, since a test file with modules of its own loads this again.
 */
const PLACE = Symbol.for('nlbmc.test.servers');
const shared = http.Server as unknown as { [PLACE]?: Map<number, Known> };
const servers = (shared[PLACE] ??= knowServers());

function knowServers(): Map<number, Known> {
  const known = new Map<number, Known>();
  for (const { Server } of [http, https]) {
    type Listen = (...args: unknown[]) => http.Server;
    const listen = Reflect.get(Server.prototype, 'listen') as Listen;
    Server.prototype.listen = function (this: http.Server, ...args: unknown[]): http.Server {
      this.once('listening', () => {
        const address = this.address();
        if (typeof address !== 'object' || !address) return;
        const open = new Set<Response>();
        known.set(address.port, { server: this, open, near: false });
        this.once('close', () => {
          known.delete(address.port);
          for (const response of open) response.destroy();
        });
      });
      return Reflect.apply(listen, this, args);
    };
  }
  for (const protocol of [http, https]) {
    const { request } = protocol;
    protocol.request = ((...args: unknown[]): unknown => {
      const [first, ...rest] = args;
      const url = typeof first === 'string' || first instanceof URL ? new URL(first) : undefined;
      const options = (url ? rest[0] : first) as RequestOptions;
      const host = url?.hostname ?? options.host ?? '';
      const port = Number(url?.port ?? options.port);
      const at = host === '127.0.0.1' ? known.get(port) : undefined;
      if (!at?.near) return Reflect.apply(request, protocol, args);
      const place = url && { host, port, path: `${url.pathname}${url.search}` };
      const sent = new Sent(at, { ...options, ...place });
      const heard = rest.at(-1);
      if (typeof heard === 'function') sent.once('response', heard as (answer: Answer) => void);
      return sent;
    }) as typeof request;
  }
  return known;
}

/**
 * From now on requests of this process to these servers of this process go there without sockets,
 * without TLS, too, which are half of what a run costs: for tests of other things. What each side makes
 * of requests, answers and cut connections is its own code; other processes still connect.
 */
export function inProcess(urls: readonly string[], watches = false): void {
  for (const url of urls) {
    const known = servers.get(Number(new URL(url).port));
    if (known) Object.assign(known, { near: true, watches });
  }
}

/**
 * The same for all of a practice world. Without `watches`, a wait ends as it does for a person who may not watch:
 * a watch only makes it shorter, and when its events arrive is not the same each time.
 */
export function worldInProcess(
  world: { readonly kubeconfig: string; readonly env: Readonly<Record<string, string>> },
  watches = false,
): void {
  const addresses = readFileSync(world.kubeconfig, 'utf8').match(/\bhttps?:\/\/127\.0\.0\.1:\d+/g);
  inProcess([world.env['AWS_ENDPOINT_URL'] ?? '', ...(addresses ?? [])], watches);
}

/** From now on tells `heard` what this process sends to that server without sockets; nothing without it. */
export function hear(url: string, heard?: (sending: Sending) => void): void {
  const known = servers.get(Number(new URL(url).port));
  if (known) known.heard = heard;
}
