import { createServer, type RequestListener } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAws } from '../../src/aws/connect.ts';
import { readAccount } from '../../src/aws/identity.ts';
import type { AwsOptions } from '../../src/aws/options.ts';
import { readTargetGroups } from '../../src/aws/target-groups.ts';
import { readTargetHealth } from '../../src/aws/target-health.ts';
import { awsOptions } from './aws-options.ts';

const keys = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 's3cr3t',
  AWS_SESSION_TOKEN: 't0k3n',
};
const arn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';

/** What `read` gives against an endpoint that answers so. */
async function against<T>(
  listener: RequestListener,
  read: (aws: ReturnType<typeof connectAws>) => Promise<T>,
  more: Partial<AwsOptions> = {},
): Promise<{ answer: T; requests: { authorization: string; body: string }[] }> {
  const requests: { authorization: string; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      requests.push({ authorization: request.headers.authorization ?? '', body });
      listener(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const aws = connectAws(awsOptions({ ...more, env: { ...keys, AWS_ENDPOINT_URL, ...more.env } }));
  try {
    return { answer: await read(aws), requests };
  } finally {
    aws.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const xml =
  (action: string, result: string): RequestListener =>
  (_, response) =>
    void response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end(`<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);

test('the region of a request is that of the ARN', async () => {
  const { answer, requests } = await against(
    xml('DescribeTargetHealth', '<TargetHealthDescriptions/>'),
    (aws) => readTargetHealth(aws, arn.replace('us-east-1', 'ap-south-1')),
  );
  expect(answer).toEqual({ ok: true, value: [] });
  expect(requests[0]?.authorization).toContain('AKIDEXAMPLE');
  expect(requests[0]?.authorization).toContain('/ap-south-1/elasticloadbalancing/');
});

test.each([
  ['is not XML', (_: unknown, response: { end(text: string): void }) => response.end('hello')],
  [
    'is cut off',
    (_: unknown, response: { end(text: string): void }) =>
      response.end('<DescribeTargetHealthResponse><Desc'),
  ],
  ['lacks its list', xml('DescribeTargetHealth', '')],
])('an answer that %s is not "no targets"', async (_, listener) => {
  const { answer } = await against(listener, (aws) => readTargetHealth(aws, arn));
  expect(answer).toMatchObject({ ok: false, problem: { code: 'answer-malformed' } });
});

test('a group that AWS leaves out of its answer is not there', async () => {
  const { answer } = await against(
    xml('DescribeTargetGroups', '<TargetGroups/><TargetHealthDescriptions/>'),
    (aws) => readTargetGroups(aws, [arn]),
  );
  expect(answer[arn]).toMatchObject({ ok: false, problem: { code: 'aws-not-found' } });
});

test('an endpoint that never answers is unreachable, and says for how long it was waited', async () => {
  const { answer } = await against(
    () => undefined,
    (aws) => readTargetHealth(aws, arn),
    { requestTimeoutMs: 100 },
  );
  expect(answer).toMatchObject({
    ok: false,
    problem: { code: 'aws-unreachable', message: expect.stringContaining('0.1 s') },
  });
});

test('Ctrl-C ends a call that hangs', async () => {
  const stop = new AbortController();
  const { answer } = await against(
    () => stop.abort(),
    (aws) => readTargetHealth(aws, arn),
    { signal: stop.signal },
  );
  expect(answer).toMatchObject({ ok: false, problem: { code: 'interrupted' } });
});

test('a refused connection is told in plain words', async () => {
  const aws = connectAws(
    awsOptions({
      env: { ...keys, AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: 'http://127.0.0.1:1' },
    }),
  );
  expect(await readTargetHealth(aws, arn)).toMatchObject({
    ok: false,
    problem: { code: 'aws-unreachable', message: expect.stringContaining('refused') },
  });
});

const denying: RequestListener = (_, response) =>
  void response
    .writeHead(403)
    .end(
      '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
    );

test('no secret is in any message', async () => {
  const { answer } = await against(denying, (aws) => readAccount(aws, 'us-east-1'));
  expect(answer).toMatchObject({ ok: false, problem: { code: 'aws-denied' } });
  expect(JSON.stringify(answer)).not.toMatch(/s3cr3t|t0k3n/);
});

describe('credentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nlbmc-aws-'));
  const before = { ...process.env };
  beforeAll(() => {
    // The SDK's own chain reads the process's environment.
    for (const name of Object.keys(process.env))
      if (name.startsWith('AWS_') && !name.includes('WARNING')) delete process.env[name];
    const config = join(folder, 'config');
    writeFileSync(
      config,
      '[profile ops]\naws_access_key_id = AKIDFROMFILE\naws_secret_access_key = fromfile\n',
    );
    Object.assign(process.env, {
      AWS_CONFIG_FILE: config,
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
      AWS_EC2_METADATA_DISABLED: 'true',
    });
  });
  afterAll(() => {
    process.env = before;
    rmSync(folder, { recursive: true });
  });

  test('of a profile win over those in the environment', async () => {
    const { requests } = await against(
      xml('GetCallerIdentity', '<Account>1</Account>'),
      (aws) => readAccount(aws, 'us-east-1'),
      { profile: 'ops' },
    );
    expect(requests[0]?.authorization).toContain('AKIDFROMFILE');
  });

  test.each([
    ['the profile that was tried is named', { profile: 'nope' }, /profile "nope"/],
    ['no profile is named', {}, /no profile is named/],
  ])('where there are none, %s', async (_, more, words) => {
    const aws = connectAws(awsOptions(more));
    const answer = await readTargetHealth(aws, arn);
    expect(answer).toMatchObject({ ok: false, problem: { code: 'aws-credentials-missing' } });
    expect(JSON.stringify(answer)).toMatch(
      words.source.includes('"') ? /profile \\"nope\\"/ : words,
    );
  });

  test('of a role are asked of STS with the name that the aws CLI gives', async () => {
    const role =
      '<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>y</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>';
    const { answer, requests } = await against(xml('AssumeRole', role), (aws) =>
      aws.keys({ region: 'us-east-1', roleArn: 'arn:aws:iam::123456789012:role/eks' }),
    );
    expect(answer).toMatchObject({ accessKeyId: 'ASIAROLE', sessionToken: 'y' });
    expect(requests[0]?.body).toContain('RoleSessionName=EKSGetTokenAuth');
  });
});
