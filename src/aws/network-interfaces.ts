import type { NetworkInterface } from '@aws-sdk/client-ec2';
import { canonicalId } from '../core/model/target-key.ts';
import type { Reading } from '../core/model/problem.ts';
import { known } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { allPages, groupsOf, listIn, mapOf } from './fields.ts';
import { valuesPerFilter } from './instances.ts';

/** What of a network interface is evidence for who has an address. */
export interface InterfaceFacts {
  readonly id: string;
  readonly instance?: string;
  readonly cluster?: string;
  readonly vpcId?: string;
  /** Ids of its security groups. */
  readonly groups: readonly string[];
  /** Other VPCs in which an interface has the same address. */
  readonly alsoIn?: readonly string[];
}

const isV6 = (address: string): boolean => address.includes(':');

/**
 * Network interfaces by the (canonical) address that they hold. VPCs may use the same addresses:
 * an interface in one of `vpcIds` goes before another.
 */
export async function findByAddress(
  aws: AwsClient,
  region: string,
  addresses: readonly string[],
  vpcIds: readonly string[],
): Promise<Reading<ReadonlyMap<string, InterfaceFacts>>> {
  const questions = [
    ...groupsOf(
      addresses.filter((address) => !isV6(address)),
      valuesPerFilter,
    ).map((values) => ['addresses.private-ip-address', values] as const),
    ...groupsOf(addresses.filter(isV6).map(canonicalId), valuesPerFilter).map(
      (values) => ['ipv6-addresses.ipv6-address', values] as const,
    ),
  ];
  const found = new Map<string, InterfaceFacts>();
  const answers = await Promise.all(
    questions.map(([filter, values]) => describe(aws, region, filter, values)),
  );
  for (const read of answers) {
    if (!read.ok) return read;
    for (const one of read.value) {
      for (const address of addressesOf(one)) {
        const is = found.get(address);
        const here = factsOf(one);
        found.set(address, is ? preferred(is, here, vpcIds) : here);
      }
    }
  }
  return known(found);
}

/** Of two interfaces with one address the one in these VPCs; it knows of the other's VPC. */
function preferred(
  is: InterfaceFacts,
  other: InterfaceFacts,
  vpcIds: readonly string[],
): InterfaceFacts {
  const [first, second] = vpcIds.includes(is.vpcId ?? '') ? [is, other] : [other, is];
  const alsoIn = [...new Set([...(first.alsoIn ?? []), ...(second.alsoIn ?? []), second.vpcId])]
    .filter((id) => id !== undefined)
    .filter((id) => id !== first.vpcId);
  return { ...first, ...(alsoIn.length > 0 ? { alsoIn } : {}) };
}

function describe(
  aws: AwsClient,
  region: string,
  Name: string,
  Values: readonly string[],
): Promise<Reading<readonly NetworkInterface[]>> {
  const about = { action: 'DescribeNetworkInterfaces', region };
  const Filters = [{ Name, Values: [...Values] }];
  return allPages<NetworkInterface>(async (NextToken) => {
    const answer = await aws.ec2(about, (client, sdk, o) =>
      client.send(
        new sdk.DescribeNetworkInterfacesCommand({ Filters, ...(NextToken && { NextToken }) }),
        o,
      ),
    );
    const list = listIn(answer, (output) => output.NetworkInterfaces, about);
    if (!list.ok) return list;
    return known({ items: list.value, next: answer.ok ? answer.value.NextToken : undefined });
  });
}

function addressesOf(one: NetworkInterface): readonly string[] {
  return [
    one.PrivateIpAddress,
    ...(one.PrivateIpAddresses ?? []).map((address) => address.PrivateIpAddress),
    ...(one.Ipv6Addresses ?? []).map((address) => address.Ipv6Address),
  ]
    .filter((address) => address !== undefined)
    .map(canonicalId);
}

function factsOf(one: NetworkInterface): InterfaceFacts {
  // Written by the VPC CNI on the interfaces that it makes (`pkg/awsutils/awsutils.go`).
  const cluster = mapOf(one.TagSet ?? [])['cluster.k8s.amazonaws.com/name'];
  return {
    id: one.NetworkInterfaceId ?? '',
    groups: (one.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    ...(one.Attachment?.InstanceId && { instance: one.Attachment.InstanceId }),
    ...(cluster && { cluster }),
    ...(one.VpcId && { vpcId: one.VpcId }),
  };
}
