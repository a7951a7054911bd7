import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { agentsFor } from './agents.ts';
import { endpointOf } from './endpoint.ts';
import type { AwsOptions } from './options.ts';

/** Whose keys are wanted: those of a profile (default: the run's own), perhaps after taking on a role. */
export interface KeysWanted {
  readonly profile?: string;
  readonly roleArn?: string;
  readonly region: string;
}

/** Keys for AWS, each profile resolved once whoever asks: an SSO round trip or a role costs time. */
export interface Credentials {
  /** The profile that is tried, for messages; undefined when none is named. */
  readonly profile: string | undefined;
  provider(profile?: string): Promise<AwsCredentialIdentityProvider>;
  keys(wanted: KeysWanted): Promise<AwsCredentialIdentity>;
}

/**
 * On a machine that is no EC2 instance the metadata address is often a black hole, asked twice.
 * A real instance answers within milliseconds.
 */
const metadataLimitMs = 400;

export function credentialsFor(o: AwsOptions): Credentials {
  const own = o.profile ?? (o.env['AWS_PROFILE'] || undefined);
  const made = new Map<string, Promise<AwsCredentialIdentityProvider>>();
  const provider = (profile = own): Promise<AwsCredentialIdentityProvider> => {
    const name = profile ?? '';
    const ready = made.get(name) ?? makeProvider(profile, o.env);
    made.set(name, ready);
    return ready;
  };
  return {
    profile: own,
    provider,
    async keys({ profile, roleArn, region }) {
      const source = await provider(profile);
      return roleArn === undefined ? source() : assumeRole(source, roleArn, region, o);
    },
  };
}

/** Keys in the environment are taken as they are; else the SDK's default chain, for that profile. */
async function makeProvider(
  profile: string | undefined,
  env: AwsOptions['env'],
): Promise<AwsCredentialIdentityProvider> {
  const written = profile === undefined ? keysIn(env) : undefined;
  if (written) return () => Promise.resolve(written);
  const { ElasticLoadBalancingV2Client } = await import('./elbv2-sdk.ts');
  // A client hands its whole configuration to the chain, whose metadata step reads `timeout`.
  const agents = agentsFor(env);
  const config = {
    region: 'us-east-1',
    timeout: metadataLimitMs,
    ...(profile && { profile }),
    ...(agents && { requestHandler: agents }),
  };
  return new ElasticLoadBalancingV2Client(config).config.credentials;
}

function keysIn(env: AwsOptions['env']): AwsCredentialIdentity | undefined {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = env['AWS_SESSION_TOKEN'];
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

/** Takes on a role as `aws eks get-token --role-arn` does, session name included. */
async function assumeRole(
  credentials: AwsCredentialIdentityProvider,
  roleArn: string,
  region: string,
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
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'EKSGetTokenAuth' }),
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
