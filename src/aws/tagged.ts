import type { TargetGroup as AwsTargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Listener, Tags } from '../core/model/aws.ts';
import type { TaggedResource } from '../core/model/handover.ts';
import { known, type Reading, unknown } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { allPages, listIn } from './fields.ts';
import { describeAll } from './find-load-balancer.ts';
import { malformed } from './problem.ts';
import { readTagsOf } from './tags.ts';

type Untagged = Omit<TaggedResource, 'tags'>;

/**
 * Load balancers and target groups of a region with their tags: those whose name is `meant`, for AWS
 * filters neither by tag nor by a part of the name. What has gone since it was listed is left out.
 */
export async function readTagged(
  aws: AwsClient,
  region: string,
  isMeant: (name: string) => boolean,
): Promise<Reading<readonly TaggedResource[]>> {
  const [balancers, groups] = await Promise.all([
    listBalancers(aws, region),
    listGroups(aws, region),
  ]);
  if (!balancers.ok) return balancers;
  if (!groups.ok) return groups;
  const meant = [...balancers.value, ...groups.value].filter(({ name }) => isMeant(name));
  const tags = await tagsOf(
    aws,
    meant.map(({ arn }) => arn),
  );
  if (!tags.ok) return tags;
  return known(
    meant.flatMap((one) => {
      const found = tags.value[one.arn];
      return found ? [{ ...one, tags: found }] : [];
    }),
  );
}

/** Tags of the listeners of a load balancer, by ARN. */
export async function readListenerTags(
  aws: AwsClient,
  region: string,
  listeners: readonly Listener[],
): Promise<Reading<Readonly<Record<string, Tags>>>> {
  const arns = listeners.flatMap(({ arn }) => arn ?? []);
  return arns.length === listeners.length
    ? tagsOf(aws, arns)
    : unknown(malformed({ action: 'DescribeListeners', region }));
}

/** The tags of each; one that is gone has none. Another failure is that of all. */
async function tagsOf(
  aws: AwsClient,
  arns: readonly string[],
): Promise<Reading<Readonly<Record<string, Tags>>>> {
  const all: Record<string, Tags> = {};
  for (const [arn, tags] of await readTagsOf(aws, arns)) {
    if (tags.ok) all[arn] = tags.value;
    else if (tags.problem.code !== 'aws-not-found') return tags;
  }
  return known(all);
}

async function listBalancers(
  aws: AwsClient,
  region: string,
): Promise<Reading<readonly Untagged[]>> {
  const about = { action: 'DescribeLoadBalancers', region };
  const read = await describeAll(aws, region);
  if (!read.ok) return read;
  return identified(
    read.value.map((one) => ({
      kind: 'load-balancer',
      arn: one.LoadBalancerArn,
      name: one.LoadBalancerName,
      loadBalancerArns: [],
    })),
    about,
  );
}

async function listGroups(aws: AwsClient, region: string): Promise<Reading<readonly Untagged[]>> {
  const about = { action: 'DescribeTargetGroups', region };
  const read = await allPages<AwsTargetGroup>(async (Marker) => {
    const answer = await aws.elbv2(about, (client, sdk, o) =>
      client.send(new sdk.DescribeTargetGroupsCommand({ ...(Marker && { Marker }) }), o),
    );
    const list = listIn(answer, (output) => output.TargetGroups, about);
    if (!list.ok) return list;
    return known({ items: list.value, next: answer.ok ? answer.value.NextMarker : undefined });
  });
  if (!read.ok) return read;
  return identified(
    read.value.map((one) => ({
      kind: 'target-group',
      arn: one.TargetGroupArn,
      name: one.TargetGroupName,
      loadBalancerArns: one.LoadBalancerArns ?? [],
    })),
    about,
  );
}

/** The resources, which all must have a name and an ARN: what cannot be named could be a stray one. */
function identified(
  resources: readonly {
    readonly kind: TaggedResource['kind'];
    readonly arn: string | undefined;
    readonly name: string | undefined;
    readonly loadBalancerArns: readonly string[];
  }[],
  about: { readonly action: string; readonly region: string },
): Reading<readonly Untagged[]> {
  const found = resources.flatMap(({ arn, name, ...rest }) =>
    arn === undefined || name === undefined ? [] : [{ ...rest, arn, name }],
  );
  return found.length === resources.length ? known(found) : unknown(malformed(about));
}
