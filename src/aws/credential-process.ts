import type { AwsCredentialIdentity } from '@smithy/types';
import { redact } from '../core/model/redact.ts';
import { runHelper } from '../wire/helper-process.ts';
import { MissingCredentials } from './missing-credentials.ts';
import type { AwsOptions } from './options.ts';

/**
 * Runs the `credential_process` of a profile as the aws CLI does (botocore `credentials.py`,
 * ProcessProvider), but for its time. Rejects with MissingCredentials and the program's own words.
 */
export async function runCredentialProcess(
  command: string,
  profile: string,
  o: AwsOptions,
): Promise<AwsCredentialIdentity> {
  const failed = (cause: string, stderr = ''): MissingCredentials => {
    const said = redact(stderr).trim().split('\n').slice(-3).join(' ').trim();
    return new MissingCredentials(
      `credential_process of profile "${profile}" ${cause}${said ? `: ${said}` : ''}`,
    );
  };
  // A line for the shell, as in the SDK: the aws CLI splits it by the shell's rules.
  const ended = await runHelper(['/bin/sh', '-c', command], {
    env: { ...o.env },
    interactive: false,
    signal: o.signal,
    onWait: (mostMs) =>
      o.emit({ kind: 'helper', text: `credential_process of profile "${profile}"`, mostMs }),
  });
  switch (ended.kind) {
    case 'interrupted':
      throw failed('was interrupted');
    case 'late':
      throw failed(`gave no answer within ${ended.afterMs / 1000} s`, ended.stderr);
    case 'not-started':
      throw failed(`could not be started: ${ended.cause}`);
    case 'ended':
      if (ended.code !== 0) throw failed(`ended with code ${ended.code ?? 'none'}`, ended.stderr);
      return identityIn(ended.stdout, failed);
  }
}

function identityIn(
  stdout: string,
  failed: (cause: string) => MissingCredentials,
): AwsCredentialIdentity {
  let answer: Readonly<Record<string, unknown>>;
  try {
    answer = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  } catch {
    throw failed('gave an answer that is not JSON');
  }
  const { Version, AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer;
  if (Version !== 1) throw failed('gave an answer whose Version is not 1');
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string') {
    throw failed('gave an answer without AccessKeyId and SecretAccessKey');
  }
  const expiration = typeof Expiration === 'string' ? new Date(Expiration) : undefined;
  if (expiration && expiration.getTime() < Date.now()) {
    throw failed('gave credentials that have expired');
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(typeof SessionToken === 'string' && { sessionToken: SessionToken }),
    ...(expiration && { expiration }),
  };
}
