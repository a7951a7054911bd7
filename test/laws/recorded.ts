import http from 'node:http';
import https from 'node:https';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { Sandbox } from '../../src/sandbox/server.ts';
import type { Sending } from '../commands/exchange.ts';
import { hear } from '../commands/in-process.ts';

/** A request that could change something: to which server, and at which simulated millisecond. */
interface Write extends Sending {
  readonly to: string;
  readonly ms: number;
}

/** What was written to a practice world, and when the last thing that it caused was over. */
export interface Recording {
  readonly writes: readonly Write[];
  readonly endMs: number;
}

/** The entries of a practice kubeconfig: a cluster and its user have one place in their lists. */
interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: { server: string } }[];
  readonly users: readonly { readonly user: { token: string } }[];
}

interface Server {
  readonly url: string;
  readonly authorization?: string;
}

/** By the ARN of a cluster, or `aws`. Addresses and tokens are another sandbox's each time. */
function serversOf({ kubeconfig, env }: Sandbox): ReadonlyMap<string, Server> {
  const { clusters, users } = load(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  return new Map<string, Server>([
    ['aws', { url: env['AWS_ENDPOINT_URL'] ?? '' }],
    ...clusters.map(({ name, cluster }, i): [string, Server] => [
      name,
      { url: cluster.server, authorization: `Bearer ${users[i]?.user.token}` },
    ]),
  ]);
}

/** A dry run, too: it takes its share of the random numbers. */
const mayWrite = ({ method, body }: Sending): boolean =>
  method !== 'GET' && !/^Action=(Describe|Get)/.test(body ?? '');

/** Does `act`, and gives what this process wrote to the practice world meanwhile. */
export async function recorded(sandbox: Sandbox, act: () => Promise<void>): Promise<Recording> {
  const { clock } = sandbox.world;
  const servers = serversOf(sandbox);
  const written: Write[] = [];
  for (const [to, { url }] of servers)
    hear(url, (sending) => {
      if (mayWrite(sending)) written.push({ to, ms: clock.time(), ...sending });
    });
  await act();
  for (const { url } of servers.values()) hear(url);
  return { writes: written, endMs: clock.time() };
}

/** The status with which a request is answered. */
const send = (server: Server, { method, path, headers, body }: Sending): Promise<number> =>
  new Promise((resolve, reject) => {
    const url = new URL(path, server.url);
    const { authorization = headers['authorization'] ?? '' } = server;
    const { request } = url.protocol === 'https:' ? https : http;
    request(url, { method, headers: { ...headers, authorization } }, (answer) => {
      answer.resume().once('close', () => resolve(answer.statusCode ?? 0));
    })
      .once('error', reject)
      .end(body);
  });

/**
 * Sends a recording to a practice world that was then as this one is now: with the same random numbers, the
 * same clock and the same history. Afterwards it is as that one was at the end.
 */
export async function replay(sandbox: Sandbox, { writes, endMs }: Recording): Promise<void> {
  const { clock } = sandbox.world;
  const servers = serversOf(sandbox);
  for (const { to, ms, ...sending } of writes) {
    clock.advanceTo(ms);
    const status = await send(servers.get(to) as Server, sending);
    if (status >= 300) throw new Error(`${sending.method} ${sending.path} was answered ${status}`);
  }
  clock.advanceTo(endMs);
}
