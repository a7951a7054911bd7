import type { Socket } from 'node:net';

/** What is known of a connection while it is open. */
export interface Connection {
  readonly socket: Socket;
  readonly listenerArn: string;
  readonly groupArn: string;
  readonly targetKey: string;
  /** The pod at its other end; none for one that no pod accepts. */
  readonly podUid?: string;
}

/** The connections that are open, so that they can be ended. */
export class Connections {
  readonly #open = new Set<Connection>();

  get size(): number {
    return this.#open.size;
  }

  add(connection: Connection): void {
    this.#open.add(connection);
    connection.socket.once('close', () => this.#open.delete(connection));
  }

  /** Resets all that `wanted` picks, as a load balancer ends connections. */
  cut(wanted: (connection: Connection) => boolean): void {
    for (const connection of this.#open) {
      if (wanted(connection)) connection.socket.resetAndDestroy();
    }
  }

  /** Closes those of a pod, as the kernel does when its process ends. */
  end(podUid: string): void {
    for (const connection of this.#open) {
      if (connection.podUid === podUid) connection.socket.destroy();
    }
  }
}
