import type { SecurityGroup } from '../core/model/aws.ts';
import type { Reading } from '../core/model/problem.ts';
import { known } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { listIn, mapOf } from './fields.ts';

/** Security groups by id, with their tags: which is the shared backend group is told by those. */
export async function readSecurityGroups(
  aws: AwsClient,
  region: string,
  ids: readonly string[],
): Promise<Reading<readonly SecurityGroup[]>> {
  // Without ids EC2 would describe every group of the account.
  if (ids.length === 0) return known([]);
  const about = { action: 'DescribeSecurityGroups', region, about: ids.join(', ') };
  const answer = await aws.ec2(about, (client, sdk, o) =>
    client.send(new sdk.DescribeSecurityGroupsCommand({ GroupIds: [...ids] }), o),
  );
  const groups = listIn(answer, (output) => output.SecurityGroups, about);
  if (!groups.ok) return groups;
  return known(
    groups.value.map((group) => ({
      id: group.GroupId ?? '',
      name: group.GroupName ?? '',
      description: group.Description ?? '',
      tags: mapOf(group.Tags ?? []),
      ...(group.VpcId && { vpcId: group.VpcId }),
    })),
  );
}
