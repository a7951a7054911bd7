import { known, type Reading } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { listIn, mapOf } from './fields.ts';
import { regionOf } from './target-health.ts';

/** The tags of a load balancer or target group. */
export async function readTags(
  aws: AwsClient,
  arn: string,
): Promise<Reading<Readonly<Record<string, string>>>> {
  const about = { action: 'DescribeTags', region: regionOf(arn), about: arn };
  const answer = await aws.elbv2(about, (client, sdk, o) =>
    client.send(new sdk.DescribeTagsCommand({ ResourceArns: [arn] }), o),
  );
  const list = listIn(answer, (output) => output.TagDescriptions, about);
  return list.ok ? known(mapOf(list.value.flatMap(({ Tags }) => Tags ?? []))) : list;
}
