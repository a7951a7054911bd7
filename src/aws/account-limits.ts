import type { Limit } from '@aws-sdk/client-elastic-load-balancing-v2';
import { known, type Reading } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { allPages, listIn } from './fields.ts';

/** The limits of Elastic Load Balancing in an account and region, by AWS's names. */
export async function readAccountLimits(
  aws: AwsClient,
  region: string,
): Promise<Reading<Readonly<Record<string, number>>>> {
  const about = { action: 'DescribeAccountLimits', region };
  const read = await allPages<Limit>(async (Marker) => {
    const answer = await aws.elbv2(about, (client, sdk, o) =>
      client.send(new sdk.DescribeAccountLimitsCommand({ ...(Marker && { Marker }) }), o),
    );
    const list = listIn(answer, (output) => output.Limits, about);
    if (!list.ok) return list;
    return known({ items: list.value, next: answer.ok ? answer.value.NextMarker : undefined });
  });
  if (!read.ok) return read;
  return known(
    Object.fromEntries(
      read.value.flatMap(({ Name, Max }) => {
        const max = Number(Max);
        return Name !== undefined && Number.isFinite(max) ? [[Name, max] as const] : [];
      }),
    ),
  );
}
