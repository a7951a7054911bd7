import type { TargetInterface } from '../core/model/aws.ts';
import { known, type Reading } from '../core/model/problem.ts';
import { canonicalId, isInstanceId } from '../core/model/target-key.ts';
import type { AwsClient } from './connect.ts';
import { findInstances } from './instances.ts';
import { findByAddress } from './network-interfaces.ts';
import { readSecurityGroups } from './security-groups.ts';

/**
 * The network interfaces behind targets, with their security groups: of an instance the primary one,
 * of an address the one that holds it. An address in a prefix that is delegated to an interface, and
 * what EC2 does not show, are left out.
 */
export async function readTargetInterfaces(
  aws: AwsClient,
  region: string,
  ids: readonly string[],
  vpcIds: readonly string[],
): Promise<Reading<readonly TargetInterface[]>> {
  const instances = await findInstances(aws, region, 'instance-id', ids.filter(isInstanceId));
  if (!instances.ok) return instances;
  const addresses = ids.filter((id) => !isInstanceId(id));
  const found = await findByAddress(aws, region, addresses, vpcIds);
  if (!found.ok) return found;
  const all = [
    ...instances.value.flatMap((instance) => {
      const primary = instance.NetworkInterfaces?.find((one) => one.Attachment?.DeviceIndex === 0);
      const groups = (primary?.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
      const id = primary?.NetworkInterfaceId;
      return id === undefined ? [] : [{ target: instance.InstanceId ?? '', id, groups }];
    }),
    ...addresses.flatMap((target) => {
      const facts = found.value.get(canonicalId(target));
      return facts ? [{ target, id: facts.id, groups: facts.groups }] : [];
    }),
  ];
  // Of an interface with one group that one is taken, whatever its tags.
  const several = [...new Set(all.flatMap(({ groups }) => (groups.length > 1 ? groups : [])))];
  const read = await readSecurityGroups(aws, region, several);
  if (!read.ok) return read;
  const tags = new Map(read.value.map((group) => [group.id, group.tags]));
  return known(
    all.map(({ groups, ...one }) => ({
      ...one,
      groups: groups.map((id) => ({ id, tags: tags.get(id) ?? {} })),
    })),
  );
}
