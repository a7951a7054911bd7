import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Relay {
  readonly port: number;
  close(): void;
}

/**
 * Passes connections on to a port of this machine, as if it were `roundTripMs` away: half of it for
 * what goes there, half for what comes back, and one round trip for the connection itself.
 */
export function startRelay(to: number, roundTripMs: number): Promise<Relay> {
  const open = new Set<Socket>();
  // What has been said by one end, the other end still answers.
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [near, far]) {
      open.add(socket.setNoDelay());
      socket.on('close', () => open.delete(socket));
      socket.on('error', () => (near.destroy(), far.destroy()));
    }
    delayed(near, far, roundTripMs / 2, roundTripMs);
    delayed(far, near, roundTripMs / 2, 0);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const close = (): void => {
        server.close();
        for (const socket of open) socket.destroy();
      };
      resolve({ port, close });
    });
  });
}

/** Hands on each piece `ms` after it came, the first one `moreMs` later; in order. */
function delayed(from: Socket, to: Socket, ms: number, moreMs: number): void {
  const begun = performance.now() + moreMs;
  let last = Promise.resolve();
  const inTime = (act: () => void): void => {
    const due = Math.max(performance.now(), begun) + ms;
    last = last.then(() => sleep(Math.max(0, due - performance.now()))).then(act);
  };
  from.on('data', (piece) => inTime(() => to.write(piece)));
  from.on('end', () => inTime(() => to.end()));
}
