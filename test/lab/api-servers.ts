import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificates } from '../../src/sandbox/certificates.ts';
import { apiServerReady, startApiServer } from './api-server.ts';
import type { Binaries } from './binaries.ts';
import type { Processes } from './processes.ts';
import { besides, PATIENT } from './side-jobs.ts';

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
  let found: readonly string[] | undefined;
  const { url, tokens } = server;
  await besides({ kind: 'api', server: { url, tokens }, ca: tls.ca, root, env }, (told) => {
    if (told.kind === 'line') o.say(told.line);
    if (told.kind === 'faults') found = told.faults;
  });
  await server.process.stop();
  if (!found) throw new Error('the comparison of the API servers came to no end');
  return found;
}
