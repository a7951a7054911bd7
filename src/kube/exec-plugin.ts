import { advice } from '../core/model/hint.ts';
import type { Problem, Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import { runHelper } from '../wire/helper-process.ts';
import type { Context } from './context.ts';
import type { Credential } from './credential.ts';
import type { ExecConfig } from './exec-config.ts';
import { objectAt, objectsAt, parseObject, textAt } from './json.ts';
import type { KubeOptions } from './options.ts';
import { redact, redactWords } from '../core/model/redact.ts';

/**
 * Runs the credential plugin of a kubeconfig user, without a shell, with the protocol of
 * client.authentication.k8s.io (client-go `plugin/pkg/client/auth/exec/exec.go`). Problems have
 * code `plugin-failed` or `interrupted` and show what the plugin said, tokens blacked out.
 */
export async function runPlugin(
  exec: ExecConfig,
  context: Context,
  o: Pick<KubeOptions, 'env' | 'signal' | 'interactive'> & Partial<Pick<KubeOptions, 'emit'>>,
): Promise<Reading<Credential>> {
  const interactive = o.interactive === true && exec.interactiveMode !== 'Never';
  if (exec.interactiveMode === 'Always' && !interactive) {
    return unknown(failed(exec, 'it wants to ask at a terminal, and there is none'));
  }
  const ended = await runHelper([exec.command, ...exec.args], {
    env: { ...o.env, ...exec.env, KUBERNETES_EXEC_INFO: infoFor(exec, context, interactive) },
    interactive,
    signal: o.signal,
    onWait: (mostMs) =>
      o.emit?.({
        kind: 'helper',
        text: `the credential plugin "${exec.command}" of ${context.name}`,
        mostMs,
      }),
  });
  switch (ended.kind) {
    case 'interrupted':
      return unknown({
        code: 'interrupted',
        message: `Interrupted while "${exec.command}" made a credential.`,
      });
    case 'late':
      return unknown(
        failed(exec, `it gave no answer within ${ended.afterMs / 1000} s`, ended.stderr),
      );
    case 'not-started':
      return unknown(failed(exec, ended.cause, '', exec.installHint));
    case 'ended':
      break;
  }
  if (ended.code !== 0) {
    return unknown(
      failed(exec, `it ended with code ${ended.code ?? 'none'}`, ended.stderr, exec.installHint),
    );
  }
  return credentialIn(ended.stdout, exec);
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
        `it answers in ${version ?? 'no version'}, but the kubeconfig requires ${exec.apiVersion}`,
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
        ? { kind: 'tool', argv: [exec.command, ...redactWords(exec.args)] }
        : advice(redact(hint)),
    ],
    ...(lines.length > 0 && { details: lines.slice(-10) }),
  };
}
