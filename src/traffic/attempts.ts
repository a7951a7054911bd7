import type { ConnectTo } from '../core/model/connect-to.ts';
import { marksOf } from '../core/traffic/answer-marks.ts';
import type { Attempt, Identify, TrafficPort } from '../core/plan/traffic.ts';
import { addressBook } from './addresses.ts';
import { openConnection, type Speech } from './connection.ts';
import { failed } from './failure.ts';

/** How connections are made. */
export interface TrafficOptions {
  readonly connectTo: readonly ConnectTo[];
  /** For one connection, its answer included. */
  readonly timeoutMs: number;
  readonly identify?: Identify;
  /** In the path of every request; with the connection's number it is unique. */
  readonly token: string;
  /** Not HTTP: what is sent, and what has to come back. */
  readonly plain?: { readonly send?: string; readonly expect?: RegExp };
  readonly serverName?: string;
  /** Authorities to trust, as PEM, instead of Node's own. */
  readonly ca?: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** The most connections that are open at a time. */
const width = 20;

/** Connections of one run: opened a bounded number at a time, all given up at once on abort. */
export interface Attempts {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly made: readonly Attempt[];
  /** Opens one connection to a port, as soon as there is room for it. */
  open(port: TrafficPort): Promise<void>;
  /** Resolves when all are done. */
  settled(): Promise<void>;
  /** Stops listening to the signal. */
  close(): void;
}

/** Gathers the connections of a run. */
export function newAttempts(o: TrafficOptions): Attempts {
  const startedAt = o.now();
  const addresses = addressBook(o.connectTo, o.now);
  const made: Attempt[] = [];
  const running = new Set<Promise<void>>();
  const giveUps = new Set<() => void>();
  let next = 0;
  const onAbort = (): void => {
    for (const giveUp of giveUps) giveUp();
  };
  o.signal?.addEventListener('abort', onAbort, { once: true });

  const attempt = async (id: number, port: TrafficPort): Promise<void> => {
    const startedMs = o.now() - startedAt;
    const about = { id, port: port.port, startedMs };
    const place = await addresses(port.host, port.port, id);
    if (!place.ok) {
      made.push({ ...about, totalMs: 0, result: failed('dns', place.detail) });
      return;
    }
    if (o.signal?.aborted) return;
    const { address } = place;
    const [exchange, giveUp] = openConnection({
      address,
      port: place.port,
      ...secureFor(port, o),
      speech: speechFor(id, port, o),
      timeoutMs: o.timeoutMs,
      now: o.now,
      marks: (answer) => marksOf(o.identify, answer),
    });
    giveUps.add(giveUp);
    made.push({ ...about, address, ...(await exchange) });
    giveUps.delete(giveUp);
  };

  return {
    startedAt,
    made,
    async open(port) {
      while (running.size >= width) await Promise.race(running);
      if (o.signal?.aborted) return;
      const one = attempt(next++, port).finally(() => running.delete(one));
      running.add(one);
    },
    async settled() {
      await Promise.all(running);
    },
    close: () => o.signal?.removeEventListener('abort', onAbort),
  };
}

function secureFor(
  port: TrafficPort,
  o: TrafficOptions,
): { tls?: { serverName: string; ca?: string } } {
  if (port.protocol !== 'TLS') return {};
  return {
    tls: { serverName: o.serverName ?? port.host, ...(o.ca === undefined ? {} : { ca: o.ca }) },
  };
}

function speechFor(id: number, port: TrafficPort, o: TrafficOptions): Speech {
  if (o.plain) return { kind: 'plain', ...o.plain };
  const host = o.serverName ?? port.host;
  const usual = port.port === (port.protocol === 'TLS' ? 443 : 80);
  const path = o.identify?.kind === 'logs' ? `/${o.token}-${id}` : '/';
  return { kind: 'http', path, host: usual ? host : `${host}:${port.port}` };
}
