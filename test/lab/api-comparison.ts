import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificates } from '../../src/sandbox/certificates.ts';
import { bindingCrd } from '../sandbox/kube/golden/practice.ts';
import { PATHS } from '../sandbox/kube/golden/requests.ts';
import { apiClient } from './api-client.ts';
import { apiServerReady, startApiServer } from './api-server.ts';
import type { Binaries } from './binaries.ts';
import { goldenAnswers } from './golden-answers.ts';
import type { Processes } from './processes.ts';
import { waitFor } from './waiting.ts';

/**
 * Compares the practice API server with a real one that has no controllers. Gives back what
 * they answer differently.
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
  });
  await apiServerReady(server, tls.ca);
  const { ask, close } = apiClient(server, tls.ca);
  try {
    await ask({
      verb: 'POST',
      path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      body: bindingCrd,
    });
    const bindings = PATHS.bindings.replace('NS', 'default');
    const served = async () => (await ask({ verb: 'GET', path: bindings })).status === 200;
    await waitFor('bindings are served', served, 30_000);
    const changed = await goldenAnswers(ask, o.root, o.env);
    o.say(`API server: golden answers ${changed.length === 0 ? 'hold' : 'do not hold'}`);
    return changed.map((name) => `golden answer "${name}" is not what the API server says`);
  } finally {
    close();
    await server.process.stop();
  }
}
