import { createServer, type AddressInfo } from 'node:net';

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, ms));

/** Asks every `everyMs` until `ok`; throws naming `what` after `withinMs`. What `ok` throws passes. */
export async function waitFor(
  what: string,
  ok: () => Promise<boolean> | boolean,
  withinMs: number,
  everyMs = 200,
): Promise<void> {
  for (const end = Date.now() + withinMs; ;) {
    if (await ok()) return;
    if (Date.now() > end) throw new Error(`${what}: not within ${withinMs / 1_000} s`);
    await sleep(everyMs);
  }
}

/**
 * A port of the loopback that nobody listens on. A program told to listen there may still find it
 * taken; the lab then fails with its log.
 */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
}
