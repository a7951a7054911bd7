import { advice } from '../core/model/hint.ts';
import { spawn } from 'node:child_process';
import type { Problem, Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import type { Context } from './context.ts';
import type { Credential } from './credential.ts';
import type { ExecConfig } from './exec-config.ts';
import { objectAt, objectsAt, parseObject, textAt } from './json.ts';
import type { KubeOptions } from './options.ts';
import { redact } from './redact.ts';

/** A person may have to log in with a browser; a machine need not be waited for that long. */
const patienceMs = { person: 300_000, machine: 60_000 };

/**
 * Runs the credential plugin of a kubeconfig user, without a shell, with the protocol of
 * client.authentication.k8s.io (client-go `plugin/pkg/client/auth/exec/exec.go`). Problems have
 * code `plugin-failed` or `interrupted` and show what the plugin said, tokens blacked out.
 */
export async function runPlugin(
  exec: ExecConfig,
  context: Context,
  o: Pick<KubeOptions, 'env' | 'signal' | 'interactive'>,
): Promise<Reading<Credential>> {
  const interactive = o.interactive === true && exec.interactiveMode !== 'Never';
  if (exec.interactiveMode === 'Always' && !interactive) {
    return unknown(failed(exec, 'it wants to ask at a terminal, and there is none'));
  }
  const patience = AbortSignal.timeout(interactive ? patienceMs.person : patienceMs.machine);
  const ended = await run(exec, {
    env: { ...o.env, ...exec.env, KUBERNETES_EXEC_INFO: infoFor(exec, context, interactive) },
    interactive,
    signal: o.signal ? AbortSignal.any([o.signal, patience]) : patience,
  });
  if (o.signal?.aborted) {
    return unknown({
      code: 'interrupted',
      message: `Interrupted while "${exec.command}" made a credential.`,
    });
  }
  if (patience.aborted) return unknown(failed(exec, 'it gave no answer in time', ended.stderr));
  if (ended.kind === 'not-started') return unknown(failed(exec, ended.cause, '', exec.installHint));
  if (ended.code !== 0) {
    return unknown(
      failed(exec, `it ended with code ${ended.code ?? 'none'}`, ended.stderr, exec.installHint),
    );
  }
  return credentialIn(ended.stdout, exec);
}

type Ended =
  | {
      readonly kind: 'ended';
      readonly code: number | null;
      readonly stdout: string;
      readonly stderr: string;
    }
  | { readonly kind: 'not-started'; readonly cause: string; readonly stderr: string };

function run(
  exec: ExecConfig,
  how: { env: NodeJS.ProcessEnv; interactive: boolean; signal: AbortSignal },
): Promise<Ended> {
  return new Promise((resolve) => {
    // Where a person sits, questions and login addresses on stderr must be seen as they come.
    const stdio = how.interactive
      ? (['inherit', 'pipe', 'inherit'] as const)
      : (['ignore', 'pipe', 'pipe'] as const);
    const child = spawn(exec.command, exec.args, {
      env: how.env,
      stdio: [...stdio],
      signal: how.signal,
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error: NodeJS.ErrnoException) => {
      const cause = error.code === 'ENOENT' ? 'there is no such program in PATH' : error.message;
      resolve({ kind: 'not-started', cause, stderr });
    });
    child.on('close', (code) => resolve({ kind: 'ended', code, stdout, stderr }));
  });
}

/** The value of KUBERNETES_EXEC_INFO: what the plugin is told. */
function infoFor(exec: ExecConfig, context: Context, interactive: boolean): string {
  const { cluster } = context;
  const extension = objectsAt(cluster, 'extensions').find(
    (entry) => textAt(entry, 'name') === 'client.authentication.k8s.io/exec',
  );
  const told = {
    server: context.server,
    'tls-server-name': cluster['tls-server-name'],
    'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
    'certificate-authority-data': cluster['certificate-authority-data'],
    'proxy-url': cluster['proxy-url'],
    config: extension?.['extension'],
  };
  const spec = exec.provideClusterInfo ? { interactive, cluster: told } : { interactive };
  return JSON.stringify({ apiVersion: exec.apiVersion, kind: 'ExecCredential', spec });
}

function credentialIn(stdout: string, exec: ExecConfig): Reading<Credential> {
  const answer = parseObject(stdout);
  if (!answer || textAt(answer, 'kind') !== 'ExecCredential') {
    return unknown(failed(exec, 'its answer is not an ExecCredential'));
  }
  const version = textAt(answer, 'apiVersion');
  if (version !== exec.apiVersion) {
    return unknown(
      failed(
        exec,
        `it answers in ${version ?? 'no version'}, and the kubeconfig asks for ${exec.apiVersion}`,
      ),
    );
  }
  const status = objectAt(answer, 'status');
  const token = textAt(status, 'token');
  const cert = textAt(status, 'clientCertificateData');
  const key = textAt(status, 'clientKeyData');
  if (!token && !(cert && key)) {
    return unknown(
      failed(exec, 'its answer has neither a token nor a client certificate with its key'),
    );
  }
  const expiresAt = Date.parse(textAt(status, 'expirationTimestamp') ?? '');
  return known({
    ...(token && { authorization: `Bearer ${token}` }),
    ...(cert && key && { cert, key }),
    ...(!Number.isNaN(expiresAt) && { expiresAt }),
  });
}

function failed(exec: ExecConfig, cause: string, stderr = '', hint?: string): Problem {
  const lines = redact(stderr)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return {
    code: 'plugin-failed',
    message: `The credential plugin "${exec.command}" of the kubeconfig gave no credential: ${cause}.`,
    hints: [
      hint === undefined
        ? { kind: 'tool', argv: [exec.command, ...exec.args.map(redact)] }
        : advice(hint),
    ],
    ...(lines.length > 0 && { details: lines.slice(-10) }),
  };
}
