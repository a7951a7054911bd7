import { advice } from '../core/model/hint.ts';
import { readFileSync } from 'node:fs';
import type { Problem, Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import type { Context } from './context.ts';
import {
  type Credential,
  type CredentialSource,
  fixedSource,
  renewedSource,
} from './credential.ts';
import { eksCommand } from './eks-command.ts';
import { planEksToken, signEksToken } from './eks-token.ts';
import { type ExecConfig, execConfigOf } from './exec-config.ts';
import { runPlugin } from './exec-plugin.ts';
import { textAt } from './json.ts';
import type { KubeOptions } from './options.ts';
import type { InTurn } from '../wire/at-most.ts';

/** What making a credential needs; plugins are run in turn. */
type CredentialOptions = KubeOptions & { readonly pluginInTurn: InTurn };

/**
 * Where the credential of a context's user comes from. Of several ways in one user, client-go's
 * order: a plugin, then an auth-provider, then what is written down (token file, token, password,
 * certificate; `tools/clientcmd/client_config.go`).
 */
export function credentialsOf(context: Context, o: CredentialOptions): CredentialSource {
  const exec = execConfigOf(context.user);
  if (exec) return renewedSource(() => execCredential(exec, context, o));
  if (context.user['auth-provider']) {
    return renewedSource(async () => {
      const { providerCredential } = await import('./client-node.ts');
      return providerCredential(context);
    });
  }
  const tokenFile = textAt(context.user, 'tokenFile');
  if (tokenFile) {
    // Another program rotates tokens in files: read them again after a minute.
    return renewedSource(() => Promise.resolve(fromTokenFile(tokenFile)));
  }
  return fixedSource(() => Promise.resolve(written(context)));
}

/** Signs in process what is only a signature; runs the plugin for everything else. */
async function execCredential(
  exec: ExecConfig,
  context: Context,
  o: CredentialOptions,
): Promise<Reading<Credential>> {
  const run = () => o.pluginInTurn(() => runPlugin(exec, context, o));
  const wanted = o.nativeEksToken && o.awsKeys ? eksCommand(exec) : undefined;
  const plan = wanted && planEksToken(wanted, exec, o.env, context.server);
  if (!plan || !o.awsKeys) return run();
  try {
    const keys = await o.awsKeys(plan.keys);
    const { token, expiresAt } = await signEksToken(plan, keys);
    return known({ authorization: `Bearer ${token}`, expiresAt });
  } catch {
    // Whatever the SDK could not do (a broken profile, no keys), the plugin says in words that
    // the person knows, or does after all.
    return run();
  }
}

/** client-go reads a token file again after a minute (`transport/token_source.go`). */
const tokenFileLifeMs = 60_000;

function fromTokenFile(file: string): Reading<Credential> {
  const token = read(file);
  if (!token.ok) return token;
  const expiresAt = Date.now() + 2 * tokenFileLifeMs;
  return known({ authorization: `Bearer ${token.value.toString('utf8').trim()}`, expiresAt });
}

function written(context: Context): Reading<Credential> {
  const { user } = context;
  const cert = material(user, 'client-certificate');
  const key = material(user, 'client-key');
  if (!cert.ok) return cert;
  if (!key.ok) return key;
  const token = textAt(user, 'token');
  const username = textAt(user, 'username');
  const basic = Buffer.from(`${username ?? ''}:${textAt(user, 'password') ?? ''}`).toString(
    'base64',
  );
  const authorization = token ? `Bearer ${token}` : username ? `Basic ${basic}` : undefined;
  return known({
    ...(authorization && { authorization }),
    ...(cert.value && { cert: cert.value }),
    ...(key.value && { key: key.value }),
  });
}

/** PEM from `<field>-data`, or from the file that `<field>` names; the data wins as in kubectl. */
export function material(entry: Context['user'], field: string): Reading<Buffer | undefined> {
  const data = textAt(entry, `${field}-data`);
  if (data) return known(Buffer.from(data, 'base64'));
  const file = textAt(entry, field);
  return file ? read(file) : known(undefined);
}

function read(file: string): Reading<Buffer> {
  try {
    return known(readFileSync(file));
  } catch (error) {
    return unknown(missing(file, (error as NodeJS.ErrnoException).code ?? 'unknown'));
  }
}

const missing = (file: string, cause: string): Problem => ({
  code: 'kubeconfig-unreadable',
  message: `The file ${file}, which the kubeconfig names, cannot be read: ${cause === 'ENOENT' ? 'it does not exist' : cause}.`,
  hints: [advice('Write the entry of the kubeconfig again with aws eks update-kubeconfig.')],
});
