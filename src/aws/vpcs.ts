import { awsHint } from '../core/model/hint.ts';
import type { Vpc as AwsVpc } from '@aws-sdk/client-ec2';
import type { Vpc } from '../core/model/aws.ts';
import { known, type Problem, type Reading, unknown } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { allPages, listIn } from './fields.ts';

/**
 * The VPCs by id, with every address range associated to them. By filter and not by id: one that
 * is not there would make EC2 refuse the rest. One that EC2 does not show has a problem of its own.
 */
export async function readVpcs(
  aws: AwsClient,
  region: string,
  ids: readonly string[],
): Promise<Readonly<Record<string, Reading<Vpc>>>> {
  const wanted = [...new Set(ids)];
  const about = { action: 'DescribeVpcs', region };
  const Filters = [{ Name: 'vpc-id', Values: wanted }];
  const read = await allPages<AwsVpc>(async (NextToken) => {
    const answer = await aws.ec2(about, (client, sdk, o) =>
      client.send(new sdk.DescribeVpcsCommand({ Filters, ...(NextToken && { NextToken }) }), o),
    );
    const list = listIn(answer, (output) => output.Vpcs, about);
    if (!list.ok) return list;
    return known({ items: list.value, next: answer.ok ? answer.value.NextToken : undefined });
  });
  if (!read.ok) return Object.fromEntries(wanted.map((id) => [id, read]));
  const found = new Map(read.value.map((vpc) => [vpc.VpcId ?? '', vpc]));
  return Object.fromEntries(
    wanted.map((id): readonly [string, Reading<Vpc>] => {
      const vpc = found.get(id);
      return [id, vpc ? known(vpcOf(id, vpc)) : unknown(hidden(id, region))];
    }),
  );
}

const hidden = (id: string, region: string): Problem => ({
  code: 'aws-not-found',
  message: `EC2 in ${region} does not show the VPC ${id} to these credentials.`,
  hints: [awsHint(['ec2', 'describe-vpcs', '--vpc-ids', id, '--region', region])],
});

/** A range that is being taken off, or failed to be put on, is none of the VPC's. */
const inUse = (state: string | undefined): boolean =>
  state === undefined || ['associated', 'associating'].includes(state);

function vpcOf(id: string, vpc: AwsVpc): Vpc {
  const ranges = [
    vpc.CidrBlock,
    ...(vpc.CidrBlockAssociationSet ?? []).map((one) =>
      inUse(one.CidrBlockState?.State) ? one.CidrBlock : undefined,
    ),
    ...(vpc.Ipv6CidrBlockAssociationSet ?? []).map((one) =>
      inUse(one.Ipv6CidrBlockState?.State) ? one.Ipv6CidrBlock : undefined,
    ),
  ].filter((range) => range !== undefined);
  return { id, ranges: [...new Set(ranges)], ...(vpc.OwnerId && { owner: vpc.OwnerId }) };
}
