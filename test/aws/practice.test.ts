import { connectAws, type AwsClient } from '../../src/aws/connect.ts';
import { readAccount } from '../../src/aws/identity.ts';
import { readLoadBalancer } from '../../src/aws/load-balancers.ts';
import { readOwners } from '../../src/aws/network.ts';
import { readTargetGroups } from '../../src/aws/target-groups.ts';
import { readTargetHealth } from '../../src/aws/target-health.ts';
import type { Reading } from '../../src/core/model/problem.ts';
import { practiceEndpoint } from '../sandbox/aws/practice-endpoint.ts';
import { awsOptions } from './aws-options.ts';

type Practice = Awaited<ReturnType<typeof practiceEndpoint>>;
let practice: Practice;
let aws: AwsClient;
let events: unknown[];

async function start(o: { pageSize?: number } = {}): Promise<void> {
  practice = await practiceEndpoint(o);
  const { accessKeyId, secretAccessKey } = practice.account;
  const options = awsOptions({
    env: {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_ENDPOINT_URL: practice.endpoint.url,
    },
  });
  events = options.events;
  aws = connectAws(options);
}
beforeEach(() => start());
afterEach(async () => {
  aws.close();
  await practice.endpoint.close();
});

function got<T>(reading: Reading<T> | undefined): T {
  if (!reading?.ok) throw new Error(JSON.stringify(reading));
  return reading.value;
}

const asked = (action: string): number =>
  practice.journal.entries.filter(
    (entry) => entry.source === 'http' && entry.action?.endsWith(action),
  ).length;

describe('target groups', () => {
  test('come with health, health check and attributes', async () => {
    const arn = practice.group();
    practice.listener(practice.balancer(), arn);
    practice.register(arn, { Id: '10.0.64.9', Port: 80 });
    practice.clock.advance(300_000);
    const read = got((await readTargetGroups(aws, [arn], { attributes: true }))[arn]);
    expect(read).toMatchObject({
      arn,
      name: 'web',
      protocol: 'TCP',
      port: 80,
      targetType: 'ip',
      ipFamily: 'ipv4',
      vpcId: practice.account.network.vpcId,
      healthCheck: {
        enabled: true,
        protocol: 'TCP',
        port: 'traffic-port',
        intervalSeconds: 10,
        healthyThreshold: 2,
      },
    });
    expect(read.loadBalancerArns).toHaveLength(1);
    expect(got(read.targets)).toEqual([
      { target: { id: '10.0.64.9', port: 80 }, state: 'healthy', zone: 'us-east-1a' },
    ]);
    expect(got(read.attributes)).toHaveProperty(['deregistration_delay.timeout_seconds']);
  });

  test('one that is not there spoils no other', async () => {
    const arn = practice.group();
    const gone = arn.replace(/[0-9a-f]{16}$/, '0'.repeat(16));
    const read = await readTargetGroups(aws, [arn, gone, 'not-an-arn']);
    expect(read[arn]?.ok).toBe(true);
    expect(read[gone]).toMatchObject({ ok: false, problem: { code: 'aws-not-found' } });
    expect(read['not-an-arn']).toMatchObject({ ok: false, problem: { code: 'aws-not-found' } });
  });

  test('are described in one call, however many', async () => {
    const arns = ['a', 'b', 'c'].map((name) => practice.group(name));
    const read = await readTargetGroups(aws, arns);
    expect(arns.every((arn) => read[arn]?.ok)).toBe(true);
    expect(asked('DescribeTargetGroups')).toBe(1);
    expect(asked('DescribeTargetHealth')).toBe(3);
  });
});

describe('load balancers', () => {
  test('come with attributes, listeners of all pages, and security groups', async () => {
    await practice.endpoint.close();
    await start({ pageSize: 1 });
    const arn = practice.balancer();
    const [one, two] = [practice.group('one'), practice.group('two')];
    practice.listener(arn, one, 80);
    practice.listener(arn, two, 81);
    practice.clock.advance(300_000);
    const read = got(await readLoadBalancer(aws, arn, { listeners: true, securityGroups: true }));
    expect(read).toMatchObject({ arn, name: 'shared', type: 'network', state: 'active' });
    expect(read.zones).toContain('us-east-1a');
    expect(got(read.attributes)).toMatchObject({ 'deletion_protection.enabled': 'false' });
    expect(got(read.listeners)).toMatchObject([
      { port: 80, protocol: 'TCP', targetGroupArns: [one] },
      { port: 81, protocol: 'TCP', targetGroupArns: [two] },
    ]);
    expect(got(read.securityGroups)).toEqual([]);
    expect(asked('DescribeListeners')).toBeGreaterThan(1);
  });

  test('keep what could be read where attributes are denied', async () => {
    practice.faults.add({
      world: 'aws',
      kind: 'status',
      status: 403,
      reason: 'AccessDenied',
      match: /LoadBalancerAttributes/,
    });
    const read = got(await readLoadBalancer(aws, practice.balancer()));
    expect(read.name).toBe('shared');
    expect(read.attributes).toMatchObject({
      ok: false,
      problem: {
        code: 'aws-denied',
        message: expect.stringContaining('elasticloadbalancing:DescribeLoadBalancerAttributes'),
      },
    });
  });
});

const node = (clusterName: string) =>
  practice.account.network.launchInstance({ clusterName, zone: 'us-east-1a', name: 'n' });

describe('the owner of a target', () => {
  test('is found from its address by interface, instance and tag', async () => {
    const { eniId, instanceId } = node('eu-3');
    const ip = practice.account.network.assignIp(eniId);
    const read = await readOwners(aws, 'us-east-1', [ip]);
    expect(got(read[ip])).toEqual({
      networkInterface: eniId,
      instance: instanceId,
      cluster: 'eu-3',
      vpcId: practice.account.network.vpcId,
      gone: false,
    });
  });

  test('is the interface in the VPC that is meant, where another one has the same address', async () => {
    const { network } = practice.account;
    const other = network.createVpc({ cidr: '10.0.0.0/16', name: 'other' });
    const here = node('eu-3');
    const there = network.launchInstance({
      clusterName: 'elsewhere',
      zone: 'us-east-1a',
      name: 'node',
      vpcId: other,
    });
    // The practice network hands out no address twice; EC2 does, in two VPCs.
    network.interfaces.get(there.eniId)?.addresses.push(here.privateIp);
    for (const [vpcId, cluster] of [
      [network.vpcId, 'eu-3'],
      [other, 'elsewhere'],
    ] as const) {
      const read = await readOwners(aws, 'us-east-1', [here.privateIp], [vpcId]);
      expect(got(read[here.privateIp])).toMatchObject({ cluster, vpcId });
    }
  });

  test('is the instance itself for instance targets, until it is terminated', async () => {
    const { instanceId } = node('eu-3');
    const absent = 'i-0123456789abcdef0';
    const read = await readOwners(aws, 'us-east-1', [instanceId, absent]);
    expect(got(read[instanceId])).toMatchObject({
      instance: instanceId,
      cluster: 'eu-3',
      gone: false,
    });
    expect(got(read[absent])).toMatchObject({ gone: true });
    practice.account.network.terminateInstance(instanceId);
    expect(got((await readOwners(aws, 'us-east-1', [instanceId]))[instanceId])).toMatchObject({
      gone: true,
    });
  });

  test('is gone when neither an interface nor a delegated prefix has the address', async () => {
    const read = await readOwners(aws, 'us-east-1', ['10.0.99.99']);
    expect(got(read['10.0.99.99'])).toEqual({ gone: true });
  });

  test('is unknown, not gone, when interfaces may not be read', async () => {
    practice.faults.add({
      world: 'aws',
      kind: 'status',
      status: 403,
      reason: 'UnauthorizedOperation',
      match: /NetworkInterfaces/,
    });
    const read = await readOwners(aws, 'us-east-1', ['10.0.99.99']);
    expect(read['10.0.99.99']).toMatchObject({ ok: false, problem: { code: 'aws-denied' } });
  });

  test('is unknown, not nobody, when only the tags of its instance could name it, unread', async () => {
    const { privateIp, eniId } = node('eu-3');
    const { vpcId } = practice.account.network;
    practice.account.perform('ec2.DeleteTags', { Resources: [eniId] }, 'test');
    const read = async () => (await readOwners(aws, 'us-east-1', [privateIp], [vpcId]))[privateIp];
    expect(await read()).toMatchObject({ ok: true, value: { cluster: 'eu-3' } });
    practice.faults.add({
      world: 'aws',
      kind: 'status',
      status: 403,
      reason: 'UnauthorizedOperation',
      match: /DescribeInstances/,
    });
    expect(await read()).toMatchObject({ ok: false, problem: { code: 'aws-denied' } });
  });
});

test('the account is that of the credentials', async () => {
  expect(got(await readAccount(aws, 'us-east-1'))).toBe('123456789012');
});

describe('trouble', () => {
  test.each([
    ['throttling', { kind: 'status', status: 400, reason: 'Throttling' }],
    ['trouble on their side', { kind: 'status', status: 503, reason: 'ServiceUnavailable' }],
    ['a cut connection', { kind: 'cut' }],
  ] as const)('%s is tried again, and shown', async (_, fault) => {
    const arn = practice.group();
    practice.faults.add({ world: 'aws', match: /TargetHealth/, times: 2, ...fault });
    expect(got(await readTargetHealth(aws, arn))).toEqual([]);
    expect(events).toMatchObject([{ kind: 'retrying' }, { kind: 'retrying' }]);
  });

  test.each([
    [
      'throttled for good',
      { kind: 'status', status: 400, reason: 'Throttling' },
      'aws-throttled',
      5,
    ],
    [
      'keys that are over',
      { kind: 'status', status: 403, reason: 'ExpiredToken' },
      'aws-credentials-refused',
      1,
    ],
    [
      'keys that are none',
      { kind: 'status', status: 403, reason: 'InvalidClientTokenId' },
      'aws-credentials-refused',
      1,
    ],
    [
      'a right that is missing',
      { kind: 'status', status: 403, reason: 'AccessDenied' },
      'aws-denied',
      1,
    ],
    [
      'an error of no known kind',
      { kind: 'status', status: 400, reason: 'ValidationError' },
      'aws-error',
      1,
    ],
    ['a connection cut for good', { kind: 'cut' }, 'aws-unreachable', 5],
  ] as const)('%s', async (_, fault, code, times) => {
    const arn = practice.group();
    practice.faults.add({ world: 'aws', match: /TargetHealth/, ...fault });
    const read = await readTargetHealth(aws, arn);
    expect(read).toMatchObject({ ok: false, problem: { code } });
    expect(events).toHaveLength(times - 1);
  });
});
