import { spawn, spawnSync } from 'node:child_process';
import { practiceEndpoint } from './practice-endpoint.ts';

const missing = spawnSync('which', ['aws']).status !== 0 && process.env['CI'] !== 'true';

(missing ? describe.skip : describe)('the aws command line', () => {
  let it_: Awaited<ReturnType<typeof practiceEndpoint>>;

  beforeAll(async () => {
    it_ = await practiceEndpoint();
  });
  afterAll(() => it_.endpoint.close());

  async function aws(
    ...args: string[]
  ): Promise<{ code: number | null; out: string; err: string }> {
    const { PATH, HOME } = process.env;
    const child = spawn('aws', args, {
      env: {
        PATH,
        HOME,
        AWS_ENDPOINT_URL: it_.endpoint.url,
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: it_.account.accessKeyId,
        AWS_SECRET_ACCESS_KEY: it_.account.secretAccessKey,
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_CONFIG_FILE: '/dev/null',
        AWS_MAX_ATTEMPTS: '1',
        AWS_PAGER: '',
      },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { code, out: out.trim(), err: err.trim() };
  }

  test('describe-load-balancers by name, and the words for an unknown one', async () => {
    const nlb = it_.balancer();
    const known = await aws(
      'elbv2',
      'describe-load-balancers',
      '--names',
      'shared',
      '--query',
      'LoadBalancers[0].LoadBalancerArn',
      '--output',
      'text',
    );
    expect(known).toEqual({ code: 0, out: nlb, err: '' });
    const unknown = await aws('elbv2', 'describe-load-balancers', '--names', 'nobody');
    expect(unknown.code).toBe(255);
    expect(unknown.err).toContain(
      "An error occurred (LoadBalancerNotFound) when calling the DescribeLoadBalancers operation: Load balancers '[nobody]' not found",
    );
  });

  test('a service or an operation that is not here is said to be missing', async () => {
    const eks = await aws('eks', 'list-clusters');
    expect(eks.code).toBe(255);
    expect(eks.err).toContain('The sandbox has elbv2, ec2, iam and sts, but not eks.');
    const regions = await aws('ec2', 'describe-regions');
    expect(regions.err).toContain('Could not find operation DescribeRegions in the sandbox');
  });

  test('describe-target-health as a table of id, zone and state', async () => {
    const tg = it_.group();
    it_.listener(it_.balancer(), tg);
    it_.register(tg, { Id: '10.0.64.9' });
    it_.clock.advance(600_000);
    const { out } = await aws(
      'elbv2',
      'describe-target-health',
      '--target-group-arn',
      tg,
      '--query',
      'TargetHealthDescriptions[*].[Target.Id,Target.AvailabilityZone,TargetHealth.State]',
      '--output',
      'table',
    );
    expect(out).toMatch(/\|\s*10\.0\.64\.9\s*\|\s*us-east-1a\s*\|\s*healthy\s*\|/);
  });

  test('describe-target-groups page by page under --max-items', async () => {
    for (const name of ['a', 'b', 'c']) it_.group(name);
    it_.account.pageSize = 1;
    const all = await aws(
      'elbv2',
      'describe-target-groups',
      '--query',
      'TargetGroups[].TargetGroupName',
      '--output',
      'text',
    );
    expect(all.out.split(/\s+/)).toEqual(expect.arrayContaining(['a', 'b', 'c']));
    const some = await aws(
      'elbv2',
      'describe-target-groups',
      '--max-items',
      '1',
      '--output',
      'json',
    );
    expect(JSON.parse(some.out)).toMatchObject({
      TargetGroups: [{}],
      NextToken: expect.any(String),
    });
    it_.account.pageSize = undefined;
  });

  test('the walkthrough finds the backend security group by its description', async () => {
    const Description = '[k8s] Shared Backend SecurityGroup for LoadBalancer';
    const { GroupId } = it_.call('ec2.CreateSecurityGroup', {
      GroupName: 'k8s-traffic',
      Description,
      VpcId: it_.account.network.vpcId,
    });
    const { out } = await aws(
      'ec2',
      'describe-security-groups',
      '--group-ids',
      GroupId,
      '--query',
      `SecurityGroups[?Description=='${Description}'].GroupId`,
      '--output',
      'text',
    );
    expect(out).toBe(GroupId);
  });

  test('sts get-caller-identity', async () => {
    const { out } = await aws('sts', 'get-caller-identity', '--output', 'json');
    expect(JSON.parse(out)).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:user/sandbox',
    });
  });
});
