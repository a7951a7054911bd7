import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AwsClient, connectAws } from '../../src/aws/connect.ts';
import { readTargetHealth } from '../../src/aws/target-health.ts';
import { cutTargets } from '../../src/aws/target-health-xml.ts';
import { awsOptions } from './aws-options.ts';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';

const answerWith = (list: string): string =>
  `<DescribeTargetHealthResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/">` +
  `<DescribeTargetHealthResult>${list}</DescribeTargetHealthResult>` +
  `<ResponseMetadata><RequestId>1f4c2d3e</RequestId></ResponseMetadata></DescribeTargetHealthResponse>`;
const listOf = (...members: readonly string[]): string =>
  `<TargetHealthDescriptions>${members.map((one) => `<member>${one}</member>`).join('')}</TargetHealthDescriptions>`;

const target = '<Target><Id>10.0.64.8</Id><Port>80</Port></Target>';
const healthy = '<TargetHealth><State>healthy</State></TargetHealth>';
const draining =
  '<TargetHealth><State>draining</State><Reason>Target.DeregistrationInProgress</Reason>' +
  '<Description>Target &quot;a&quot; &amp; &lt;b&gt; it&apos;s</Description></TargetHealth>';
const whole =
  '<HealthCheckPort>80</HealthCheckPort><Target><AvailabilityZone>us-east-1a</AvailabilityZone>' +
  '<Id>2001:db8::1</Id><Port>8443</Port><QuicServerId>0x1f</QuicServerId></Target>' +
  `${draining}<AnomalyDetection><Result>normal</Result><MitigationInEffect>no</MitigationInEffect></AnomalyDetection>` +
  '<AdministrativeOverride><State>zonal_shift_active</State></AdministrativeOverride>';

/** Forms in which AWS answers. */
const usual: Readonly<Record<string, string>> = {
  'no target': '<TargetHealthDescriptions></TargetHealthDescriptions>',
  'every field, and entities': listOf(whole, `${target}${healthy}`),
  'line breaks between elements': listOf(`\n  ${target}\n  ${healthy}\n`, `${target}${healthy}`),
  'a target without a port': listOf(`<Target><Id>i-0a1b2c</Id></Target>${healthy}`),
  'a target without health': listOf(target, `${target}${healthy}`),
};

/** Forms that are XML, too, and are left to the SDK. */
const unusual: Readonly<Record<string, string>> = {
  'an empty list without an end tag': '<TargetHealthDescriptions/>',
  'an element without an end tag': listOf(`${target}<TargetHealth/>`),
  'an attribute': listOf(`${target}<TargetHealth><State a="b">healthy</State></TargetHealth>`),
  'a comment': listOf(`${target}<!-- a > b -->${healthy}`),
  'text as CDATA': listOf(
    `${target}<TargetHealth><State><![CDATA[healthy]]></State></TargetHealth>`,
  ),
  'a number for a character': listOf(
    `${target}<TargetHealth><State>healthy</State><Reason>&#65;</Reason></TargetHealth>`,
  ),
  'an id of another element': listOf(`<Other><Id>10.0.0.9</Id></Other>${target}${healthy}`),
  'a comment in an id': listOf(`<Target><Id>10.0.0.1<!-- b --></Id></Target>${healthy}`),
  'a port that is no number': listOf(`<Target><Id>10.0.0.1</Id><Port>x</Port></Target>${healthy}`),
};

let server: Server;
let body = '';
let sdk: ElasticLoadBalancingV2Client;
let aws: AwsClient;

beforeAll(async () => {
  server = createServer((_, answer) => answer.setHeader('Content-Type', 'text/xml').end(body));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' };
  sdk = new ElasticLoadBalancingV2Client({ region: 'us-east-1', endpoint, credentials: keys });
  aws = connectAws(
    awsOptions({
      env: {
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        AWS_ENDPOINT_URL: endpoint,
      },
    }),
  );
});
afterAll(async () => {
  sdk.destroy();
  aws.close();
  await new Promise((closed) => server.close(closed));
});

const bySdk = async (answer: string) => {
  body = answer;
  const output = await sdk.send(new DescribeTargetHealthCommand({ TargetGroupArn: ARN }));
  return output.TargetHealthDescriptions;
};

test.each(Object.entries(usual))('reads what the AWS SDK reads: %s', async (_, list) => {
  const cut = cutTargets(answerWith(list));
  expect(cut?.list).toEqual(await bySdk(answerWith(list)));
  expect(cut?.rest).toBe(answerWith(''));
});

test.each(Object.entries(unusual))('leaves to the AWS SDK: %s', async (_, list) => {
  expect(cutTargets(answerWith(list))).toBeUndefined();
  const found = await bySdk(answerWith(list));
  const read = await readTargetHealth(aws, ARN);
  expect(read.ok && read.value.map(({ target: { id } }) => id)).toEqual(
    (found ?? []).map(({ Target }) => Target?.Id),
  );
});

test('an answer that ends too early, or has no list, is no empty list', async () => {
  for (const list of ['', '<TargetHealthDescriptions><member>', listOf(`<Target><Id>10.0.0.1`)]) {
    body = answerWith(list);
    expect([list, (await readTargetHealth(aws, ARN)).ok]).toEqual([list, false]);
  }
});

test('thousands of targets are read with their states', async () => {
  body = answerWith(
    listOf(
      ...Array.from(
        { length: 3000 },
        (_, n) =>
          `<Target><Id>10.0.${n >> 8}.${n & 255}</Id><Port>80</Port></Target>${n % 2 ? healthy : draining}`,
      ),
    ),
  );
  const read = await readTargetHealth(aws, ARN);
  expect(read.ok && read.value).toHaveLength(3000);
  expect(read.ok && read.value[2999]).toEqual({
    target: { id: '10.0.11.183', port: 80 },
    state: 'healthy',
  });
});
