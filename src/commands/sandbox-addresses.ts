import { readFile } from 'node:fs/promises';
import { type ConnectTo, parseConnectTo } from '../core/model/connect-to.ts';
import type { Io } from '../io.ts';

/**
 * Where the load balancers of a practice world are, whose names no DNS knows: it says so in the
 * file that NLBMC_SANDBOX_LOAD_BALANCERS names, DNS name -> port -> address. None outside of one,
 * or where the file is gone with its world.
 */
export async function sandboxAddresses(env: Io['env']): Promise<readonly ConnectTo[]> {
  const file = env['NLBMC_SANDBOX_LOAD_BALANCERS'];
  if (!file) return [];
  try {
    const hosts = JSON.parse(await readFile(file, 'utf8')) as Record<string, object>;
    return Object.entries(hosts).flatMap(([host, ports]) =>
      Object.entries(ports).flatMap(
        ([port, address]) => parseConnectTo(`${host}:${port}:${String(address)}`) ?? [],
      ),
    );
  } catch {
    return [];
  }
}
