import { spawnSync } from 'node:child_process';
import { SignatureV4 } from '@smithy/signature-v4';
import type { KubeClient } from '../../src/kube/client.ts';
import { connectClusters } from '../../src/kube/connect.ts';
import { eksCommand } from '../../src/kube/eks-command.ts';
import { planEksToken, signEksToken } from '../../src/kube/eks-token.ts';
import type { ExecConfig } from '../../src/kube/exec-config.ts';
import { readIdentity } from '../../src/kube/identity.ts';
import type { AwsKeysWanted } from '../../src/kube/options.ts';
import { Sha256 } from '../../src/kube/signer.ts';
import { kubeOptions } from './kube-options.ts';
import { folder, kubeconfig, smallServer } from './small-server.ts';

const exec = (command: string, args: string[], env: Record<string, string> = {}): ExecConfig => ({
  apiVersion: 'client.authentication.k8s.io/v1beta1',
  command,
  args,
  env,
  interactiveMode: 'IfAvailable',
  provideClusterInfo: false,
});
const aws = (...args: string[]) => exec('aws', args);
const keys = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI',
  sessionToken: 'tok/en==',
};
const server = 'https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com';

describe('a command line that only signs is recognised', () => {
  test.each([
    [
      'as the aws CLI writes it',
      aws('--region', 'us-east-1', 'eks', 'get-token', '--cluster-name', 'c', '--output', 'json'),
      { cluster: 'c', region: 'us-east-1' },
    ],
    [
      'with a role and a profile',
      aws('eks', 'get-token', '--cluster-name=c', '--role-arn', 'arn:r', '--profile', 'p'),
      { cluster: 'c', roleArn: 'arn:r', profile: 'p' },
    ],
    [
      'by a path, with an id',
      exec('/usr/local/bin/aws', ['eks', 'get-token', '--cluster-id', 'i']),
      { cluster: 'i' },
    ],
    [
      'aws-iam-authenticator',
      exec('aws-iam-authenticator', ['token', '-i', 'c', '-r', 'arn:r']),
      { cluster: 'c', roleArn: 'arn:r' },
    ],
  ])('%s', (_, line, wanted) => expect(eksCommand(line)).toEqual(wanted));

  test.each([
    ['another program', exec('gke-gcloud-auth-plugin', [])],
    ['another command', aws('eks', 'list-clusters', '--cluster-name', 'c')],
    [
      'an option that is not known',
      aws('eks', 'get-token', '--cluster-name', 'c', '--endpoint-url', 'x'),
    ],
    ['an option twice', aws('eks', 'get-token', '--cluster-name', 'c', '--cluster-id', 'd')],
    ['no cluster', aws('eks', 'get-token')],
    ['output for people', aws('eks', 'get-token', '--cluster-name', 'c', '--output', 'table')],
    [
      'a variable that changes where keys come from',
      exec('aws', ['eks', 'get-token', '--cluster-name', 'c'], { AWS_CONFIG_FILE: '/x' }),
    ],
    ['an option without its value', aws('eks', 'get-token', '--cluster-name')],
  ])('but not %s', (_, line) => expect(eksCommand(line)).toBeUndefined());
});

const plan = (args: string[], env = {}, execEnv = {}, at = server) => {
  const line = exec('aws', ['eks', 'get-token', '--cluster-name', 'c', ...args], execEnv);
  const wanted = eksCommand(line);
  return wanted && planEksToken(wanted, line, env, at);
};

describe('where and as whom it is signed', () => {
  test.each([
    [
      'the region of the option first',
      plan(['--region', 'us-east-2'], { AWS_REGION: 'us-west-1' }),
      { host: 'sts.us-east-2.amazonaws.com', region: 'us-east-2' },
    ],
    [
      "then the variables, the entry's own before the shell's",
      plan([], { AWS_REGION: 'a-b-1' }, { AWS_REGION: 'us-west-1' }),
      { host: 'sts.us-west-1.amazonaws.com' },
    ],
    ["then the cluster's address", plan([]), { host: 'sts.eu-west-1.amazonaws.com' }],
    [
      'China has names of its own',
      plan(['--region', 'cn-north-1']),
      { host: 'sts.cn-north-1.amazonaws.com.cn' },
    ],
    [
      'the global endpoint where asked for',
      plan([], { AWS_STS_REGIONAL_ENDPOINTS: 'legacy' }),
      { host: 'sts.amazonaws.com', region: 'us-east-1' },
    ],
    [
      'the profile of the entry',
      plan([], { AWS_PROFILE: 'a' }, { AWS_PROFILE: 'b' }),
      { keys: { profile: 'b', region: 'eu-west-1' } },
    ],
  ])('%s', (_, planned, wanted) => expect(planned).toMatchObject(wanted));

  test.each([
    ['no region is known', plan([], {}, {}, 'https://127.0.0.1:6443')],
    ['the partition is isolated', plan(['--region', 'us-iso-east-1'])],
    ['FIPS is asked for', plan([], { AWS_USE_FIPS_ENDPOINT: 'true' })],
    [
      'CLI and SDK would take different keys',
      plan([], { AWS_PROFILE: 'a', AWS_ACCESS_KEY_ID: 'x' }),
    ],
  ])('its own program is run where %s', (_, planned) => expect(planned).toBeUndefined());
});

test('the token is a presigned GetCallerIdentity that AWS would find well signed', async () => {
  const wanted = {
    cluster: 'my-cluster',
    region: 'us-east-1',
    host: 'sts.us-east-1.amazonaws.com',
    keys: { region: 'us-east-1' },
  };
  const { token, expiresAt } = await signEksToken(wanted, keys);
  expect(token).toMatch(/^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
  const url = new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());
  expect(url.origin + url.pathname).toBe('https://sts.us-east-1.amazonaws.com/');
  const query = Object.fromEntries(url.searchParams);
  expect(query).toMatchObject({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
    'X-Amz-Security-Token': keys.sessionToken,
  });
  // Signed once more from what the URL says, as STS does when EKS sends it with the header.
  const date = query['X-Amz-Date'] ?? '';
  const at = new Date(
    date.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'),
  );
  const again = await new SignatureV4({
    service: 'sts',
    region: 'us-east-1',
    credentials: keys,
    sha256: Sha256,
  }).presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: url.host,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host: url.host, 'x-k8s-aws-id': 'my-cluster' },
    },
    { expiresIn: 60, signingDate: at },
  );
  expect(query['X-Amz-Signature']).toBe(again.query?.['X-Amz-Signature']);
  expect(query['X-Amz-Signature']).toMatch(/^[0-9a-f]{64}$/);
  expect(expiresAt - at.getTime()).toBeLessThan(15 * 60_000);
});

const partsOf = (text: string) => {
  const url = new URL(Buffer.from(text.slice('k8s-aws-v1.'.length), 'base64url').toString());
  return { origin: url.origin, ...Object.fromEntries(url.searchParams) } as Record<string, string>;
};

const cli = spawnSync('aws', ['--version']).status === 0 || process.env['CI'] === 'true';
(cli ? test : test.skip)('the aws CLI signs the very same token', async () => {
  const made = spawnSync(
    'aws',
    ['eks', 'get-token', '--region', 'us-east-1', '--cluster-name', 'c'],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'wJalr',
        AWS_SESSION_TOKEN: 'tok/en==',
      },
    },
  );
  const { token } = (JSON.parse(made.stdout) as { status: { token: string } }).status;
  const theirs = partsOf(token);
  const at = theirs['X-Amz-Date']?.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5') ?? '';
  const plan = {
    cluster: 'c',
    region: 'us-east-1',
    host: 'sts.us-east-1.amazonaws.com',
    keys: { region: 'us-east-1' },
  };
  const same = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalr', sessionToken: 'tok/en==' };
  expect(partsOf((await signEksToken(plan, same, new Date(at))).token)).toEqual(theirs);
});

const givenKeys = () => Promise.resolve(keys);

describe('connecting', () => {
  const files = folder();
  afterAll(() => files.remove());
  // A program called aws that leaves a trace: it must not run where the token is signed here.
  const bin = folder();
  bin.write(
    'aws',
    '#!/bin/sh\necho \'{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"by-plugin"}}\'',
    0o700,
  );
  afterAll(() => bin.remove());

  const seen = async (more: object, region: string[] = ['--region', 'us-east-1']) => {
    const api = await smallServer(() => ({ body: { metadata: { uid: 'u' } } }));
    const user = {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1beta1',
        command: 'aws',
        args: [...region, 'eks', 'get-token', '--cluster-name', 'c'],
      },
    };
    const [kube] = (await connectClusters(
      [],
      kubeOptions({
        kubeconfig: files.write('config', kubeconfig(api.url, user)),
        env: { PATH: `${bin.path}:/usr/bin:/bin` },
        ...more,
      }),
    )) as [KubeClient];
    await Promise.all([readIdentity(kube), readIdentity(kube)]);
    kube.close();
    await api.close();
    return api.requests[0]?.headers.authorization ?? '';
  };

  test('signs in process, with the keys of the profile that the command line means, once', async () => {
    const asked: AwsKeysWanted[] = [];
    const awsKeys = (wanted: AwsKeysWanted) => Promise.resolve((asked.push(wanted), keys));
    expect(await seen({ awsKeys })).toMatch(/^Bearer k8s-aws-v1\./);
    expect(asked).toEqual([{ region: 'us-east-1' }]);
  });

  test('runs the plugin when told to, when no region is known, and when there are no keys', async () => {
    expect(await seen({ awsKeys: givenKeys, nativeEksToken: false })).toBe('Bearer by-plugin');
    expect(await seen({ awsKeys: givenKeys }, [])).toBe('Bearer by-plugin');
    expect(await seen({ awsKeys: () => Promise.reject(new Error('no keys')) })).toBe(
      'Bearer by-plugin',
    );
  });
});
