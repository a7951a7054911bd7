import { known, type Reading } from '../core/model/problem.ts';
import type { AwsStep } from '../core/plan/plan.ts';
import type { AwsClient } from './connect.ts';
import { groupsOf } from './fields.ts';

type WriteTags = Extract<AwsStep, { kind: 'write-tags' }>;

/** ARNs in one call, as of DescribeTags. */
const arnsPerCall = 20;

/**
 * Sets and removes tags, of the resources in their order. Sent again it changes nothing: a tag that is
 * there is set to its value, and one that is not there is removed without an error.
 */
export async function writeTags(aws: AwsClient, step: WriteTags): Promise<Reading<undefined>> {
  for (const batch of groupsOf(step.resources, arnsPerCall)) {
    const { length } = Object.keys(step.set);
    const set = length === 0 ? known(undefined) : await setTags(aws, step, batch);
    if (!set.ok) return set;
    const removed =
      step.remove.length === 0 ? known(undefined) : await removeTags(aws, step, batch);
    if (!removed.ok) return removed;
  }
  return known(undefined);
}

function setTags(
  aws: AwsClient,
  { of, region, set }: WriteTags,
  batch: readonly string[],
): Promise<Reading<unknown>> {
  const about = batch.join(', ');
  const Tags = Object.entries(set).map(([Key, Value]) => ({ Key, Value }));
  return of === 'load-balancing'
    ? aws.elbv2({ action: 'AddTags', region, about }, (client, sdk, o) =>
        client.send(new sdk.AddTagsCommand({ ResourceArns: [...batch], Tags }), o),
      )
    : aws.ec2({ action: 'CreateTags', region, about }, (client, sdk, o) =>
        client.send(new sdk.CreateTagsCommand({ Resources: [...batch], Tags }), o),
      );
}

function removeTags(
  aws: AwsClient,
  { of, region, remove }: WriteTags,
  batch: readonly string[],
): Promise<Reading<unknown>> {
  const about = batch.join(', ');
  // Without a value EC2 deletes a tag whatever its value is (EC2 API, DeleteTags).
  const Tags = remove.map((Key) => ({ Key }));
  return of === 'load-balancing'
    ? aws.elbv2({ action: 'RemoveTags', region, about }, (client, sdk, o) =>
        client.send(
          new sdk.RemoveTagsCommand({ ResourceArns: [...batch], TagKeys: [...remove] }),
          o,
        ),
      )
    : aws.ec2({ action: 'DeleteTags', region, about }, (client, sdk, o) =>
        client.send(new sdk.DeleteTagsCommand({ Resources: [...batch], Tags }), o),
      );
}
