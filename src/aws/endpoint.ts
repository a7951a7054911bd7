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

/** One call, as messages and IAM policies name it. */
export interface Call {
  readonly service: Service;
  /** Such as `DescribeTargetHealth`. */
  readonly action: string;
  readonly region: string;
  /** What it is about: an ARN, a name; for messages. */
  readonly about?: string;
}
