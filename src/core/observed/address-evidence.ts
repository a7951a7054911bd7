import { parseArn } from '../model/arn.ts';
import type { TargetGroup } from '../model/aws.ts';
import { isInRange } from '../model/cidr.ts';
import type { ClusterView } from '../model/cluster-view.ts';
import type { Observed } from './observed.ts';
import { valueOf } from '../model/problem.ts';
import type { Target } from '../model/target.ts';
import { isInstanceId } from '../model/target-key.ts';

/** What EC2 has for a target in its own VPC: in another one the address is something else's. */
export function holderOf(target: Target, group: TargetGroup, observed: Observed) {
  const reading = observed.addressEvidence[target.id];
  const evidence = reading && valueOf(reading);
  const elsewhere = evidence?.vpcId !== undefined && evidence.vpcId !== group.vpcId;
  return elsewhere ? { gone: true as const } : evidence;
}

/**
 * Why EC2's silence on a target proves nothing: its address lies outside the VPC that was read, or
 * in one of another account, of which these credentials see a part. Undefined: a target that EC2
 * does not have belongs to no cluster.
 */
export function blindSpot(
  target: Target,
  group: TargetGroup,
  observed: Observed,
): string | undefined {
  const evidence = observed.addressEvidence[target.id];
  if (!evidence) return 'its address was not looked up in EC2';
  if (!evidence.ok) return evidence.problem.message;
  const vpc = observed.vpcs?.[group.vpcId ?? ''];
  if (!vpc) return 'the address ranges of its VPC have not been read';
  if (!vpc.ok) return vpc.problem.message;
  if (!isInstanceId(target.id) && !vpc.value.ranges.some((range) => isInRange(target.id, range))) {
    return `its address lies outside ${vpc.value.id}`;
  }
  const account = parseArn(group.arn)?.account;
  return vpc.value.owner !== undefined && vpc.value.owner !== account
    ? `${vpc.value.id} belongs to account ${vpc.value.owner}, whose interfaces may not all be seen`
    : undefined;
}

/**
 * Whether a cluster is the one that EC2's tags name in a VPC: its controller has that cluster name,
 * and works in that VPC where it says in which. Where the controller is not known, it is not proven.
 */
export const isCalled = (
  cluster: ClusterView,
  name: string | undefined,
  vpcId: string | undefined,
): boolean =>
  name !== undefined &&
  cluster.controller.ok &&
  cluster.controller.value.deployments.some(
    (deployment) =>
      deployment.clusterName === name &&
      (deployment.vpcId === undefined || vpcId === undefined || deployment.vpcId === vpcId),
  );
