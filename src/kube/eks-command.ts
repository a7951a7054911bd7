import type { ExecConfig } from './exec-config.ts';

/** What an `aws eks get-token` or `aws-iam-authenticator token` command line requires. */
export interface EksTokenWanted {
  /** Name or id of the cluster: the value of the signed header. */
  readonly cluster: string;
  readonly region?: string;
  readonly roleArn?: string;
  readonly profile?: string;
}

type Field = 'cluster' | 'region' | 'roleArn' | 'profile' | 'output';

const options: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  aws: {
    '--cluster-name': 'cluster',
    '--cluster-id': 'cluster',
    '--region': 'region',
    '--role-arn': 'roleArn',
    '--profile': 'profile',
    '--output': 'output',
  },
  'aws-iam-authenticator': {
    '-i': 'cluster',
    '--cluster-id': 'cluster',
    '--region': 'region',
    '-r': 'roleArn',
    '--role': 'roleArn',
  },
};

/** Variables of AWS in `exec.env` that change nothing but what is read here. */
const understood = new Set([
  'AWS_PROFILE',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_STS_REGIONAL_ENDPOINTS',
]);

/**
 * Reads a command line that is known to do nothing but sign a token. Undefined for any other
 * program, option or variable: then the plugin itself must run.
 */
export function eksCommand(exec: ExecConfig): EksTokenWanted | undefined {
  const program =
    exec.command
      .split(/[\\/]/)
      .at(-1)
      ?.replace(/\.exe$/, '') ?? '';
  const known = options[program];
  if (!known) return undefined;
  if (Object.keys(exec.env).some((name) => name.startsWith('AWS_') && !understood.has(name))) {
    return undefined;
  }
  const found: Partial<Record<Field, string>> = {};
  const words: string[] = [];
  for (let at = 0; at < exec.args.length; at += 1) {
    const arg = exec.args[at] ?? '';
    if (!arg.startsWith('-')) {
      words.push(arg);
      continue;
    }
    const [option = '', inline] = arg.split(/=(.*)/s);
    const field = known[option];
    const value = inline ?? exec.args[(at += 1)];
    if (!field || value === undefined || found[field] !== undefined) return undefined;
    found[field] = value;
  }
  if (words.join(' ') !== (program === 'aws' ? 'eks get-token' : 'token')) return undefined;
  if (!found.cluster || (found.output ?? 'json') !== 'json') return undefined;
  const { cluster, region, roleArn, profile } = found;
  return {
    cluster,
    ...(region && { region }),
    ...(roleArn && { roleArn }),
    ...(profile && { profile }),
  };
}
