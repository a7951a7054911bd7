import type { TargetInterface } from '../model/aws.ts';
import { clusterVpc } from '../model/cluster-name.ts';
import { valueOf } from '../model/problem.ts';
import type { Target } from '../model/target.ts';
import { canonicalId } from '../model/target-key.ts';
import type { JoinCase } from './join-port.ts';

/** The interface behind an endpoint, where EC2 shows one. */
const interfaceOf = ({ observed }: JoinCase, { id }: Target): TargetInterface | undefined =>
  (observed.path ? (valueOf(observed.path.interfaces) ?? []) : []).find(
    ({ target }) => canonicalId(target) === canonicalId(id),
  );

/** The VPC of the target groups; undefined: not known. */
export const groupVpc = ({ ports }: JoinCase): string | undefined =>
  ports.flatMap(({ group }) => (group.ok ? (group.value.vpcId ?? []) : []))[0];

/**
 * The VPC of an endpoint: that of its interface. Where interfaces of several VPCs have the address,
 * the one that the controller of the cluster names (`--aws-vpc-id`).
 */
export function vpcOf(subject: JoinCase, target: Target): string | undefined {
  const found = interfaceOf(subject, target);
  const own = clusterVpc(subject.joining);
  if (found?.alsoIn && own !== undefined && [found.vpcId, ...found.alsoIn].includes(own))
    return own;
  return found?.vpcId;
}

/** Whether an endpoint is known to be in another VPC than its target group: its zone is `all`. */
export function isElsewhere(subject: JoinCase, target: Target): boolean {
  const [here, there] = [groupVpc(subject), vpcOf(subject, target)];
  return here !== undefined && there !== undefined && here !== there;
}
