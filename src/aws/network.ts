import type { Instance } from '@aws-sdk/client-ec2';
import type { AddressEvidence } from '../core/model/aws.ts';
import { canonicalId, isInstanceId } from '../core/model/target-key.ts';
import type { Reading } from '../core/model/problem.ts';
import { known } from '../core/model/problem.ts';
import type { AwsClient } from './connect.ts';
import { clusterOfInstance, findInstances } from './instances.ts';
import { findByAddress, type InterfaceFacts } from './network-interfaces.ts';
import { delegatedPrefix } from './prefixes.ts';

type Unread = Extract<Reading<AddressEvidence>, { ok: false }>;
type Owners = Readonly<Record<string, Reading<AddressEvidence>>>;

/**
 * Whose targets these are in EC2, by target id: an address leads to its network interface, that to
 * its instance, and tags of either to a cluster. `gone` is said only when everything that could
 * have held the address was read: an interface, or a prefix delegated to one. VPCs may use the same
 * addresses: an interface in one of `vpcIds` goes before another.
 */
export async function readOwners(
  aws: AwsClient,
  region: string,
  ids: readonly string[],
  vpcIds: readonly string[] = [],
): Promise<Owners> {
  const wanted = [...new Set(ids)];
  const [instances, addresses] = await Promise.all([
    evidenceOfInstances(aws, region, wanted.filter(isInstanceId)),
    evidenceOfAddresses(
      aws,
      region,
      wanted.filter((id) => !isInstanceId(id)),
      vpcIds,
    ),
  ]);
  return { ...instances, ...addresses };
}

async function evidenceOfInstances(
  aws: AwsClient,
  region: string,
  ids: readonly string[],
): Promise<Owners> {
  const found = await findInstances(aws, region, 'instance-id', ids);
  if (!found.ok) return all(ids, found);
  const byId = new Map(found.value.map((instance) => [instance.InstanceId ?? '', instance]));
  return Object.fromEntries(ids.map((id) => [id, known(evidenceOf(id, byId.get(id)))]));
}

function evidenceOf(id: string, instance: Instance | undefined): AddressEvidence {
  const cluster = instance && clusterOfInstance(instance);
  const zone = instance?.Placement?.AvailabilityZone;
  // EC2 shows a terminated instance for about an hour.
  const gone = !instance || instance.State?.Name === 'terminated';
  return { instance: id, gone, ...(cluster && { cluster }), ...(zone && { zone }) };
}

async function evidenceOfAddresses(
  aws: AwsClient,
  region: string,
  ids: readonly string[],
  vpcIds: readonly string[],
): Promise<Owners> {
  const direct = await findByAddress(aws, region, ids, vpcIds);
  if (!direct.ok) return all(ids, direct);
  // In another VPC it may be the address of something else: here a prefix may still hold it.
  const isHere = (facts: InterfaceFacts | undefined): boolean =>
    facts !== undefined && (vpcIds.length === 0 || vpcIds.includes(facts.vpcId ?? ''));
  const left = ids.filter((id) => !isHere(direct.value.get(canonicalId(id))));
  const [delegated, instances] = await Promise.all([
    findByPrefix(aws, region, left, vpcIds),
    clustersOf(aws, region, [...direct.value.values()]),
  ]);
  const entries = ids.map((id): readonly [string, Reading<AddressEvidence>] => {
    const facts = direct.value.get(canonicalId(id));
    const inPrefix = delegated.ok ? delegated.value.get(id) : undefined;
    if (facts && (isHere(facts) || (delegated.ok && !inPrefix))) {
      // Without its instance's tags, there is no proof that no cluster has it.
      if (!instances.ok && facts.cluster === undefined && facts.instance !== undefined)
        return [id, instances];
      const tagged = instances.ok ? instances.value.get(facts.instance ?? '') : undefined;
      const cluster = facts.cluster ?? tagged;
      return [
        id,
        known({
          networkInterface: facts.id,
          gone: false,
          ...(facts.instance && { instance: facts.instance }),
          ...(cluster && { cluster }),
          ...(facts.vpcId && { vpcId: facts.vpcId }),
        }),
      ];
    }
    if (!delegated.ok) return [id, delegated];
    return [id, known(inPrefix ?? { gone: true })];
  });
  return Object.fromEntries(entries);
}

/** Clusters by instance, for interfaces that do not name one. */
async function clustersOf(
  aws: AwsClient,
  region: string,
  facts: readonly InterfaceFacts[],
): Promise<Reading<ReadonlyMap<string, string | undefined>>> {
  const asked = facts.flatMap((one) => (one.cluster || !one.instance ? [] : [one.instance]));
  const found = await findInstances(aws, region, 'instance-id', [...new Set(asked)]);
  if (!found.ok) return found;
  return known(new Map(found.value.map((one) => [one.InstanceId ?? '', clusterOfInstance(one)])));
}

/** Evidence for addresses that lie in a prefix delegated to an interface of an instance. */
async function findByPrefix(
  aws: AwsClient,
  region: string,
  ids: readonly string[],
  vpcIds: readonly string[],
): Promise<Reading<ReadonlyMap<string, AddressEvidence>>> {
  const evidence = new Map<string, AddressEvidence>();
  for (const family of ['ipv4', 'ipv6'] as const) {
    const prefixes = new Map<string, string>();
    for (const id of ids) {
      const prefix = delegatedPrefix(id) as Partial<Record<typeof family, string>> | undefined;
      if (prefix?.[family] !== undefined) prefixes.set(id, prefix[family]);
    }
    const filter = `network-interface.${family}-prefixes.${family}-prefix`;
    const found = await findInstances(aws, region, filter, [...new Set(prefixes.values())]);
    if (!found.ok) return found;
    for (const [id, prefix] of prefixes) {
      const holder = holderOf(prefix, found.value, vpcIds);
      if (holder) evidence.set(id, holder);
    }
  }
  return known(evidence);
}

function holderOf(
  prefix: string,
  instances: readonly Instance[],
  vpcIds: readonly string[],
): AddressEvidence | undefined {
  const isHere = ({ VpcId }: Instance): boolean => vpcIds.includes(VpcId ?? '');
  for (const instance of instances.toSorted((a, b) => Number(isHere(b)) - Number(isHere(a)))) {
    const holds = (instance.NetworkInterfaces ?? []).find((one) =>
      [
        ...(one.Ipv4Prefixes ?? []).map((entry) => entry.Ipv4Prefix),
        ...(one.Ipv6Prefixes ?? []).map((entry) => entry.Ipv6Prefix),
      ].includes(prefix),
    );
    if (!holds) continue;
    const cluster = clusterOfInstance(instance);
    return {
      gone: false,
      ...(holds.NetworkInterfaceId && { networkInterface: holds.NetworkInterfaceId }),
      ...(instance.InstanceId && { instance: instance.InstanceId }),
      ...(cluster && { cluster }),
      ...(instance.VpcId && { vpcId: instance.VpcId }),
    };
  }
  return undefined;
}

const all = (ids: readonly string[], reading: Unread): Owners =>
  Object.fromEntries(ids.map((id) => [id, reading]));
