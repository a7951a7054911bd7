import type { Instance } from '@aws-sdk/client-ec2';
import type { TargetInterface } from '../core/model/aws.ts';
import { known, type Reading } from '../core/model/problem.ts';
import { canonicalId, isInstanceId } from '../core/model/target-key.ts';
import type { AwsClient } from './connect.ts';
import { findInstances } from './instances.ts';
import { findByAddress, type InterfaceFacts } from './network-interfaces.ts';
import { delegatedPrefix } from './prefixes.ts';
import { readSecurityGroups, readTaggedGroups } from './security-groups.ts';

type Bare = Omit<TargetInterface, 'groups' | 'hidden'> & { readonly groupIds: readonly string[] };

/**
 * The network interfaces behind targets, with their security groups: of an instance the primary one,
 * of an address the one that holds it, or the prefix that the address is in. VPCs may use the same
 * addresses: an interface in one of `vpcIds` goes before another. What EC2 does not show is left out.
 * Groups with one of the tags in `likely` are read at once: where no other is found, that saves a
 * round trip.
 */
export async function readTargetInterfaces(
  aws: AwsClient,
  region: string,
  ids: readonly string[],
  vpcIds: readonly string[],
  likely: readonly string[],
): Promise<Reading<readonly TargetInterface[]>> {
  const addresses = ids.filter((id) => !isInstanceId(id));
  const [instances, found, tagged] = await Promise.all([
    findInstances(aws, region, 'instance-id', ids.filter(isInstanceId)),
    findByAddress(aws, region, addresses, vpcIds),
    readTaggedGroups(aws, region, likely),
  ]);
  if (!instances.ok) return instances;
  if (!found.ok) return found;
  const left = addresses.filter((address) => !found.value.has(canonicalId(address)));
  const delegated = await byPrefix(aws, region, left);
  if (!delegated.ok) return delegated;
  const all: readonly Bare[] = [
    ...instances.value.flatMap(primaryOf),
    ...addresses.flatMap((target) => {
      const facts = found.value.get(canonicalId(target));
      return facts ? bareOf(target, facts) : [];
    }),
    ...delegated.value,
  ];
  if (!tagged.ok) return tagged;
  const groups = new Map(tagged.value.map((group) => [group.id, group]));
  const read = await readSecurityGroups(
    aws,
    region,
    all.flatMap(({ groupIds }) => groupIds).filter((id) => !groups.has(id)),
  );
  if (!read.ok) return read;
  for (const group of read.value) groups.set(group.id, group);
  return known(
    all.map(({ groupIds, ...one }) => {
      const hidden = groupIds.filter((id) => !groups.has(id));
      return {
        ...one,
        groups: groupIds.flatMap((id) => groups.get(id) ?? []),
        ...(hidden.length > 0 ? { hidden } : {}),
      };
    }),
  );
}

const bareOf = (target: string, { id, vpcId, alsoIn, groups }: InterfaceFacts): Bare => ({
  target,
  id,
  groupIds: groups,
  ...(vpcId ? { vpcId } : {}),
  ...(alsoIn ? { alsoIn } : {}),
});

/** The primary interface of an instance gets its traffic, and the controller's rules. */
function primaryOf(instance: Instance): readonly Bare[] {
  const primary = instance.NetworkInterfaces?.find((one) => one.Attachment?.DeviceIndex === 0);
  const id = primary?.NetworkInterfaceId;
  if (id === undefined) return [];
  const groupIds = (primary?.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
  const vpcId = instance.VpcId;
  return [{ target: instance.InstanceId ?? '', id, groupIds, ...(vpcId ? { vpcId } : {}) }];
}

/** Interfaces of instances that hold the prefix of an address: so is each IPv6 pod of EKS. */
async function byPrefix(
  aws: AwsClient,
  region: string,
  ids: readonly string[],
): Promise<Reading<readonly Bare[]>> {
  const wanted = ids.flatMap((id) => {
    const prefix = delegatedPrefix(id);
    if (!prefix) return [];
    return 'ipv4' in prefix
      ? [{ id, family: 'ipv4', prefix: prefix.ipv4 }]
      : [{ id, family: 'ipv6', prefix: prefix.ipv6 }];
  });
  const answers = await Promise.all(
    ['ipv4', 'ipv6'].map((family) =>
      findInstances(aws, region, `network-interface.${family}-prefixes.${family}-prefix`, [
        ...new Set(wanted.flatMap((one) => (one.family === family ? one.prefix : []))),
      ]),
    ),
  );
  const failed = answers.find((one) => !one.ok);
  if (failed) return failed;
  const interfaces = answers
    .flatMap((one) => (one.ok ? one.value : []))
    .flatMap(({ NetworkInterfaces = [], VpcId }) =>
      NetworkInterfaces.map((one) => ({ one, VpcId })),
    );
  return known(
    wanted.flatMap(({ id: target, prefix }): readonly Bare[] => {
      const holder = interfaces.find(({ one }) =>
        [
          ...(one.Ipv4Prefixes ?? []).map((entry) => entry.Ipv4Prefix),
          ...(one.Ipv6Prefixes ?? []).map((entry) => entry.Ipv6Prefix),
        ].includes(prefix),
      );
      const id = holder?.one.NetworkInterfaceId;
      if (!holder || id === undefined) return [];
      const groupIds = (holder.one.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
      return [{ target, id, groupIds, ...(holder.VpcId ? { vpcId: holder.VpcId } : {}) }];
    }),
  );
}
