import type { VpcPeeringConnection } from '@aws-sdk/client-ec2';
import type { Peering } from '../core/model/aws.ts';
import { known, type Reading } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { allPages, listIn } from './fields.ts';

/** The peering connections that one of these VPCs requested. Each side of a connection may have asked. */
export async function readPeerings(
  aws: AwsClient,
  region: string,
  vpcIds: readonly string[],
): Promise<Reading<readonly Peering[]>> {
  const about = { action: 'DescribeVpcPeeringConnections', region };
  const Filters = [{ Name: 'requester-vpc-info.vpc-id', Values: [...vpcIds] }];
  const read = await allPages<VpcPeeringConnection>(async (NextToken) => {
    const answer = await aws.ec2(about, (client, sdk, o) =>
      client.send(
        new sdk.DescribeVpcPeeringConnectionsCommand({ Filters, ...(NextToken && { NextToken }) }),
        o,
      ),
    );
    const list = listIn(answer, (output) => output.VpcPeeringConnections, about);
    if (!list.ok) return list;
    return known({ items: list.value, next: answer.ok ? answer.value.NextToken : undefined });
  });
  if (!read.ok) return read;
  return known(
    read.value.map((one) => ({
      id: one.VpcPeeringConnectionId ?? '',
      vpcIds: [one.RequesterVpcInfo?.VpcId, one.AccepterVpcInfo?.VpcId].filter(
        (id) => id !== undefined,
      ),
      status: one.Status?.Code ?? '',
    })),
  );
}
