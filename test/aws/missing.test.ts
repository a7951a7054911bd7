import { connectAws } from '../../src/aws/connect.ts';
import { awsOptions } from './aws-options.ts';
import { folder } from '../kube/small-server.ts';

const files = folder();
let written = 0;
afterAll(() => files.remove());

async function problemWith(config: string, o: { profile?: string; env?: Record<string, string> }) {
  // A name of its own: the parser keeps what it has read of a file.
  const AWS_CONFIG_FILE = files.write(`aws-${(written += 1)}`, config);
  const AWS_SHARED_CREDENTIALS_FILE = `${files.path}/none`;
  const env = {
    PATH: '/usr/bin:/bin',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE,
    AWS_SHARED_CREDENTIALS_FILE,
    ...o.env,
  };
  // The SDK's own chain reads the process's environment.
  const before = { ...process.env };
  Object.assign(process.env, env);
  const { profile } = o;
  const aws = connectAws(awsOptions({ env, ...(profile ? { profile } : {}) }));
  const read = await aws.sts({ action: 'GetCallerIdentity', region: 'us-east-1' }, () =>
    Promise.resolve('sent'),
  );
  aws.close();
  process.env = before;
  return read.ok ? undefined : read.problem;
}

test.each([
  [
    'a profile that is not there, and those that are',
    '[profile one]\nregion=x\n[profile other]\nregion=x\n',
    { profile: 'on' },
    /no profile "on" in .*there are: one, other/,
  ],
  ['no profile at all', '', { profile: 'p' }, /no profile "p", and no profile at all/],
  ['AWS_PROFILE', '[profile a]\nregion=x\n', { env: { AWS_PROFILE: 'b' } }, /no profile "b"/],
  [
    'half a key pair in a profile',
    '[profile p]\naws_access_key_id=AKIAEXAMPLE000000000\n',
    { profile: 'p' },
    /has aws_access_key_id and no aws_secret_access_key/,
  ],
  [
    'half a key pair in the environment',
    '[default]\nregion=x\n',
    { env: { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE000000000' } },
    /the environment has AWS_ACCESS_KEY_ID and no AWS_SECRET_ACCESS_KEY/,
  ],
  [
    'an incomplete sso_session',
    '[profile p]\nsso_session=s\nsso_account_id=1\nsso_role_name=r\n[sso-session s]\nsso_region=us-east-1\n',
    { profile: 'p' },
    /sso_session "s" of profile "p" lacks sso_start_url/,
  ],
  [
    'an sso_session that is not there',
    '[profile p]\nsso_session=s\nsso_account_id=1\nsso_role_name=r\n',
    { profile: 'p' },
    /names sso_session "s", which is not in/,
  ],
  [
    'a role without a source',
    '[profile p]\nrole_arn=arn:aws:iam::1:role/r\n',
    { profile: 'p' },
    /has role_arn, and neither source_profile nor credential_source/,
  ],
  [
    'a source_profile that is not there',
    '[profile p]\nrole_arn=arn:aws:iam::1:role/r\nsource_profile=q\n',
    { profile: 'p' },
    /source_profile "q", and there is no profile "q"/,
  ],
  [
    "credential_process, in the program's own words",
    '[profile p]\ncredential_process=echo "token: abc; session over, run vault login" >&2; exit 3\n',
    { profile: 'p' },
    /credential_process of profile "p" ended with code 3: token: \[hidden\]; session over, run vault login/,
  ],
  [
    'a credential_process that says something else',
    '[default]\ncredential_process=echo hello\n',
    {},
    /gave an answer that is not JSON/,
  ],
])('%s', async (_, config, o, told) => {
  const problem = await problemWith(config, o);
  expect(problem).toMatchObject({
    code: 'aws-credentials-missing',
    message: expect.stringMatching(told),
  });
  expect(JSON.stringify(problem)).not.toContain('any providers');
});

test('keys in the environment win over AWS_PROFILE, and --profile over them', async () => {
  const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE000000000', AWS_SECRET_ACCESS_KEY: 'x' };
  const config = '[profile a]\nregion=x\n';
  expect(await problemWith(config, { env: { ...keys, AWS_PROFILE: 'gone' } })).toBeUndefined();
  expect((await problemWith(config, { profile: 'gone', env: keys }))?.message).toContain('"gone"');
});
