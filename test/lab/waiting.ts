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

/** Acts on each in their order, on `most` of them at a time. */
export async function atMost<T>(
  most: number,
  all: readonly T[],
  act: (one: T) => Promise<void>,
): Promise<void> {
  const rest = [...all];
  const lane = async (): Promise<void> => {
    for (let one = rest.shift(); one !== undefined; one = rest.shift()) await act(one);
  };
  await Promise.all(Array.from({ length: most }, lane));
}

/** What went wrong, and where. */
export const described = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

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
