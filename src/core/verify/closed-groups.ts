import { clusterNames } from '../model/cluster-name.ts';
import { peerGroups } from '../model/backend-group.ts';
import { nameText } from '../model/kubernetes.ts';
import { type Problem, valueOf } from '../model/problem.ts';
import type { Target } from '../model/target.ts';
import { closedWays, mayBeCutOff, type MissingRule } from '../observed/closed-ways.ts';
import type { Member } from '../observed/member.ts';
import { closedGroups } from '../observed/missing-rule-text.ts';
import type { Part, PortCase } from '../observed/port-case.ts';
import { accepting } from '../model/nlbmc-hints.ts';
import { listed } from '../model/words.ts';
import type { LoadBalancer } from '../model/aws.ts';
import { aboutMember } from './binding-problems.ts';
import { joinAgain } from './member-hints.ts';

/** Groups that the rules of a binding let in, where the load balancer has none of them: those it had once. */
function formerGroups({ binding }: Member, { securityGroupIds }: LoadBalancer): readonly string[] {
  const named = peerGroups(binding);
  return named.some((id) => securityGroupIds.includes(id)) ? [] : named;
}

/** Why the rule is not there, and what keeps it away. */
function reason(
  { direction }: MissingRule,
  { binding, cluster }: Member,
  former: readonly string[],
): string {
  if (direction === 'egress') return 'No controller manages outbound rules.';
  if (former.length > 0) {
    return `The rules of ${nameText(binding)} name ${listed(former)}, which ${former.length === 1 ? 'is' : 'are'} not on the load balancer: a handover changed its security groups while ${cluster.context} was not listed, or somebody did.`;
  }
  return binding.networking === undefined
    ? `${nameText(binding)} has no spec.networking, so its controller opens no port.`
    : `The controller of ${cluster.context} made this rule for ${nameText(binding)}, and a person or the controller of another cluster with the same security group removed it. The controller does not notice this for hours.`;
}

/**
 * Which rules of security groups are missing between the load balancer and targets whose health checks
 * fail, or prove nothing about their traffic (hazards H12 and H13). Nothing where what was read does
 * not show one.
 */
export function closedGroupProblems(
  { member, eligible }: Part,
  context: PortCase,
): readonly Problem[] {
  const { observed, arn, registered } = context;
  const { path } = observed;
  const group = observed.targetGroups[arn];
  const balancer = valueOf(observed.loadBalancer);
  if (!path || !group?.ok || !balancer) return [];
  const targets: Target[] = [];
  eligible.forEach(({ target }, key) => {
    const found = registered.get(key);
    if (found && mayBeCutOff(found, group.value, balancer)) targets.push(target);
  });
  const missing = closedWays({
    group: group.value,
    balancer,
    path,
    targets,
    peerGroups: observed.clusters.flatMap(({ bindings }) =>
      (valueOf(bindings) ?? [])
        .filter((binding) => binding.targetGroupArn === arn)
        .flatMap(peerGroups),
    ),
    clusterNames: clusterNames(member.cluster),
  });
  const former = formerGroups(member, balancer);
  const isOwn = member.binding.stack === undefined && former.length > 0;
  const found = closedGroups(missing, {
    cluster: member.cluster.context,
    arn,
    about: aboutMember(member),
    why: (rule) => reason(rule, member, former),
    will: false,
  });
  if (!isOwn) return found;
  const rewrite = accepting(
    joinAgain(member, context, { adopt: true }),
    'nlbmc writes the rules of this binding',
  );
  return found.map((one) => ({ ...one, hints: [rewrite, ...(one.hints ?? [])] }));
}
