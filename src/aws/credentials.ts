import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { agentsFor } from './agents.ts';
import { assumeRole } from './assume-role.ts';
import { awaited } from './awaited.ts';
import { runCredentialProcess } from './credential-process.ts';
import { chainText, containerEndpoint, type KeySource, keySourceOf } from './key-source.ts';
import { MissingCredentials } from './missing-credentials.ts';
import type { AwsOptions } from './options.ts';
import { causeIn, causeInEnvironment, readProfiles } from './profiles.ts';

/** Whose keys are wanted: those of a profile (default: the run's own), perhaps after taking on a role. */
export interface KeysWanted {
  readonly profile?: string;
  readonly roleArn?: string;
  readonly region: string;
}

/** Keys for AWS, each profile resolved once: an SSO round trip or a role costs time. */
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
/** As the aws CLI's (botocore utils.py, ContainerMetadataFetcher): an agent may fetch them from afar. */
const containerLimitMs = 2_000;

export function credentialsFor(o: AwsOptions): Credentials {
  const written = o.profile === undefined ? keysIn(o.env) : undefined;
  const half = o.profile === undefined ? causeInEnvironment(o.env) : undefined;
  const own = o.profile ?? (written ? undefined : o.env['AWS_PROFILE'] || undefined);
  const made = new Map<string, Promise<AwsCredentialIdentityProvider>>();
  const providerOf = (profile: string | undefined): Promise<AwsCredentialIdentityProvider> => {
    if (profile !== own) return makeProvider(profile, o);
    if (written) return Promise.resolve(() => Promise.resolve(written));
    if (half) return Promise.resolve(() => Promise.reject(new MissingCredentials(half)));
    return makeProvider(profile, o);
  };
  const provider = (profile = own): Promise<AwsCredentialIdentityProvider> => {
    const name = profile ?? '';
    const ready = made.get(name) ?? providerOf(profile);
    made.set(name, ready);
    return ready;
  };
  return {
    profile: own,
    provider,
    async keys({ profile, roleArn, region }) {
      const source = await provider(profile);
      if (roleArn === undefined) return source();
      // As `aws eks get-token --role-arn` does, session name included.
      return assumeRole(source, { roleArn, sessionName: 'EKSGetTokenAuth', region }, o);
    },
  };
}

/** The aws CLI's order: a profile that is named in words wins over keys in the environment, and they over AWS_PROFILE. */
async function makeProvider(
  profile: string | undefined,
  o: AwsOptions,
): Promise<AwsCredentialIdentityProvider> {
  const all = await readProfiles(o.env).catch(() => undefined);
  const name = profile ?? 'default';
  const own = all?.profiles[name];
  const source = all && keySourceOf(name, all.profiles);
  if (source?.kind === 'process') {
    return kept(() => runCredentialProcess(source.command, name, o));
  }
  if (source?.kind === 'role') return kept(() => keysOfRole(source, name, o));
  const chain = await sdkChain(profile, o.env);
  const what = chainText(name, all?.profiles ?? {}, o.env);
  return async () => {
    try {
      return await awaited(what, chain, o);
    } catch (error) {
      // The chain tells of its last link alone, or of none: "any providers".
      const cause = all && (profile !== undefined || own) ? causeIn(name, all) : undefined;
      throw cause === undefined ? error : new MissingCredentials(cause);
    }
  };
}

/** Keys of a role that is taken on with those of another profile; its fields are the aws CLI's. */
async function keysOfRole(
  { profile, source }: Extract<KeySource, { kind: 'role' }>,
  name: string,
  o: AwsOptions,
): Promise<AwsCredentialIdentity> {
  if (profile['mfa_serial']) {
    throw new MissingCredentials(
      `profile "${name}" has mfa_serial, and nlbmc cannot prompt for an MFA code`,
    );
  }
  const seconds = Number(profile['duration_seconds']);
  return assumeRole(
    await makeProvider(source, o),
    {
      roleArn: profile['role_arn'] ?? '',
      sessionName: profile['role_session_name'] ?? 'nlbmc',
      ...(profile['external_id'] && { externalId: profile['external_id'] }),
      ...(seconds > 0 && { durationSeconds: seconds }),
      region:
        profile['region'] || o.env['AWS_REGION'] || o.env['AWS_DEFAULT_REGION'] || 'us-east-1',
    },
    o,
  );
}

/** A credential that is fetched once and kept until shortly before it expires. */
function kept(make: () => Promise<AwsCredentialIdentity>): AwsCredentialIdentityProvider {
  let made: Promise<AwsCredentialIdentity> | undefined;
  return async () => {
    const current = await made?.catch(() => undefined);
    const left = (current?.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now();
    if (made === undefined || left < 60_000) made = make();
    return made;
  };
}

/** The chain warns on stderr where both a profile and keys are set; which wins is decided here. */
const say = (): void => undefined;
const silent = { debug: say, info: say, warn: say, error: say };

async function sdkChain(
  profile: string | undefined,
  env: AwsOptions['env'],
): Promise<AwsCredentialIdentityProvider> {
  const { ElasticLoadBalancingV2Client } = await import('./elbv2-sdk.ts');
  const agents = agentsFor(env);
  // A client hands its whole configuration to the chain, whose metadata step reads `timeout`.
  const config = {
    region: 'us-east-1',
    timeout: containerEndpoint(env) ? containerLimitMs : metadataLimitMs,
    logger: silent,
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
