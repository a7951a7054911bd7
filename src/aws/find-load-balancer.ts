import type { LoadBalancer as AwsLoadBalancer } from '@aws-sdk/client-elastic-load-balancing-v2';
import { known, type Reading } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { allPages, listIn } from './fields.ts';

/** All load balancers of a region as AWS describes them, in its order. */
export function describeAll(
  aws: AwsClient,
  region: string,
): Promise<Reading<readonly AwsLoadBalancer[]>> {
  const about = { action: 'DescribeLoadBalancers', region };
  return allPages<AwsLoadBalancer>(async (Marker) => {
    const answer = await aws.elbv2(about, (client, sdk, o) =>
      client.send(new sdk.DescribeLoadBalancersCommand({ ...(Marker && { Marker }) }), o),
    );
    const list = listIn(answer, (output) => output.LoadBalancers, about);
    if (!list.ok) return list;
    return known({ items: list.value, next: answer.ok ? answer.value.NextMarker : undefined });
  });
}

/** The load balancers of a region by name and ARN, in AWS's order. */
export async function listLoadBalancers(
  aws: AwsClient,
  region: string,
): Promise<Reading<readonly { readonly name: string; readonly arn: string }[]>> {
  const read = await describeAll(aws, region);
  if (!read.ok) return read;
  return known(
    read.value.map((one) => ({ name: one.LoadBalancerName ?? '', arn: one.LoadBalancerArn ?? '' })),
  );
}
