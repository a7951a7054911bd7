import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inside } from '../../src/sandbox/environment.ts';
import { templatePath } from '../../src/sandbox/scenarios/manifests.ts';
import type { Typed } from './walkthrough-commands.ts';

const BINDING_TEMPLATE = `apiVersion: elbv2.k8s.aws/v1beta1
kind: TargetGroupBinding
metadata:
  name: nginx
  labels:
    service.k8s.aws/stack-name: nginx
spec:
  targetGroupARN: <targetgrouparn>
  multiClusterTargetGroup: true
  serviceRef:
    name: nginx
    port: 80
  networking:
    ingress:
      - from:
          - securityGroup:
              groupID: <securitygroupid>
        ports:
          - protocol: TCP
            port: 80
`;

/** A person at a shell, in a folder with the walkthrough's files, inside the sandbox. */
export interface Shell {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Opens a shell with the files that the walkthrough's commands name. */
export function openShell(sandboxEnv: Readonly<Record<string, string>>): Shell {
  const cwd = mkdtempSync(join(tmpdir(), 'nlbmc-walkthrough-'));
  copyFileSync(templatePath('app/deployment.yaml'), join(cwd, 'nginxapp.yaml'));
  copyFileSync(templatePath('app/service-primary.yaml'), join(cwd, 'nginxsvc.yaml'));
  copyFileSync(templatePath('app/service-secondary.yaml'), join(cwd, 'nginx_sec-eks-clu1.yaml'));
  writeFileSync(join(cwd, 'tgb.yaml'), BINDING_TEMPLATE);
  return { cwd, env: inside(process.env, sandboxEnv) };
}

/** Runs one command line in bash; gives what it wrote to stdout. Rejects when it fails. */
export function type(shell: Shell, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', command], shell);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.end();
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`exit ${code}: ${command}\n${stdout}${stderr}`));
    });
  });
}

const PATIENCE_MS = 30_000;

/** Types a command, looks again where a person would, and gives what it printed in the end. */
export async function typeStep(shell: Shell, { command, prints, again }: Typed): Promise<string> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const said = await type(shell, command).catch((error: Error) => {
      // A look at what is not there yet fails; a person looks again.
      if (!again || Date.now() > until) throw error;
      return error.message;
    });
    if (prints.test(said) || !again || Date.now() > until) return said;
  }
}

/** Types a whole scenario. Throws at the first step that does not print what it has to. */
export async function typeAll(shell: Shell, steps: readonly Typed[]): Promise<void> {
  for (const step of steps) {
    const said = await typeStep(shell, step);
    if (!step.prints.test(said)) throw new Error(`step ${step.step} printed:\n${said}`);
  }
}
