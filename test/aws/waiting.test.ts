/** @isolated Timers are replaced. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { connectAws } from '../../src/aws/connect.ts';
import { folder } from '../kube/small-server.ts';
import { awsOptions } from './aws-options.ts';

/** The part of jest's object that is used; ESM has it in import.meta, and its types do not know. */
interface Tool {
  useFakeTimers(o: { doNotFake: readonly string[] }): void;
  useRealTimers(): void;
  advanceTimersByTime(ms: number): void;
}
const { jest: tool } = import.meta as unknown as { readonly jest: Tool };

const files = folder();
const before = { ...process.env };
afterEach(() => {
  tool.useRealTimers();
  process.env = { ...before };
});
afterAll(() => files.remove());

/** Everything but setTimeout goes on by itself: processes, sockets, files. */
const doNotFake = 'Date hrtime nextTick performance queueMicrotask setImmediate clearImmediate'
  .split(' ')
  .concat('setInterval', 'clearInterval');

/** A server that keeps its answers back. */
async function holding() {
  const held: ServerResponse[] = [];
  const server = createServer((_, response) => void held.push(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked = once(server, 'request');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url, asked, held, close };
}

let written = 0;

/** Asks for credentials with this configuration; the SDK's chain looks into the process. */
function ask(config: string, env: Readonly<Record<string, string>>, profile?: string) {
  // A name of its own: the parser keeps what it has read of a file.
  const all = {
    PATH: '/usr/bin:/bin',
    HOME: files.path,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: files.write(`waiting-${(written += 1)}`, config),
    AWS_SHARED_CREDENTIALS_FILE: `${files.path}/none`,
    ...env,
  };
  Object.assign(process.env, all);
  const o = awsOptions({ env: all, ...(profile ? { profile } : {}) });
  const aws = connectAws(o);
  const answer = aws.sts({ action: 'GetCallerIdentity', region: 'us-east-1' }, () =>
    Promise.resolve('sent'),
  );
  return { answer, events: o.events };
}

test('a login that never answers is shown after a second, and given up after a minute', async () => {
  const { url, asked, close } = await holding();
  const start = 'https://example.awsapps.com/start';
  mkdirSync(`${files.path}/.aws/sso/cache`, { recursive: true });
  files.write(
    `.aws/sso/cache/${createHash('sha1').update(start).digest('hex')}.json`,
    JSON.stringify({ startUrl: start, accessToken: 't', expiresAt: '2999-01-01T00:00:00Z' }),
  );
  tool.useFakeTimers({ doNotFake });
  const { answer, events } = ask(
    `[profile s]\nsso_start_url=${start}\nsso_region=us-east-1\nsso_account_id=123456789012\nsso_role_name=r\n` +
      `[profile p]\nrole_arn=arn:aws:iam::123456789012:role/r\nsource_profile=s\n`,
    { AWS_ENDPOINT_URL_SSO: url },
    'p',
  );
  await asked;
  expect(events).toEqual([]);
  tool.advanceTimersByTime(1_000);
  expect(events).toEqual([
    { kind: 'helper', text: 'the SSO session of profile "s"', mostMs: 60_000 },
  ]);
  tool.advanceTimersByTime(59_000);
  expect(await answer).toMatchObject({
    ok: false,
    problem: {
      code: 'aws-credentials-missing',
      message: expect.stringContaining('the SSO session of profile "s" gave no answer within 60 s'),
    },
  });
  close();
});

test("a container's endpoint that is slow is shown, and waited for", async () => {
  const { url, asked, held, close } = await holding();
  tool.useFakeTimers({ doNotFake });
  const { answer, events } = ask('', { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/v1/keys?x=y` });
  await asked;
  tool.advanceTimersByTime(1_500);
  expect(events).toEqual([
    { kind: 'helper', text: `the container credentials endpoint ${url}`, mostMs: 60_000 },
  ]);
  const keys = { AccessKeyId: 'AKIAEXAMPLE000000000', SecretAccessKey: 'x', Token: 't' };
  held[0]?.end(JSON.stringify({ ...keys, Expiration: '2999-01-01T00:00:00Z' }));
  expect(await answer).toEqual({ ok: true, value: 'sent' });
  close();
});

test('a credential_process that never answers is given up after a minute, in its own name', async () => {
  tool.useFakeTimers({ doNotFake });
  const { answer, events } = ask(
    '[profile s]\ncredential_process=exec sleep 600\n' +
      '[profile p]\nrole_arn=arn:aws:iam::123456789012:role/r\nsource_profile=s\n',
    {},
    'p',
  );
  while (events.length === 0) {
    await turn();
    tool.advanceTimersByTime(10);
  }
  tool.advanceTimersByTime(60_000);
  // Asked to end, it ends.
  expect(await answer).toMatchObject({
    ok: false,
    problem: {
      message: expect.stringContaining(
        'credential_process of profile "s" gave no answer within 60 s',
      ),
    },
  });
});

test('keys that come at once are not shown', async () => {
  const process = `echo '{"Version":1,"AccessKeyId":"AKIAEXAMPLE000000000","SecretAccessKey":"x"}'`;
  const { answer, events } = ask(`[profile p]\ncredential_process=${process}\n`, {}, 'p');
  expect(await answer).toEqual({ ok: true, value: 'sent' });
  expect(events).toEqual([]);
});

test('a role that needs a code of a device says so, and runs nothing', async () => {
  const { answer } = ask(
    '[profile s]\ncredential_process=exit 7\n' +
      '[profile p]\nrole_arn=arn:aws:iam::1:role/r\nsource_profile=s\nmfa_serial=arn:aws:iam::1:mfa/me\n',
    {},
    'p',
  );
  expect(await answer).toMatchObject({
    ok: false,
    problem: { message: expect.stringContaining('profile "p" has mfa_serial') },
  });
});

test('a role is taken on with the keys of a credential_process that another profile has', async () => {
  const { url, asked, held, close } = await holding();
  const own = `echo '{"Version":1,"AccessKeyId":"AKIAFROMPROCESS00000","SecretAccessKey":"x"}'`;
  const { answer } = ask(
    `[profile s]\ncredential_process=${own}\n` +
      '[profile p]\nrole_arn=arn:aws:iam::123456789012:role/r\nsource_profile=s\nexternal_id=e1\n',
    { AWS_ENDPOINT_URL_STS: url },
    'p',
  );
  const [request] = (await asked) as [IncomingMessage];
  expect(request.headers.authorization).toContain('AKIAFROMPROCESS00000');
  let body = '';
  for await (const part of request) body += String(part);
  expect(Object.fromEntries(new URLSearchParams(body))).toMatchObject({
    Action: 'AssumeRole',
    RoleArn: 'arn:aws:iam::123456789012:role/r',
    ExternalId: 'e1',
  });
  const keys =
    '<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>y</SecretAccessKey><SessionToken>t</SessionToken>';
  held[0]
    ?.writeHead(200, { 'content-type': 'text/xml' })
    .end(
      `<AssumeRoleResponse><AssumeRoleResult><Credentials>${keys}<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    );
  expect(await answer).toEqual({ ok: true, value: 'sent' });
  close();
});
