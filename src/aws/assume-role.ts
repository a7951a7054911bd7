import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { agentsFor } from './agents.ts';
import { endpointOf } from './endpoint.ts';
import type { AwsOptions } from './options.ts';

/** A role to take on, and how the session shows up in CloudTrail. */
export interface Role {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly externalId?: string;
  readonly durationSeconds?: number;
  /** Whose STS is asked. */
  readonly region: string;
}

/** Takes on a role with these credentials. Rejects with the error of STS, or after the request's time. */
export async function assumeRole(
  credentials: AwsCredentialIdentityProvider,
  { roleArn, sessionName, externalId, durationSeconds, region }: Role,
  o: AwsOptions,
): Promise<AwsCredentialIdentity> {
  const { AssumeRoleCommand, STSClient } = await import('./sts-sdk.ts');
  const endpoint = endpointOf('sts', o.env);
  const agents = agentsFor(o.env);
  const client = new STSClient({
    region,
    credentials,
    ...(endpoint && { endpoint }),
    ...(agents && { requestHandler: agents }),
  });
  const timeout = AbortSignal.timeout(o.requestTimeoutMs);
  const abortSignal = o.signal ? AbortSignal.any([o.signal, timeout]) : timeout;
  const { Credentials: given } = await client.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      ...(externalId && { ExternalId: externalId }),
      ...(durationSeconds && { DurationSeconds: durationSeconds }),
    }),
    { abortSignal },
  );
  client.destroy();
  if (!given?.AccessKeyId || !given.SecretAccessKey) throw new Error('STS gave no keys');
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    ...(given.SessionToken && { sessionToken: given.SessionToken }),
    ...(given.Expiration && { expiration: given.Expiration }),
  };
}
