import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOKEN } from './api.ts';
import type { Api } from './api.ts';

const missing = spawnSync('kubectl', ['version', '--client']).error !== undefined;

/** Skips where there is no kubectl; with CI=true nothing is skipped, so that its lack is seen. */
export const describeKubectl = missing && process.env.CI !== 'true' ? describe.skip : describe;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** kubectl with a kubeconfig and a discovery cache of its own. */
export function kubectlFor(api: Api) {
  const dir = mkdtempSync(join(tmpdir(), 'kubectl-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const ca = Buffer.from(api.tls.ca).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'pri', cluster: { server: api.url, 'certificate-authority-data': ca } }],
    users: [{ name: 'pri', user: { token: TOKEN } }],
    contexts: [{ name: 'pri', context: { cluster: 'pri', user: 'pri' } }],
    'current-context': 'pri',
  };
  const env = {
    ...process.env,
    KUBECONFIG: file('config', JSON.stringify(config)),
    KUBECACHEDIR: join(dir, 'cache'),
  };
  const start = (...args: string[]) => spawn('kubectl', args, { env });
  const run = (...args: string[]): Promise<Ran> =>
    new Promise((resolve, reject) => {
      const child = start(...args);
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk) => (stdout += chunk));
      child.stderr.on('data', (chunk) => (stderr += chunk));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });
  /** What a command prints; it must succeed. */
  const said = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  };
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  return { run, said, start, file, remove };
}
