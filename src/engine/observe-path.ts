import type { AwsClient } from '../aws/connect.ts';
import { readSecurityGroups } from '../aws/security-groups.ts';
import { readSubnetRanges } from '../aws/subnets.ts';
import { readPeerings } from '../aws/peerings.ts';
import { readTargetInterfaces } from '../aws/target-interfaces.ts';
import { readVpcs } from '../aws/vpcs.ts';
import type { NetworkPath, TargetInterface } from '../core/model/aws.ts';
import { clusterNames } from '../core/model/cluster-name.ts';
import { valueOf } from '../core/model/problem.ts';
import { cutOffIds } from '../core/observed/closed-ways.ts';
import type { Observed } from '../core/observed/observed.ts';
import { localIds } from '../core/observed/part-of.ts';
import type { Wants } from './wants.ts';

/**
 * The interfaces and security groups between the load balancer and the targets that need a look:
 * in verify those that may be cut off, in join the endpoints, once in a run. Rules change while a run
 * waits, so what is cut off is read again for a verdict. Undefined: none.
 */
export async function observePath(
  aws: AwsClient,
  region: string,
  observed: Observed,
  wants: Wants,
  before: NetworkPath | undefined,
): Promise<NetworkPath | undefined> {
  const cutOff = wants.bound === true ? cutOffIds(observed) : [];
  if (wants.joining !== undefined && before && cutOff.length === 0) return before;
  const ids = [...new Set([...idsOfEndpoints(observed, wants.joining ?? []), ...cutOff])];
  if (ids.length === 0) return undefined;
  const balancer = valueOf(observed.loadBalancer);
  const vpcIds = Object.values(observed.targetGroups).flatMap((group) =>
    group.ok ? (group.value.vpcId ?? []) : [],
  );
  const [interfaces, balancerGroups, balancerRanges] = await Promise.all([
    readTargetInterfaces(aws, region, ids, [...new Set(vpcIds)], likelyTags(observed)),
    readSecurityGroups(aws, region, balancer?.securityGroupIds ?? []),
    balancer?.subnetRanges ?? readSubnetRanges(aws, region, balancer?.subnetIds ?? []),
  ]);
  const there = interfaces.ok ? interfaces.value.flatMap(allVpcs) : [];
  const away = [...new Set(there)].filter((id) => !vpcIds.includes(id));
  const between =
    away.length > 0 && vpcIds.length > 0
      ? await readBetween(aws, region, [...new Set([...vpcIds, ...away])])
      : undefined;
  return { interfaces, balancerGroups, balancerRanges, ...(between ? { between } : {}) };
}

/** Every VPC that an endpoint may be in. */
const allVpcs = ({ vpcId, alsoIn = [] }: TargetInterface): readonly string[] => [
  ...(vpcId === undefined ? [] : [vpcId]),
  ...alsoIn,
];

async function readBetween(
  aws: AwsClient,
  region: string,
  ids: readonly string[],
): Promise<NetworkPath['between']> {
  const [vpcs, peerings] = await Promise.all([
    readVpcs(aws, region, ids),
    readPeerings(aws, region, ids),
  ]);
  return { vpcs, peerings };
}

/** EKS tags the security group that it makes for a cluster, and so the controller's one is told among several. */
const likelyTags = ({ clusters }: Observed): readonly string[] => [
  ...new Set(clusters.flatMap(clusterNames).map((name) => `kubernetes.io/cluster/${name}`)),
];

/** What the controllers of the clusters that join would register: instances, or addresses. */
function idsOfEndpoints(
  { clusters, targetGroups }: Observed,
  joining: readonly string[],
): readonly string[] {
  const types = new Set(
    Object.values(targetGroups).flatMap((group) => (group.ok ? group.value.targetType : [])),
  );
  const ids = clusters
    .filter(({ context }) => joining.includes(context))
    .flatMap((cluster) => [
      ...(types.has('instance') ? localIds(cluster, true) : []),
      ...(types.has('ip') ? localIds(cluster, false) : []),
    ]);
  return [...new Set(ids)];
}
