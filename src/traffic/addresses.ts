import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type ConnectTo, destinationOf } from '../core/model/connect-to.ts';

/** Where a connection goes, or why that is not known. */
export type Place =
  | { readonly ok: true; readonly address: string; readonly port: number }
  | { readonly ok: false; readonly detail: string };

/** Addresses of a load balancer change while zones come and go: DNS keeps them for a minute. */
const keptMs = 30_000;

/**
 * Finds the address of each connection: that of --connect-to, else by DNS. A name with several
 * addresses (one for each zone of a load balancer) gives them in turn, so that each gets the same.
 */
export function addressBook(
  rules: readonly ConnectTo[],
  now: () => number,
): (host: string, port: number, turn: number) => Promise<Place> {
  const known = new Map<string, { at: number; found: Promise<readonly string[] | string> }>();
  const resolve = (host: string): Promise<readonly string[] | string> => {
    const before = known.get(host);
    if (before && now() - before.at < keptMs) return before.found;
    const found = addressesOf(host);
    known.set(host, { at: now(), found });
    return found;
  };
  return async (host, port, turn) => {
    const to = destinationOf(rules, host, port);
    const found = await resolve(to.host);
    if (typeof found === 'string') return { ok: false, detail: found };
    const address = found[turn % found.length];
    return address === undefined
      ? { ok: false, detail: `${to.host} has no address` }
      : { ok: true, address, port: to.port };
  };
}

async function addressesOf(host: string): Promise<readonly string[] | string> {
  if (isIP(host)) return [host];
  try {
    const found = await lookup(host, { all: true });
    return found.map(({ address }) => address);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return `${host} does not resolve (${code ?? message})`;
  }
}
