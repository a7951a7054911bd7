import { whoAmI } from './problem.ts';
import type { TargetGroup as AwsTargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import { parseArn } from '../core/model/arn.ts';
import type { HealthCheck, TargetGroup } from '../core/model/aws.ts';
import type { Problem, Reading } from '../core/model/problem.ts';
import { known, unknown } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { allPages, listIn, mapOf } from './fields.ts';
import { notAnArn } from './problem.ts';
import { readTagsOf } from './tags.ts';
import { readTargetHealth, regionalBatches, regionOf } from './target-health.ts';

type Description = Omit<TargetGroup, 'targets' | 'attributes'>;

/** ARNs in one call: the limit that the API reference gives for its like. */
const arnsPerCall = 20;

/**
 * Target groups by ARN with the health of their targets, everything in parallel: one description for
 * all of a region, one DescribeTargetHealth each. An ARN that cannot be read has a Problem of its
 * own and spoils no other. `attributes` also reads DescribeTargetGroupAttributes, `tags` one DescribeTags
 * for all of a region.
 */
export async function readTargetGroups(
  aws: AwsClient,
  arns: readonly string[],
  o: { readonly attributes?: boolean; readonly tags?: boolean } = {},
): Promise<Readonly<Record<string, Reading<TargetGroup>>>> {
  const wanted = [...new Set(arns)];
  const arnsOnly = wanted.filter((arn) => parseArn(arn) !== undefined);
  const described = describeAll(aws, arnsOnly);
  const tagged = o.tags ? readTagsOf(aws, arnsOnly) : undefined;
  const entries = wanted.map(async (arn) => {
    if (!parseArn(arn)) return [arn, unknown<TargetGroup>(notAnArn(arn, 'target group'))] as const;
    const [descriptions, targets, attributes, tags] = await Promise.all([
      described,
      readTargetHealth(aws, arn),
      o.attributes ? readAttributes(aws, arn) : undefined,
      tagged?.then((all) => all.get(arn)),
    ]);
    const description = descriptions.get(arn) ?? unknown<Description>(absent(arn));
    if (!description.ok) return [arn, description] as const;
    return [
      arn,
      known({
        ...description.value,
        targets,
        ...(attributes && { attributes }),
        ...(tags && { tags }),
      }),
    ] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/**
 * The target groups of a load balancer with their targets, but for those that are known already
 * (`except`).
 */
export async function readOtherGroups(
  aws: AwsClient,
  balancerArn: string,
  except: readonly string[],
): Promise<Reading<readonly TargetGroup[]>> {
  const about = {
    action: 'DescribeTargetGroups',
    region: regionOf(balancerArn),
    about: balancerArn,
  };
  const groups = await allPages<AwsTargetGroup>(async (Marker) => {
    const asked = { LoadBalancerArn: balancerArn, ...(Marker && { Marker }) };
    const answer = await aws.elbv2(about, (client, sdk, o) =>
      client.send(new sdk.DescribeTargetGroupsCommand(asked), o),
    );
    const list = listIn(answer, (output) => output.TargetGroups, about);
    if (!list.ok) return list;
    return known({ items: list.value, next: answer.ok ? answer.value.NextMarker : undefined });
  });
  if (!groups.ok) return groups;
  const others = groups.value.filter(({ TargetGroupArn = '' }) => !except.includes(TargetGroupArn));
  const targets = await Promise.all(
    others.map(({ TargetGroupArn = '' }) => readTargetHealth(aws, TargetGroupArn)),
  );
  return known(others.map((group, n) => ({ ...descriptionOf(group), targets: targets[n]! })));
}

async function describeAll(
  aws: AwsClient,
  arns: readonly string[],
): Promise<ReadonlyMap<string, Reading<Description>>> {
  const batches = regionalBatches(arns, arnsPerCall);
  const read = await Promise.all(batches.map((batch) => describeBatch(aws, batch)));
  return new Map(read.flat());
}

/** AWS refuses a whole batch for one bad ARN: then each is asked about by itself. */
async function describeBatch(
  aws: AwsClient,
  arns: readonly string[],
): Promise<readonly (readonly [string, Reading<Description>])[]> {
  const about = {
    action: 'DescribeTargetGroups',
    region: regionOf(arns[0] ?? ''),
    about: arns.length === 1 ? (arns[0] ?? '') : `${arns.length} target groups`,
  };
  const groups = await allPages<AwsTargetGroup>(async (Marker) => {
    const asked = { TargetGroupArns: [...arns], ...(Marker && { Marker }) };
    const answer = await aws.elbv2(about, (client, sdk, o) =>
      client.send(new sdk.DescribeTargetGroupsCommand(asked), o),
    );
    const list = listIn(answer, (output) => output.TargetGroups, about);
    if (!list.ok) return list;
    return known({ items: list.value, next: answer.ok ? answer.value.NextMarker : undefined });
  });
  if (groups.ok) {
    return groups.value.map((group) => [group.TargetGroupArn ?? '', known(descriptionOf(group))]);
  }
  const oneIsBad = ['aws-not-found', 'aws-denied', 'aws-error'].includes(groups.problem.code);
  if (arns.length === 1 || !oneIsBad) return arns.map((arn) => [arn, groups] as const);
  return (await Promise.all(arns.map((arn) => describeBatch(aws, [arn])))).flat();
}

const absent = (arn: string): Problem => ({
  code: 'aws-not-found',
  message: `AWS in ${regionOf(arn)} does not know the target group ${arn}.`,
  hints: [whoAmI()],
});

async function readAttributes(
  aws: AwsClient,
  arn: string,
): Promise<Reading<Readonly<Record<string, string>>>> {
  const about = { action: 'DescribeTargetGroupAttributes', region: regionOf(arn), about: arn };
  const answer = await aws.elbv2(about, (client, sdk, o) =>
    client.send(new sdk.DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }), o),
  );
  const list = listIn(answer, (output) => output.Attributes, about);
  return list.ok ? known(mapOf(list.value)) : list;
}

function descriptionOf(group: AwsTargetGroup): Description {
  return {
    arn: group.TargetGroupArn ?? '',
    name: group.TargetGroupName ?? '',
    protocol: group.Protocol ?? '',
    targetType: group.TargetType ?? '',
    ipFamily: group.IpAddressType === 'ipv6' ? 'ipv6' : 'ipv4',
    // AWS's default where it says nothing is ipv4.
    ...(/^ipv[46]$/.test(group.IpAddressType ?? 'ipv4')
      ? {}
      : { otherAddressType: String(group.IpAddressType) }),
    loadBalancerArns: group.LoadBalancerArns ?? [],
    healthCheck: healthCheckOf(group),
    ...(group.Port !== undefined && { port: group.Port }),
    ...(group.VpcId && { vpcId: group.VpcId }),
  };
}

function healthCheckOf(group: AwsTargetGroup): HealthCheck {
  return {
    enabled: group.HealthCheckEnabled ?? true,
    protocol: group.HealthCheckProtocol ?? '',
    port: group.HealthCheckPort ?? 'traffic-port',
    intervalSeconds: group.HealthCheckIntervalSeconds ?? 0,
    timeoutSeconds: group.HealthCheckTimeoutSeconds ?? 0,
    healthyThreshold: group.HealthyThresholdCount ?? 0,
    unhealthyThreshold: group.UnhealthyThresholdCount ?? 0,
    ...(group.HealthCheckPath && { path: group.HealthCheckPath }),
    ...(group.Matcher?.HttpCode && { matcher: group.Matcher.HttpCode }),
  };
}
