import { connectAws, type AwsClient } from '../../src/aws/connect.ts';
import { createPlaceholder, deleteTargetGroup } from '../../src/aws/placeholder.ts';
import { readGroupsTagged } from '../../src/aws/security-groups.ts';
import { readLoadBalancer } from '../../src/aws/load-balancers.ts';
import { readListenerTags, readTagged } from '../../src/aws/tagged.ts';
import { writeTags } from '../../src/aws/write-tags.ts';
import type { Reading } from '../../src/core/model/problem.ts';
import type { AwsStep } from '../../src/core/plan/plan.ts';
import { practiceEndpoint } from '../sandbox/aws/practice-endpoint.ts';
import { awsOptions } from './aws-options.ts';

const REGION = 'us-east-1';
const CLUSTER = 'elbv2.k8s.aws/cluster';
const STACK = 'service.k8s.aws/stack';

type Practice = Awaited<ReturnType<typeof practiceEndpoint>>;
type WriteTags = Extract<AwsStep, { kind: 'write-tags' }>;
let practice: Practice;
let aws: AwsClient;

async function start(o: { pageSize?: number } = {}): Promise<void> {
  practice = await practiceEndpoint(o);
  const { accessKeyId, secretAccessKey } = practice.account;
  aws = connectAws(
    awsOptions({
      env: {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_ENDPOINT_URL: practice.endpoint.url,
      },
    }),
  );
}
const stop = async (): Promise<void> => {
  aws.close();
  await practice.endpoint.close();
};
beforeEach(() => start());
afterEach(() => stop());

function got<T>(reading: Reading<T>): T {
  if (!reading.ok) throw new Error(JSON.stringify(reading));
  return reading.value;
}
const codeOf = (reading: Reading<unknown>): string =>
  reading.ok ? 'no problem' : reading.problem.code;

const asked = (action: string): number =>
  practice.journal.entries.filter(
    (entry) => entry.source === 'http' && entry.action?.endsWith(`.${action}`),
  ).length;

/** Tags as AWS has them, by key. */
function tagsOf(arn: string): Record<string, string> {
  const { TagDescriptions } = practice.call('elbv2.DescribeTags', { ResourceArns: [arn] });
  const tags: { Key: string; Value: string }[] = TagDescriptions[0].Tags;
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

const write = (over: Partial<WriteTags>): WriteTags => ({
  kind: 'write-tags',
  phase: 'retag',
  region: REGION,
  of: 'load-balancing',
  resources: [],
  names: [],
  set: {},
  remove: [],
  before: {},
  ...over,
});

/** The tags of the listeners of a load balancer, which are read with it. */
async function listenerTags(balancer: string) {
  const { listeners } = got(await readLoadBalancer(aws, balancer, { listeners: true }));
  if (!listeners?.ok) throw new Error('no listeners');
  return readListenerTags(aws, REGION, listeners.value);
}

const groups = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => practice.group(`g${n}`));

describe('tags', () => {
  test('of many resources are written in requests of twenty', async () => {
    const arns = groups(41);
    const step = write({ resources: arns, set: { [CLUSTER]: 'new' }, remove: ['gone', 'never'] });
    practice.call('elbv2.AddTags', { ResourceArns: arns.slice(0, 20), Tags: [{ Key: 'gone' }] });
    got(await writeTags(aws, step));
    expect(arns.map(tagsOf)).toEqual(arns.map(() => ({ [CLUSTER]: 'new' })));
    expect([asked('AddTags'), asked('RemoveTags')]).toEqual([3, 3]);
  });

  test('of listeners and load balancers, in the order of the step', async () => {
    const balancer = practice.balancer();
    const listener = practice.listener(balancer, practice.group());
    got(await writeTags(aws, write({ resources: [listener, balancer], set: { a: '1' } })));
    expect([tagsOf(listener), tagsOf(balancer)]).toEqual([{ a: '1' }, { a: '1' }]);
    expect(asked('RemoveTags')).toBe(0);
    expect(got(await listenerTags(balancer))).toEqual({ [listener]: { a: '1' } });
  });

  test('of a security group: a tag goes whatever its value is', async () => {
    const { vpcId: VpcId } = practice.account.network;
    const { GroupId } = practice.call('ec2.CreateSecurityGroup', {
      GroupName: 'front',
      Description: 'd',
      VpcId,
    });
    const resources: string[] = [GroupId];
    const of = 'security-group';
    got(await writeTags(aws, write({ of, resources, set: { [CLUSTER]: 'old', kept: 'x' } })));
    expect(got(await readGroupsTagged(aws, REGION, CLUSTER, ['old', 'new']))).toMatchObject([
      { id: GroupId, tags: { [CLUSTER]: 'old', kept: 'x' } },
    ]);
    got(await writeTags(aws, write({ of, resources, remove: [CLUSTER] })));
    expect(got(await readGroupsTagged(aws, REGION, CLUSTER, ['old', 'new']))).toEqual([]);
  });

  test.each(['AddTags', 'RemoveTags'])(
    'whose answer to %s was lost are written all the same',
    async (action) => {
      const [arn = ''] = groups(1);
      practice.call('elbv2.AddTags', { ResourceArns: [arn], Tags: [{ Key: 'b', Value: '2' }] });
      practice.faults.add({ world: 'aws', kind: 'cut-after', match: new RegExp(action), times: 1 });
      got(await writeTags(aws, write({ resources: [arn], set: { a: '1' }, remove: ['b'] })));
      expect(tagsOf(arn)).toEqual({ a: '1' });
    },
  );

  test('of a resource that is gone, or without the right: a problem', async () => {
    const [arn = ''] = groups(1);
    const gone = arn.replace(/[0-9a-f]{16}$/, '0'.repeat(16));
    const step = write({ resources: [gone], set: { a: '1' } });
    expect(codeOf(await writeTags(aws, step))).toBe('aws-not-found');
    const reason = 'AccessDenied';
    practice.faults.add({ world: 'aws', kind: 'status', status: 403, reason, match: /AddTags/ });
    const denied = await writeTags(aws, { ...step, resources: [arn] });
    expect(denied).toMatchObject({
      problem: {
        code: 'aws-denied',
        message: expect.stringContaining('elasticloadbalancing:AddTags'),
      },
    });
  });
});

describe('what is found by its tags', () => {
  const everything = (): boolean => true;

  test.each([
    ['in one page', {}],
    ['in pages of one', { pageSize: 1 }],
  ])('is all load balancers and target groups of the region, %s', async (_, o) => {
    await stop();
    await start(o);
    const balancer = practice.balancer();
    const [one, two] = [practice.group('one'), practice.group('two')];
    practice.listener(balancer, one);
    const Tags = [{ Key: STACK, Value: 'default/nginx' }];
    practice.call('elbv2.AddTags', { ResourceArns: [one], Tags });
    const found = got(await readTagged(aws, REGION, everything));
    expect(found.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      {
        kind: 'target-group',
        arn: one,
        name: 'one',
        tags: { [STACK]: 'default/nginx' },
        loadBalancerArns: [balancer],
      },
      { kind: 'load-balancer', arn: balancer, name: 'shared', tags: {}, loadBalancerArns: [] },
      { kind: 'target-group', arn: two, name: 'two', tags: {}, loadBalancerArns: [] },
    ]);
  });

  test('is read of those alone whose name is meant, twenty in a request', async () => {
    groups(45);
    const some = got(await readTagged(aws, REGION, (name) => name.startsWith('g1')));
    // g1 and g10 to g19.
    expect(some).toHaveLength(11);
    expect(asked('DescribeTags')).toBe(1);
    expect(got(await readTagged(aws, REGION, everything))).toHaveLength(45);
    expect(asked('DescribeTags')).toBe(1 + 3);
  });

  test('leaves out what has gone since it was listed', async () => {
    const [kept, gone] = [practice.group('kept'), practice.group('gone')];
    // The group goes while its name is looked at.
    const read = await readTagged(aws, REGION, (name) => {
      if (name === 'gone') practice.call('elbv2.DeleteTargetGroup', { TargetGroupArn: gone });
      return true;
    });
    expect(got(read).map(({ arn }) => arn)).toEqual([kept]);
  });

  test.each(['DescribeLoadBalancers', 'DescribeTargetGroups', 'DescribeTags'])(
    'is unknown as a whole where %s is denied',
    async (action) => {
      groups(2);
      practice.faults.add({
        world: 'aws',
        kind: 'status',
        status: 403,
        reason: 'AccessDenied',
        match: new RegExp(action),
      });
      expect(codeOf(await readTagged(aws, REGION, everything))).toBe('aws-denied');
    },
  );
});

describe('answers that lack what they must have', () => {
  /** From now on the answers to an action are as this function leaves them. */
  const answering = (action: string, spoil: (answer: Record<string, any>) => void): void => {
    const { account } = practice;
    const perform = account.perform.bind(account);
    account.perform = (name, ...rest) => {
      const answer = structuredClone(perform(name, ...rest)) as Record<string, any>;
      if (name === `elbv2.${action}`) spoil(answer);
      return answer;
    };
  };

  test.each<[string, string, (answer: Record<string, any>) => void]>([
    ['a name', 'DescribeTargetGroups', ({ TargetGroups: [one] }) => delete one.TargetGroupName],
    ['an ARN', 'DescribeLoadBalancers', ({ LoadBalancers: [one] }) => delete one.LoadBalancerArn],
    ['the tags of one', 'DescribeTags', ({ TagDescriptions }) => TagDescriptions.pop()],
  ])('%s: nothing is known', async (_, action, spoil) => {
    practice.listener(practice.balancer(), practice.group());
    answering(action, spoil);
    expect(codeOf(await readTagged(aws, REGION, () => true))).toBe('answer-malformed');
  });

  test('a listener without an ARN', async () => {
    const balancer = practice.balancer();
    practice.listener(balancer, practice.group());
    answering('DescribeListeners', ({ Listeners: [one] }) => delete one.ListenerArn);
    expect(codeOf(await listenerTags(balancer))).toBe('answer-malformed');
  });
});

describe('the target group that takes a name', () => {
  const step = () =>
    ({
      kind: 'create-placeholder',
      phase: 'restart',
      region: REGION,
      name: 'k8s-default-nginx-0123456789',
      protocol: 'UDP',
      port: 80,
      targetType: 'ip',
      vpcId: practice.account.network.vpcId,
    }) as const;
  const namesNow = (): string[] =>
    practice
      .call('elbv2.DescribeTargetGroups')
      .TargetGroups.map((one: { TargetGroupName: string }) => one.TargetGroupName);

  test('is made once, also where the answer was lost, and has no tags', async () => {
    practice.faults.add({ world: 'aws', kind: 'cut-after', match: /CreateTargetGroup/, times: 1 });
    got(await createPlaceholder(aws, step()));
    got(await createPlaceholder(aws, step()));
    expect(namesNow()).toEqual([step().name]);
    const [only] = got(await readTagged(aws, REGION, () => true));
    expect(only?.tags).toEqual({});
  });

  test('is a problem where one of that name has other settings', async () => {
    practice.group(step().name);
    const refused = await createPlaceholder(aws, step());
    expect(refused).toMatchObject({
      problem: {
        code: 'aws-error',
        message: expect.stringContaining('DuplicateTargetGroupName'),
      },
    });
  });

  test('is deleted, also where the answer was lost or it is gone already', async () => {
    const arn = practice.group(step().name);
    const gone = { kind: 'delete-target-group', phase: 'finish', arn, name: 'x' } as const;
    practice.faults.add({ world: 'aws', kind: 'cut-after', match: /DeleteTargetGroup/, times: 1 });
    got(await deleteTargetGroup(aws, gone));
    got(await deleteTargetGroup(aws, gone));
    expect(namesNow()).toEqual([]);
  });

  test('is not deleted while a listener forwards to it', async () => {
    const arn = practice.group();
    practice.listener(practice.balancer(), arn);
    const inUse = { kind: 'delete-target-group', phase: 'finish', arn, name: 'web' } as const;
    expect(codeOf(await deleteTargetGroup(aws, inUse))).toBe('aws-error');
    expect(namesNow()).toEqual(['web']);
  });
});
