import * as ec2 from '@aws-sdk/client-ec2';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { errorOf, practiceEndpoint } from '../practice-endpoint.ts';

type Practice = Awaited<ReturnType<typeof practiceEndpoint>>;
let it_: Practice;
let elbv2: elb.ElasticLoadBalancingV2Client;
let ec2s: ec2.EC2Client;

beforeEach(async () => {
  it_ = await practiceEndpoint();
  elbv2 = new elb.ElasticLoadBalancingV2Client(it_.client);
  ec2s = new ec2.EC2Client(it_.client);
});
afterEach(async () => {
  elbv2.destroy();
  ec2s.destroy();
  await it_.endpoint.close();
});

const read = async <T extends { destroy(): void }>(
  client: T,
  ask: (client: T) => Promise<unknown>,
) => {
  const error = await errorOf(ask(client));
  client.destroy();
  return `${error.name} ${error.$metadata?.httpStatusCode}`;
};

const register = (TargetGroupArn: string) =>
  elbv2.send(new elb.RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: '10.0.64.9' }] }));

describe('refusals', () => {
  test('have the names and statuses that the SDKs know', async () => {
    const TargetGroupArn =
      'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/x/0123456789abcdef';
    const error = await errorOf(
      elbv2.send(new elb.DescribeTargetHealthCommand({ TargetGroupArn })),
    );
    expect(error).toMatchObject({
      name: 'TargetGroupNotFoundException',
      message: 'One or more target groups not found',
      $metadata: { httpStatusCode: 400, requestId: expect.any(String) },
    });
  });

  test('an unknown key, another region, no signature, an unknown action', async () => {
    const credentials = { accessKeyId: 'AKIASOMEBODYELSE0000', secretAccessKey: 'x' };
    const lbs = (o: object) =>
      read(new elb.ElasticLoadBalancingV2Client({ ...it_.client, ...o }), (client) =>
        client.send(new elb.DescribeLoadBalancersCommand({})),
      );
    expect(await lbs({ credentials })).toBe('InvalidClientTokenId 403');
    expect(await lbs({ region: 'eu-west-1' })).toBe('SignatureDoesNotMatch 403');
    expect(
      await read(new ec2.EC2Client({ ...it_.client, credentials }), (client) =>
        client.send(new ec2.DescribeVpcsCommand({})),
      ),
    ).toBe('AuthFailure 401');
    expect(
      await read(new elb.ElasticLoadBalancingV2Client(it_.client), (client) =>
        client.send(new elb.DescribeTrustStoresCommand({})),
      ),
    ).toBe('InvalidAction 400');
    const bare = await fetch(it_.endpoint.url, {
      method: 'POST',
      body: new URLSearchParams({ Action: 'DescribeVpcs', Version: '2016-11-15' }),
    });
    expect(bare.status).toBe(403);
    expect(await bare.text()).toContain('<Code>MissingAuthenticationToken</Code>');
  });

  test('STS knows its caller, in any region and by a presigned address too', async () => {
    const sts = new STSClient({ ...it_.client, region: 'eu-west-1' });
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:user/sandbox',
    });
    sts.destroy();
    const query = new URLSearchParams({
      Action: 'GetCallerIdentity',
      Version: '2011-06-15',
      'X-Amz-Credential': `${it_.account.accessKeyId}/20260105/us-east-1/sts/aws4_request`,
      'X-Amz-Signature': 'ab',
    });
    const answer = await fetch(`${it_.endpoint.url}/?${query.toString()}`);
    expect(await answer.text()).toContain('<Account>123456789012</Account>');
  });
});

describe('faults and the journal', () => {
  test('each request is journaled with who asked what and how it ended', async () => {
    const tg = it_.group();
    await register(tg);
    expect(it_.journal.entries.at(-1)).toMatchObject({
      world: 'aws',
      actor: expect.stringMatching(/^aws-sdk-js\//),
      action: 'elbv2.RegisterTargets',
      params: { TargetGroupArn: tg, Targets: [{ Id: '10.0.64.9' }] },
      status: 200,
      mutating: true,
      source: 'http',
    });
  });

  test('a further key names its owner as the actor, whatever the user agent says', async () => {
    const tg = it_.group();
    const credentials = it_.account.addKey('lbc/pri');
    expect(it_.account.addKey('lbc/sec').accessKeyId).not.toBe(credentials.accessKeyId);
    const other = new elb.ElasticLoadBalancingV2Client({ ...it_.client, credentials });
    await other.send(new elb.DescribeTargetHealthCommand({ TargetGroupArn: tg }));
    other.destroy();
    expect(it_.journal.entries.at(-1)).toMatchObject({ actor: 'lbc/pri', status: 200 });
    const lift = it_.account.access.deny({ action: /RegisterTargets/, actor: /^lbc\/pri$/ });
    await register(tg);
    expect(it_.health(tg)).toHaveLength(1);
    lift();
  });

  test('a status fault refuses as often as it says, and nothing is done', async () => {
    const tg = it_.group();
    it_.faults.add({
      world: 'aws',
      match: /RegisterTargets/,
      kind: 'status',
      status: 400,
      reason: 'Throttling',
      times: 1,
    });
    expect(await errorOf(register(tg))).toMatchObject({
      name: 'Throttling',
      message: 'Rate exceeded',
    });
    expect(it_.health(tg)).toEqual([]);
    await register(tg);
    expect(it_.health(tg)).toHaveLength(1);
  });

  test('cut: nothing is done; cut-after: done, and nobody is told', async () => {
    const tg = it_.group();
    const lift = it_.faults.add({ match: /RegisterTargets/, kind: 'cut' });
    await expect(register(tg)).rejects.toThrow();
    expect(it_.health(tg)).toEqual([]);
    lift();
    it_.faults.add({ match: /RegisterTargets/, kind: 'cut-after' });
    await expect(register(tg)).rejects.toThrow();
    expect(it_.health(tg)).toHaveLength(1);
    expect(
      it_.journal.entries.filter((one) => one.source === 'http').map((one) => one.status),
    ).toEqual([0, 0]);
  });

  test('a delayed answer waits for the clock, a hanging one for the end of the endpoint', async () => {
    const tg = it_.group();
    it_.faults.add({ match: /RegisterTargets/, kind: 'delay', delayMs: 5000, times: 1 });
    const late = register(tg);
    for (let done = false; !done;) {
      await new Promise((resolve) => setImmediate(resolve));
      it_.clock.advance(5000);
      done = it_.health(tg).length === 1;
    }
    await late;
    it_.faults.add({ match: /RegisterTargets/, kind: 'hang' });
    const never = errorOf(register(tg));
    const count = it_.journal.entries.length;
    while (it_.journal.entries.length === count)
      await new Promise((resolve) => setImmediate(resolve));
    await it_.endpoint.close();
    expect(await never).toBeInstanceOf(Error);
  });
});
