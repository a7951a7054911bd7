import type { Subnet } from '@aws-sdk/client-ec2';
import { known, type Reading } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { allPages, listIn } from './fields.ts';

/** The address ranges of subnets, IPv4 and IPv6. By filter: one that is gone would make EC2 refuse the rest. */
export async function readSubnetRanges(
  aws: AwsClient,
  region: string,
  ids: readonly string[],
): Promise<Reading<readonly string[]>> {
  if (ids.length === 0) return known([]);
  const about = { action: 'DescribeSubnets', region };
  const Filters = [{ Name: 'subnet-id', Values: [...ids] }];
  const read = await allPages<Subnet>(async (NextToken) => {
    const answer = await aws.ec2(about, (client, sdk, o) =>
      client.send(new sdk.DescribeSubnetsCommand({ Filters, ...(NextToken && { NextToken }) }), o),
    );
    const list = listIn(answer, (output) => output.Subnets, about);
    if (!list.ok) return list;
    return known({ items: list.value, next: answer.ok ? answer.value.NextToken : undefined });
  });
  if (!read.ok) return read;
  const ranges = read.value.flatMap((subnet) => [
    subnet.CidrBlock,
    ...(subnet.Ipv6CidrBlockAssociationSet ?? []).map((one) => one.Ipv6CidrBlock),
  ]);
  return known([...new Set(ranges.filter((range) => range !== undefined))].toSorted());
}
