import type { Sandbox } from '../../src/sandbox/server.ts';
import { ask, OpenConnection } from '../sandbox/traffic/connect.ts';

/** Connections that were open at a moment, and what became of them. */
export interface Held {
  /** Which cluster each one had at its other end. */
  readonly byCluster: Readonly<Record<string, number>>;
  /** Asks each once more, and counts by cluster those that still answer. */
  stillThere(): Promise<Readonly<Record<string, number>>>;
  close(): void;
}

/** A stream of connections to the one listener of a sandbox's load balancer. */
export class Stream {
  readonly #sandbox: Sandbox;
  /** New connections by what they came to: the cluster that answered, or the error. */
  readonly outcomes: Record<string, number> = {};

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** Opens new connections, one request each. */
  async open(count: number): Promise<void> {
    const address = await this.#address();
    for (let i = 0; i < count; i += 1) {
      const { cluster, error } = await ask(address, '/', 20_000);
      const outcome = cluster || error;
      this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
    }
  }

  /** Opens connections that stay open, after one request each. */
  async hold(count: number): Promise<Held> {
    const address = await this.#address();
    const open: { readonly connection: OpenConnection; readonly cluster: string }[] = [];
    for (let i = 0; i < count; i += 1) {
      const connection = new OpenConnection(address);
      open.push({ connection, cluster: clusterIn(await connection.ask()) });
    }
    return {
      byCluster: counted(open.map(({ cluster }) => cluster)),
      async stillThere() {
        const clusters: string[] = [];
        for (const { connection, cluster } of open) {
          const answered = connection.socket.closed ? '' : clusterIn(await connection.ask());
          if (answered === cluster) clusters.push(cluster);
        }
        return counted(clusters);
      },
      close: () => open.forEach(({ connection }) => connection.socket.destroy()),
    };
  }

  async #address(): Promise<string> {
    const { traffic } = this.#sandbox;
    await traffic.ready();
    const [ports] = Object.values(traffic.addresses());
    const [address] = Object.values(ports ?? {});
    if (address === undefined) throw new Error('no listener is open');
    return address;
  }
}

const clusterIn = (body: string): string => / of (\S+)/.exec(body)?.[1] ?? '';

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
