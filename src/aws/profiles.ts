import { homedir } from 'node:os';
import { join } from 'node:path';
import { nearest } from '../core/model/words.ts';
import type { AwsOptions } from './options.ts';

export type Profile = Readonly<Record<string, string | undefined>>;

/** The profiles and SSO sessions of the aws CLI's two files, and the files, for messages. */
export interface Profiles {
  readonly files: readonly string[];
  readonly profiles: Readonly<Record<string, Profile>>;
  readonly sessions: Readonly<Record<string, Profile>>;
}

/** Reads both files, as the SDK does and with its parser; a file that is not there has no profiles. */
export async function readProfiles(env: AwsOptions['env']): Promise<Profiles> {
  const { loadSsoSessionData, parseKnownFiles } = await import('@smithy/core/config');
  const home = join(env['HOME'] || env['USERPROFILE'] || homedir(), '.aws');
  const configFilepath = env['AWS_CONFIG_FILE'] || join(home, 'config');
  const filepath = env['AWS_SHARED_CREDENTIALS_FILE'] || join(home, 'credentials');
  const [profiles, sessions] = await Promise.all([
    parseKnownFiles({ configFilepath, filepath }),
    loadSsoSessionData({ configFilepath }).catch(() => ({})),
  ]);
  return { files: [configFilepath, filepath], profiles, sessions };
}

/**
 * Why a profile gives no credentials, as far as its files tell: the first thing that is missing.
 * Undefined where nothing is: then what the SDK says is all there is.
 */
export function causeIn(
  name: string,
  all: Profiles,
  before: readonly string[] = [],
): string | undefined {
  const profile = all.profiles[name];
  const known = Object.keys(all.profiles);
  if (!profile) {
    const files = all.files.join(' and ');
    const names = nearest(name, known).map((one) => one.name);
    const there = names.length < known.length ? `${names.join(', ')}, …` : names.join(', ');
    return known.length === 0
      ? `there is no profile "${name}", and no profile at all in ${files}`
      : `there is no profile "${name}" in ${files}; there are: ${there}`;
  }
  const of = `profile "${name}"`;
  const half = halfPair(profile, 'aws_access_key_id', 'aws_secret_access_key');
  if (half) return `${of} ${half}`;
  if (profile['role_arn'] && !profile['web_identity_token_file']) {
    const source = profile['source_profile'];
    if (!source && !profile['credential_source']) {
      return `${of} has role_arn, and neither source_profile nor credential_source`;
    }
    if (source && source !== name && !before.includes(source)) {
      const cause = causeIn(source, all, [...before, name]);
      return cause && `${of} takes its keys from source_profile "${source}", and ${cause}`;
    }
  }
  return ssoCause(of, profile, all);
}

function halfPair(values: Profile, id: string, secret: string): string | undefined {
  if (values[id] && !values[secret]) return `has ${id} and no ${secret}`;
  if (values[secret] && !values[id]) return `has ${secret} and no ${id}`;
  return undefined;
}

function ssoCause(of: string, profile: Profile, { sessions, files }: Profiles): string | undefined {
  const name = profile['sso_session'];
  const own = ['sso_account_id', 'sso_role_name'];
  const shared = ['sso_start_url', 'sso_region'];
  if (![...own, ...shared, 'sso_session'].some((field) => profile[field])) return undefined;
  const session = name === undefined ? profile : sessions[name];
  if (!session) return `${of} names sso_session "${name}", which is not in ${files[0]}`;
  const lacking = shared.filter((field) => !session[field]);
  if (lacking.length > 0) {
    return `${name === undefined ? of : `sso_session "${name}" of ${of}`} lacks ${lacking.join(' and ')}`;
  }
  const missing = own.filter((field) => !profile[field]);
  return missing.length > 0 ? `${of} lacks ${missing.join(' and ')}` : undefined;
}

/** What is wrong with keys in the environment; undefined where both or none are set. */
export const causeInEnvironment = (env: AwsOptions['env']): string | undefined => {
  const half = halfPair(env, 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY');
  return half && `the environment ${half}`;
};
