import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificates } from '../../src/sandbox/certificates.ts';
import { apiServerReady, startApiServer } from './api-server.ts';
import type { Binaries } from './binaries.ts';
import type { Processes } from './processes.ts';
import { faultsOf, PATIENT } from './side-jobs.ts';

/**
 * Compares the practice API server with a real one that has no controllers, in a process beside what
 * is played meanwhile. Gives back what they answer differently.
 */
export async function compareApiServers(o: {
  readonly processes: Processes;
  readonly binaries: Binaries;
  readonly folder: string;
  readonly etcd: string;
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
}): Promise<readonly string[]> {
  const { root } = o;
  const env = { ...o.env };
  const tls = await makeCertificates();
  const folder = join(o.folder, 'api');
  mkdirSync(folder, { recursive: true });
  const server = await startApiServer(o.processes, {
    file: o.binaries.kubeApiserver,
    name: 'api',
    folder,
    etcd: o.etcd,
    tls,
    token: () => randomBytes(24).toString('base64url'),
    serviceAccounts: true,
    priority: PATIENT,
  });
  await apiServerReady(server, tls.ca);
  const { url, tokens } = server;
  const job = { kind: 'api', server: { url, tokens }, ca: tls.ca, root, env } as const;
  const found = await faultsOf(job, o.say);
  await server.process.stop();
  return found;
}
