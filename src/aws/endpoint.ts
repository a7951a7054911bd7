type Env = Readonly<Record<string, string | undefined>>;

/** The services called, by the name that the environment variable for their endpoint ends with. */
const variables = {
  elbv2: 'ELASTIC_LOAD_BALANCING_V2',
  ec2: 'EC2',
  sts: 'STS',
} as const;

export type Service = keyof typeof variables;

/**
 * An endpoint that the environment sets for a service, or for all; undefined: AWS's own. Read here
 * and not by the SDK, so that a run depends on the environment it was handed.
 */
export function endpointOf(service: Service, env: Env): string | undefined {
  if (env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined;
  return env[`AWS_ENDPOINT_URL_${variables[service]}`] || env['AWS_ENDPOINT_URL'] || undefined;
}

/** The regions of AWS's own partition, as the SDK knows them (`@aws-sdk/core` partitions.js). */
const common = /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/;

/**
 * Whether a service is reached at `https://<service>.<region>.amazonaws.com`, or at the root of an endpoint
 * that the environment sets. FIPS and dual-stack endpoints, other partitions and paths the SDK knows.
 */
export function isPlain(service: Service, region: string, env: Env, files: string): boolean {
  if (env['AWS_USE_FIPS_ENDPOINT'] || env['AWS_USE_DUALSTACK_ENDPOINT']) return false;
  if (/\buse_(fips|dualstack)_endpoint\b/.test(files)) return false;
  const endpoint = endpointOf(service, env);
  if (endpoint === undefined) return common.test(region);
  if (!URL.canParse(endpoint)) return false;
  const { protocol, username, password, pathname, search } = new URL(endpoint);
  return /^https?:$/.test(protocol) && `${username}${password}${pathname}${search}` === '/';
}

/** One call, as messages and IAM policies name it. */
export interface Call {
  readonly service: Service;
  /** Such as `DescribeTargetHealth`. */
  readonly action: string;
  readonly region: string;
  /** What it is about: an ARN, a name; for messages. */
  readonly about?: string;
}
