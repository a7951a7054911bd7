import { createServer, type AddressInfo, type Server } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { AwsAccount } from '../aws/account.ts';
import type { Clock } from '../time/clock.ts';
import { Connections } from './connections.ts';
import { handOn, type Listening, type TrafficCluster } from './hand-on.ts';
import { podServer } from './pod-server.ts';

/** More than this at once are reset: a practice world shall not eat the machine. */
const MOST_CONNECTIONS = 4_000;
/** For clients that open many at once; the kernel may make it less. */
const BACKLOG = 1_024;
const SERVED = ['TCP', 'TLS', 'TCP_UDP'];

/** Where clients find load balancers: DNS name -> listener port -> `127.0.0.1:port`. */
export type Addresses = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The data plane: load balancers that take connections on the loopback. */
export interface Traffic {
  /** Listeners that are open now. Those for UDP and QUIC alone never are. */
  addresses(): Addresses;
  /** Resolves when all listeners that exist now are open. Rejects when one cannot be opened. */
  ready(): Promise<void>;
  /** How many connections are open. */
  readonly connections: number;
  /** Closes all listeners and resets all connections. */
  close(): Promise<void>;
}

interface Open {
  readonly server: Server;
  readonly listening: Promise<void>;
  /** How many connections it took. */
  turn: number;
}

/** A server that is about to open would open after a close that comes too early. */
const shut = ({ server, listening }: Open): Promise<unknown> =>
  listening.then(
    () => new Promise((resolve) => server.close(resolve)),
    () => undefined,
  );

/**
 * Opens a server on 127.0.0.1 for each listener of each load balancer of the account, now and as
 * they come, and closes it when its listener is deleted. `changed` is called with the addresses at
 * each change. TLS listeners need `tls` (PEM texts) and refuse everybody without.
 */
export function startTraffic(o: {
  readonly aws: AwsAccount;
  readonly clusters: Iterable<TrafficCluster>;
  readonly clock: Clock;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly changed?: (addresses: Addresses) => void;
}): Traffic {
  const { aws, clock, changed } = o;
  const clusters = [...o.clusters];
  const open = new Map<string, Open>();
  const closing = new Set<Promise<unknown>>();
  const connections = new Connections();
  // As in the API server: nothing is verified here, and Node 20 parses no authorities.
  const tls = o.tls && createSecureContext({ key: o.tls.key, cert: o.tls.cert, ca: [] });
  const around = { clusters, clock, connections, serve: podServer(tls), tls };
  let closed = false;

  const listeners = (): Listening[] =>
    aws.balancers.flatMap((balancer) =>
      balancer.listeners
        .filter(({ protocol }) => SERVED.includes(protocol))
        .map((listener) => ({ balancer, listener })),
    );

  const addresses = (): Addresses => {
    const result: Record<string, Record<string, string>> = {};
    for (const { balancer, listener } of listeners()) {
      const address = open.get(listener.arn)?.server.address() as AddressInfo | null | undefined;
      if (!address) continue;
      (result[balancer.dnsName] ??= {})[listener.port] = `127.0.0.1:${address.port}`;
    }
    return result;
  };
  const tell = (): void => {
    if (!closed) changed?.(addresses());
  };

  const openListener = (arn: string): Open => {
    const server = createServer((socket) => {
      // Clients come and go as they like.
      socket.on('error', () => socket.destroy());
      const now = listeners().find(({ listener }) => listener.arn === arn);
      if (!now || connections.size >= MOST_CONNECTIONS) return void socket.resetAndDestroy();
      handOn(around, now, socket, one.turn++);
    });
    const listening = new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () => {
        tell();
        resolve();
      });
    });
    listening.catch(() => undefined);
    const one: Open = { server, listening, turn: 0 };
    return one;
  };

  const follow = (): void => {
    const wanted = new Set(listeners().map(({ listener }) => listener.arn));
    for (const [arn, one] of open) {
      if (wanted.has(arn)) continue;
      open.delete(arn);
      const end = shut(one);
      closing.add(end);
      void end.finally(() => closing.delete(end));
      connections.cut(({ listenerArn }) => listenerArn === arn);
    }
    for (const arn of wanted) if (!open.has(arn)) open.set(arn, openListener(arn));
    tell();
  };

  const stops = [
    aws.onTraffic((change) => {
      switch (change.kind) {
        case 'listeners':
          return follow();
        case 'cut':
          return connections.cut(
            ({ groupArn, targetKey }) =>
              groupArn === change.groupArn && targetKey === change.targetKey,
          );
      }
    }),
    ...clusters.map(({ kube }) =>
      kube.onChange('pods', ({ type, object }) => {
        if (type === 'DELETED') connections.end(object.metadata.uid ?? '');
      }),
    ),
  ];
  follow();

  return {
    addresses,
    async ready() {
      await Promise.all([...open.values()].map(({ listening }) => listening));
    },
    get connections() {
      return connections.size;
    },
    async close() {
      closed = true;
      for (const stop of stops) stop();
      connections.cut(() => true);
      const last = [...open.values()].map(shut);
      open.clear();
      await Promise.all([...closing, ...last]);
    },
  };
}
