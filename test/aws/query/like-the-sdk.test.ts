import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as ec2 from '@aws-sdk/client-ec2';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import { SignatureV4 } from '@smithy/signature-v4';
import { QueryClient, type QueryCommand } from '../../../src/aws/query/client.ts';
import * as ownEc2 from '../../../src/aws/query/ec2.ts';
import { elbv2ErrorNames } from '../../../src/aws/query/elbv2-errors.ts';
import * as ownElb from '../../../src/aws/query/elbv2.ts';
import { signed } from '../../../src/aws/query/sign.ts';
import { agentsFor } from '../../../src/aws/agents.ts';
import { thrownOf } from '../../../src/aws/thrown.ts';
import { Sha256 } from '../../../src/kube/signer.ts';
import { fullSize } from '../../full-size.ts';
import { randomFrom } from '../../laws/interleave/random.ts';
import '../aws-options.ts';
import { valueFor, xmlFor } from './random-values.ts';

/** Answers of each operation that both clients read. */
const ANSWERS = fullSize ? 100 : 15;
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 32));

type Send = (command: object, o: { abortSignal: AbortSignal }) => Promise<object>;
type Make = new (input: object) => QueryCommand;
interface Pair {
  readonly name: string;
  readonly dialect: 'query' | 'ec2';
  readonly Own: Make;
  readonly Sdk: new (input: object) => object;
  readonly schema: readonly unknown[];
}

const operations = (own: object, sdk: object, dialect: Pair['dialect']): readonly Pair[] =>
  Object.entries(own)
    .filter(([name]) => name.endsWith('Command'))
    .map(([command, Own]) => {
      const name = command.replace(/Command$/, '');
      const [Sdk, schema] = [Reflect.get(sdk, command), Reflect.get(sdk, `${name}$`)];
      return { name, dialect, Own, Sdk, schema } as Pair;
    });
const pairs = [...operations(ownElb, elb, 'query'), ...operations(ownEc2, ec2, 'ec2')];

let server: Server;
let answer: { status: number; body: string; headers?: Record<string, string> };
let asked: { body: string; headers: IncomingHttpHeaders }[];
let clients: Readonly<Record<Pair['dialect'], { own: Send; sdk: Send; destroy: () => void }>>;

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push({ body, headers: request.headers });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
beforeEach(() => {
  asked = [];
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'x' };
  const o = { region: 'us-east-1', endpoint, maxAttempts: 1 };
  const agents = agentsFor({ HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: '*' })!;
  const own = { ...o, agents, credentials: () => Promise.resolve(keys) };
  const both = (mine: QueryClient, theirs: { send: unknown; destroy(): void }) => ({
    own: mine.send.bind(mine) as Send,
    sdk: (theirs.send as Send).bind(theirs),
    destroy: () => (mine.destroy(), theirs.destroy()),
  });
  clients = {
    query: both(
      new QueryClient(ownElb.service, own),
      new elb.ElasticLoadBalancingV2Client({ ...o, credentials: keys }),
    ),
    ec2: both(new QueryClient(ownEc2.service, own), new ec2.EC2Client({ ...o, credentials: keys })),
  };
});
afterEach(() => Object.values(clients).forEach((one) => one.destroy()));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** What a client makes of the answer: its output, or its error as nlbmc reads it. */
async function made(send: Send, command: object): Promise<unknown> {
  const abortSignal = AbortSignal.timeout(20_000);
  try {
    const { $metadata: _, ...output } = (await send(command, { abortSignal })) as Record<
      string,
      unknown
    >;
    return output;
  } catch (error) {
    return thrownOf(error);
  }
}

const ask = async ({ dialect, Own, Sdk }: Pair, input: object) => ({
  own: await made(clients[dialect].own, new Own(input)),
  sdk: await made(clients[dialect].sdk, new Sdk(input)),
});

test('the operations are those of the SDK, by their names', () => {
  expect(pairs.length).toBe(15);
  for (const { name, Sdk } of pairs) expect([name, typeof Sdk]).toEqual([name, 'function']);
});

test.each(pairs.map((pair) => [pair.name, pair] as const))(
  '%s asks and reads as the SDK does, whatever the answer has',
  async (name, pair) => {
    const [, , , , input, output] = pair.schema;
    for (let n = 0; n < ANSWERS; n += 1) {
      const random = randomFrom(seed + n);
      const content = xmlFor(output, valueFor(output, random), random);
      const inner = pair.dialect === 'ec2' ? content : `<${name}Result>${content}</${name}Result>`;
      const body = `<?xml version="1.0" encoding="UTF-8"?>\n<${name}Response xmlns="http://a/b>c/">${inner}<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${name}Response>\n`;
      answer = { status: 200, body };
      asked = [];
      const { own, sdk } = await ask(pair, valueFor(input, random) as object);
      expect({ seed: seed + n, body, own }).toEqual({ seed: seed + n, body, own: sdk });
      // The same fields: in any order, the service reads them by their names.
      const [mine, theirs] = asked.map((one) => one.body.split('&').toSorted());
      expect({ seed: seed + n, mine }).toEqual({ seed: seed + n, mine: theirs });
      expect(asked[0]?.headers['content-type']).toBe(asked[1]?.headers['content-type']);
    }
  },
);

const error = (code: string, more = '') =>
  `<ErrorResponse xmlns="x"><Error><Type>Sender</Type><Code>${code}</Code><Message>It's &lt;so&gt;${more}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
const ec2Error = (code: string) =>
  `<?xml version="1.0"?>\n<Response><Errors><Error><Code>${code}</Code><Message>No. Encoded: a/b+c</Message></Error></Errors><RequestID>1</RequestID></Response>`;
const first = (dialect: Pair['dialect']) => pairs.find((pair) => pair.dialect === dialect)!;

test.each([
  ['query', 400, error('TargetGroupNotFound')],
  ['query', 400, error('Throttling', '\nand more')],
  ['query', 403, error('AccessDenied')],
  ['query', 400, '<ErrorResponse><Error><Code>ValidationError</Code></Error></ErrorResponse>'],
  ['query', 500, '<ErrorResponse><Error><Message>no code</Message></Error></ErrorResponse>'],
  ['query', 404, '<a><b/></a>'],
  ['query', 503, ''],
  ['ec2', 400, ec2Error('InvalidInstanceID.NotFound')],
  ['ec2', 403, ec2Error('UnauthorizedOperation')],
  ['ec2', 503, ec2Error('RequestLimitExceeded')],
  ['ec2', 404, ''],
] as const)(
  'an error is the one that the SDK makes of it: %s %i %s',
  async (dialect, status, body) => {
    answer = { status, body };
    const { own, sdk } = await ask(first(dialect), {});
    expect(own).toEqual(sdk);
  },
);

test('each error that the SDK has a name for has that name', async () => {
  const codes = Object.values(elb).flatMap((schema) => {
    const traits = Array.isArray(schema) && schema[0] === -3 ? (schema[3] as object) : {};
    const named = Reflect.get(Object(traits), 'awsQueryError') as [string] | undefined;
    return named ? [[named[0], (schema as string[])[2]]] : [];
  });
  expect(codes.length).toBeGreaterThan(50);
  expect(Object.fromEntries(elbv2ErrorNames)).toEqual(Object.fromEntries(codes));
});

test.each([
  ['a page of a proxy', 502, '<html><body>Bad <b>gateway</b></body></html>'],
  ['text', 502, 'upstream connect error'],
  ['half an answer', 200, '<A><B>text'],
  ['the end of another element', 200, '<A><B></C></A>'],
  ['elements where a value belongs', 200, ''],
  ['JSON', 200, '{}'],
  ['two roots, as text', 200, 'a<A/>'],
])('an answer that is none is refused as the SDK does: %s', async (what, status, body) => {
  const pair = pairs.find(({ name }) => name === 'DescribeTargetHealth')!;
  const odd =
    '<A><DescribeTargetHealthResult><TargetHealthDescriptions><member><Target><Id><x>1</x></Id></Target></member></TargetHealthDescriptions></DescribeTargetHealthResult></A>';
  answer = { status, body: what.startsWith('elements') ? odd : body };
  const { own, sdk } = await ask(pair, {});
  const { message: _, ...mine } = own as { message: string };
  const { message: __, ...theirs } = sdk as { message: string };
  expect(mine).toEqual(theirs);
});

test('a clock that is off is told from the answer, and the next signature has the right time', async () => {
  const there = Date.now() + 3_600_000;
  const date = new Date(there).toUTCString();
  answer = { status: 403, body: error('SignatureDoesNotMatch'), headers: { date } };
  const { own, sdk } = await ask(first('query'), {});
  expect(own).toMatchObject({ clockCorrected: true });
  expect(own).toEqual(sdk);
  const again = await ask(first('query'), {});
  expect(again.own).toMatchObject({ clockCorrected: false });
  const stamps = asked.slice(-2).map(({ headers }) => String(headers['x-amz-date']).slice(0, 11));
  expect(stamps[0]).toBe(new Date(there).toISOString().replaceAll('-', '').slice(0, 11));
  expect(stamps[0]).toBe(stamps[1]);
});

test.each([undefined, 'tok/en=='])(
  'a signature is the one of the SDK (session token: %s)',
  async (token) => {
    const keys = {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG',
      ...(token && { sessionToken: token }),
    };
    const body = 'Action=DescribeTargetHealth&Version=2015-12-01&TargetGroupArn=arn%3Aaws';
    const host = 'elasticloadbalancing.eu-west-1.amazonaws.com';
    const [region, signingName] = ['eu-west-1', 'elasticloadbalancing'];
    const time = new Date('2026-01-02T03:04:05.678Z');
    const own = signed({ host, region, signingName, body }, keys, time);
    const signer = new SignatureV4({
      credentials: keys,
      region,
      service: signingName,
      sha256: Sha256,
      applyChecksum: false,
    });
    const request = {
      method: 'POST',
      protocol: 'https:',
      hostname: host,
      path: '/',
      query: {},
      headers: { host, 'content-type': own['content-type'] ?? '' },
      body,
    };
    const { headers } = await signer.sign(request, { signingDate: time });
    expect(own).toEqual(headers);
  },
);
