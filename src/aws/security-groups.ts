import type { IpPermission, SecurityGroup as AwsSecurityGroup } from '@aws-sdk/client-ec2';
import type { GroupRule, SecurityGroup } from '../core/model/aws.ts';
import type { Reading } from '../core/model/problem.ts';
import { known } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { allPages, groupsOf, listIn, mapOf } from './fields.ts';
import { valuesPerFilter } from './instances.ts';

/**
 * Security groups by id, with their tags and rules. By filter and not by id: one that is gone would
 * make EC2 refuse the rest. What EC2 does not show is left out.
 */
export async function readSecurityGroups(
  aws: AwsClient,
  region: string,
  ids: readonly string[],
): Promise<Reading<readonly SecurityGroup[]>> {
  return read(aws, region, 'group-id', ids);
}

/** Security groups that have one of these tags, whatever its value. */
export const readTaggedGroups = (
  aws: AwsClient,
  region: string,
  tags: readonly string[],
): Promise<Reading<readonly SecurityGroup[]>> => read(aws, region, 'tag-key', tags);

/** Security groups that have this tag with one of these values. */
export const readGroupsTagged = (
  aws: AwsClient,
  region: string,
  tag: string,
  values: readonly string[],
): Promise<Reading<readonly SecurityGroup[]>> => read(aws, region, `tag:${tag}`, values);

async function read(
  aws: AwsClient,
  region: string,
  filter: string,
  values: readonly string[],
): Promise<Reading<readonly SecurityGroup[]>> {
  const answers = await Promise.all(
    groupsOf([...new Set(values)], valuesPerFilter).map((some) =>
      readSome(aws, region, filter, some),
    ),
  );
  const failed = answers.find((one) => !one.ok);
  if (failed) return failed;
  return known(answers.flatMap((one) => (one.ok ? one.value : [])).map(groupOf));
}

function readSome(
  aws: AwsClient,
  region: string,
  Name: string,
  values: readonly string[],
): Promise<Reading<readonly AwsSecurityGroup[]>> {
  const about = { action: 'DescribeSecurityGroups', region, about: values.join(', ') };
  const Filters = [{ Name, Values: [...values] }];
  return allPages<AwsSecurityGroup>(async (NextToken) => {
    const answer = await aws.ec2(about, (client, sdk, o) =>
      client.send(
        new sdk.DescribeSecurityGroupsCommand({ Filters, ...(NextToken && { NextToken }) }),
        o,
      ),
    );
    const list = listIn(answer, (output) => output.SecurityGroups, about);
    if (!list.ok) return list;
    return known({ items: list.value, next: answer.ok ? answer.value.NextToken : undefined });
  });
}

const groupOf = (group: AwsSecurityGroup): SecurityGroup => ({
  id: group.GroupId ?? '',
  name: group.GroupName ?? '',
  description: group.Description ?? '',
  tags: mapOf(group.Tags ?? []),
  ingress: (group.IpPermissions ?? []).flatMap(rulesOf),
  egress: (group.IpPermissionsEgress ?? []).flatMap(rulesOf),
  ...(group.VpcId && { vpcId: group.VpcId }),
});

/** One rule for each peer: EC2 puts those of one protocol and range together. */
function rulesOf(permission: IpPermission): readonly GroupRule[] {
  const { IpProtocol: protocol = '-1', FromPort, ToPort } = permission;
  // -1 as a port means all of them (EC2 API, IpPermission).
  const range =
    protocol === '-1' || FromPort === undefined || ToPort === undefined || FromPort < 0
      ? {}
      : { from: FromPort, to: ToPort };
  const rule = (peer: GroupRule['peer'], description: string | undefined): GroupRule => ({
    protocol,
    ...range,
    peer,
    ...(description ? { description } : {}),
  });
  return [
    ...(permission.UserIdGroupPairs ?? []).map((one) =>
      rule({ kind: 'group', id: one.GroupId ?? '' }, one.Description),
    ),
    ...(permission.IpRanges ?? []).map((one) =>
      rule({ kind: 'range', cidr: one.CidrIp ?? '' }, one.Description),
    ),
    ...(permission.Ipv6Ranges ?? []).map((one) =>
      rule({ kind: 'range', cidr: one.CidrIpv6 ?? '' }, one.Description),
    ),
    ...(permission.PrefixListIds ?? []).map((one) =>
      rule({ kind: 'prefix-list', id: one.PrefixListId ?? '' }, one.Description),
    ),
  ];
}
