import type { AwsOptions } from './options.ts';
import type { Profile, Profiles } from './profiles.ts';

/** Where a profile's keys come from, as far as it is decided here and not by the SDK's own chain. */
export type KeySource =
  | { readonly kind: 'process'; readonly command: string }
  | { readonly kind: 'role'; readonly profile: Profile; readonly source: string }
  | { readonly kind: 'chain' };

const chain = { kind: 'chain' } as const;

/**
 * Where the keys of a profile come from: a credential_process of its own, or a role that is taken
 * on with the keys of a `source_profile` that leads to one. Those are run here, to bound and end them;
 * everything else is the chain's. The order is the SDK's (credential-provider-ini,
 * resolveProfileData): a role first, but in a profile that another one names, keys in it first.
 */
export function keySourceOf(
  name: string,
  profiles: Profiles['profiles'],
  before: readonly string[] = [],
): KeySource {
  const profile = profiles[name];
  if (!profile) return chain;
  const keys = Boolean(profile['aws_access_key_id']);
  const { role_arn: role, source_profile: source, credential_process: command } = profile;
  if (keys && before.length > 0) return chain;
  if (role) {
    if (!source || profile['credential_source'] || [...before, name].includes(source)) return chain;
    const from = keySourceOf(source, profiles, [...before, name]);
    return from.kind === 'chain' ? chain : { kind: 'role', profile, source };
  }
  if (keys || profile['web_identity_token_file'] || !command) return chain;
  return { kind: 'process', command };
}

/** What the chain waits for, as a person knows it: the address or the login that may be slow. */
export function chainText(
  name: string,
  profiles: Profiles['profiles'],
  env: AwsOptions['env'],
  before: readonly string[] = [],
): string {
  const profile = profiles[name];
  const source = profile?.['source_profile'];
  if (source && ![...before, name].includes(source)) {
    return chainText(source, profiles, env, [...before, name]);
  }
  const of = `profile "${name}"`;
  if (profile?.['sso_session'] || profile?.['sso_start_url']) return `the SSO session of ${of}`;
  if (profile?.['web_identity_token_file']) return `STS, with the web identity of ${of}`;
  const container = containerEndpoint(env);
  const asked =
    profile?.['credential_source'] === 'EcsContainer' || !profile?.['credential_source'];
  if (container && asked && !profile?.['aws_access_key_id']) {
    return `the container credentials endpoint ${container}`;
  }
  if (env['AWS_WEB_IDENTITY_TOKEN_FILE']) return 'STS, with the web identity of the environment';
  return `the AWS credentials of ${of}`;
}

/** The endpoint that ECS and EKS Pod Identity name in the environment, without what it is asked. */
export function containerEndpoint(env: AwsOptions['env']): string | undefined {
  const full = env['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  if (env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI']) return 'http://169.254.170.2';
  return full && URL.canParse(full) ? new URL(full).origin : full && 'that the environment names';
}
