import type { SecurityGroup } from '../model/aws.ts';
import { valueOf } from '../model/problem.ts';
import { clusterTag, resourceTag, stackTag } from '../observed/owner-tags.ts';
import type { HandoverCase, Side } from './handover-case.ts';

/** On the shared backend group of a cluster (`pkg/networking/backend_sg_provider.go`). */
export const backendTag = { key: 'elbv2.k8s.aws/resource', value: 'backend-sg' } as const;
/** On the group for clients that LBC makes for a load balancer (`pkg/service/model_build_managed_sg.go`). */
const FRONTEND = 'ManagedLBSecurityGroup';

/** Security groups of the load balancer, in its order. */
export const balancerGroups = ({ loadBalancer }: HandoverCase): readonly SecurityGroup[] => {
  const read = loadBalancer.securityGroups ? (valueOf(loadBalancer.securityGroups) ?? []) : [];
  return loadBalancer.securityGroupIds.flatMap((id) => read.find((one) => one.id === id) ?? []);
};

const isBackend = ({ tags }: SecurityGroup): boolean => tags[backendTag.key] === backendTag.value;

/** The group for clients that a controller made for this load balancer; undefined: it is a person's, or there is none. */
export const frontendGroup = (subject: HandoverCase): SecurityGroup | undefined =>
  balancerGroups(subject).find(
    ({ tags }) => tags[resourceTag] === FRONTEND && tags[stackTag] !== undefined,
  );

/** Groups from which the load balancer reaches targets, that controllers of other clusters than the taker's made. */
export const backendsOfOthers = (subject: HandoverCase): readonly SecurityGroup[] =>
  balancerGroups(subject).filter(
    (one) => isBackend(one) && one.tags[clusterTag] !== subject.to?.clusterName,
  );

/** The group from which the load balancer reaches targets once this cluster owns it; undefined: it is not made yet. */
export function backendOf(
  { facts, loadBalancer }: HandoverCase,
  side: Side,
): SecurityGroup | undefined {
  const groups = valueOf(facts.groups) ?? [];
  return groups.find(
    (one) =>
      isBackend(one) &&
      one.tags[clusterTag] === side.clusterName &&
      one.vpcId === loadBalancer.vpcId,
  );
}

/** Shared groups of clusters that are not on the load balancer, by id. */
export function goneBackends({ facts, loadBalancer }: HandoverCase): readonly string[] {
  const groups = valueOf(facts.groups) ?? [];
  return groups
    .filter((one) => isBackend(one) && !loadBalancer.securityGroupIds.includes(one.id))
    .map(({ id }) => id);
}
