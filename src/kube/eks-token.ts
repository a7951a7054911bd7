import { regionOfServer } from './region.ts';
import type { AwsKeys, AwsKeysWanted } from './options.ts';
import type { EksTokenWanted } from './eks-command.ts';
import type { ExecConfig } from './exec-config.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Everything that a token is signed with, but the keys. */
export interface EksTokenPlan {
  readonly cluster: string;
  /** Region of the signature, and of the endpoint unless that is the global one. */
  readonly region: string;
  readonly host: string;
  readonly keys: AwsKeysWanted;
}

/**
 * Decides how to sign the token that a command line requires; undefined when its own program would
 * do something that is not done here. `server` tells the region of a cluster whose command line
 * names none; the program would look into the profile, and the API server takes a token from any
 * region of its partition.
 */
export function planEksToken(
  wanted: EksTokenWanted,
  exec: ExecConfig,
  outer: Env,
  server: string,
): EksTokenPlan | undefined {
  const env: Env = { ...outer, ...exec.env };
  if (env['AWS_USE_FIPS_ENDPOINT'] === 'true' || env['AWS_USE_DUALSTACK_ENDPOINT'] === 'true')
    return undefined;
  const profile = wanted.profile ?? (env['AWS_PROFILE'] || env['AWS_DEFAULT_PROFILE'] || undefined);
  // The aws CLI prefers keys in the environment over AWS_PROFILE, and the SDK does the opposite.
  if (!wanted.profile && profile && env['AWS_ACCESS_KEY_ID']) return undefined;
  const region =
    wanted.region ?? (env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || regionOfServer(server));
  const host = region && stsHost(region, env['AWS_STS_REGIONAL_ENDPOINTS']);
  if (!region || !host) return undefined;
  return {
    cluster: wanted.cluster,
    region: host === 'sts.amazonaws.com' ? 'us-east-1' : region,
    host,
    keys: {
      region,
      ...(profile && { profile }),
      ...(wanted.roleArn && { roleArn: wanted.roleArn }),
    },
  };
}

/** Undefined for isolated partitions, whose names are their own. */
function stsHost(region: string, regional: string | undefined): string | undefined {
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region) || /-iso|^eusc-/.test(region)) return undefined;
  if (region.startsWith('cn-')) return `sts.${region}.amazonaws.com.cn`;
  if (regional === 'legacy' && !region.startsWith('us-gov-')) return 'sts.amazonaws.com';
  return `sts.${region}.amazonaws.com`;
}

/** Seconds that the signature itself is good for, as aws-iam-authenticator asks. */
const signatureLifeS = 60;
/** EKS takes the token for 15 minutes after it was signed; the programs above say 14. */
const tokenLifeMs = 14 * 60_000;

/**
 * Signs the token: a presigned URL of STS GetCallerIdentity with the cluster's name in a signed
 * header (aws-iam-authenticator `pkg/token/token.go`). Nothing is sent.
 */
export async function signEksToken(
  plan: EksTokenPlan,
  keys: AwsKeys,
  signingDate = new Date(),
): Promise<{ readonly token: string; readonly expiresAt: number }> {
  const { SignatureV4, Sha256 } = await import('./signer.ts');
  const signer = new SignatureV4({
    service: 'sts',
    region: plan.region,
    credentials: keys,
    sha256: Sha256,
  });
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: plan.host,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host: plan.host, 'x-k8s-aws-id': plan.cluster },
    },
    { expiresIn: signatureLifeS, signingDate },
  );
  const query = Object.entries(signed.query ?? {})
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
  const url = `https://${plan.host}/?${query}`;
  return {
    token: `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`,
    expiresAt: signingDate.getTime() + tokenLifeMs,
  };
}
