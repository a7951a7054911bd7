import type { Tags } from '../core/model/aws.ts';
import { known, type Reading, unknown } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { listIn, mapOf } from './fields.ts';
import { malformed } from './problem.ts';
import { regionalBatches, regionOf } from './target-health.ts';

/** ARNs in one call (API reference of DescribeTags). */
const arnsPerCall = 20;

/** The tags of a load balancer or target group. */
export async function readTags(aws: AwsClient, arn: string): Promise<Reading<Tags>> {
  const tags = await readTagsOf(aws, [arn]);
  return tags.get(arn)!;
}

/**
 * Tags by ARN, 20 ARNs in a request, which is AWS's limit. An ARN that cannot be read has a Problem of
 * its own and spoils no other. Without any tag the answer is an empty record.
 */
export async function readTagsOf(
  aws: AwsClient,
  arns: readonly string[],
): Promise<ReadonlyMap<string, Reading<Tags>>> {
  const batches = regionalBatches(arns, arnsPerCall);
  const read = await Promise.all(batches.map((batch) => readBatch(aws, batch)));
  return new Map(read.flat());
}

/** AWS refuses a whole batch for one unknown ARN: then each is asked about by itself. */
async function readBatch(
  aws: AwsClient,
  arns: readonly string[],
): Promise<readonly (readonly [string, Reading<Tags>])[]> {
  const [first = ''] = arns;
  const about = {
    action: 'DescribeTags',
    region: regionOf(first),
    about: arns.length === 1 ? first : `${arns.length} target groups`,
  };
  const answer = await aws.elbv2(about, (client, sdk, o) =>
    client.send(new sdk.DescribeTagsCommand({ ResourceArns: [...arns] }), o),
  );
  const list = listIn(answer, (output) => output.TagDescriptions, about);
  const oneIsBad =
    !list.ok && ['aws-not-found', 'aws-denied', 'aws-error'].includes(list.problem.code);
  if (oneIsBad && arns.length > 1)
    return (await Promise.all(arns.map((arn) => readBatch(aws, [arn])))).flat();
  return arns.map((arn) => {
    if (!list.ok) return [arn, list] as const;
    // AWS describes each ARN of the request, also one without a tag.
    const one = list.value.find(({ ResourceArn }) => ResourceArn === arn);
    return [arn, one ? known(mapOf(one.Tags ?? [])) : unknown(malformed(about))] as const;
  });
}
